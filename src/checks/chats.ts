import { dateOf } from '../lake/layout.js';
import { MESSAGE_KINDS } from '../sources/telegram/kinds.js';
import type { Store } from '../types.js';

/** A chat of which updates are in the raw lake. */
export interface SeenChat {
  readonly id: number;
  /** private, group, supergroup or channel. */
  readonly type: string;
  /** Newest title, or a person's name in a private chat. */
  readonly title: string;
  /** Lines that carry a message of it, among those read. */
  readonly messages: number;
  /** Its id since it became a supergroup. */
  readonly movedTo?: number;
}

export interface SeenChats {
  /** Most messages first. */
  readonly chats: readonly SeenChat[];
  /** False when the bound was reached before the oldest file. */
  readonly complete: boolean;
}

interface Tally {
  id: number;
  type: string;
  title: string;
  messages: number;
  movedTo?: number;
}

type Fields = Readonly<Record<string, unknown>>;

const SOURCE = 'telegram';
const BOUND = 64 * 1024 * 1024;

/** Lists the chats of Telegram's raw files, the newest files first, until `maxBytes` are read. Needs no ETL. */
export async function seenChats(raw: Store, maxBytes = BOUND): Promise<SeenChats> {
  const tallies = new Map<number, Tally>();
  let left = maxBytes;
  const folders = (await raw.children(`${SOURCE}/`)).filter((name) => dateOf(name) !== undefined);
  for (const folder of folders.toReversed()) {
    const files: { key: string; size: number }[] = [];
    for await (const object of raw.list(`${SOURCE}/${folder}`)) if (/\.(ndjson|json)$/.test(object.key)) files.push(object);
    for (const { key, size } of files.toReversed()) {
      if (size > left) return { chats: ordered(tallies), complete: false };
      left -= size;
      const lines = Buffer.from(await raw.read(key))
        .toString()
        .split('\n');
      for (const line of lines.toReversed()) count(line, tallies);
    }
  }
  return { chats: ordered(tallies), complete: true };
}

function count(line: string, tallies: Map<number, Tally>): void {
  const update = parsed(line);
  if (!update) return;
  for (const [key, value] of Object.entries(update)) {
    if (!isFields(value)) continue;
    const holder = isFields(value['chat']) || !isFields(value['message']) ? value : value['message'];
    const chat = holder['chat'];
    if (!isFields(chat) || typeof chat['id'] !== 'number') continue;
    const tally = tallies.get(chat['id']) ?? { id: chat['id'], type: textOf(chat['type']), title: titleOf(chat), messages: 0 };
    tallies.set(tally.id, tally);
    if ((MESSAGE_KINDS as readonly string[]).includes(key)) tally.messages += 1;
    if (typeof holder['migrate_to_chat_id'] === 'number') tally.movedTo = holder['migrate_to_chat_id'];
  }
}

/** Undefined for a line torn by a crash. */
function parsed(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What a person would call a chat. */
export function titleOf(chat: Fields): string {
  return textOf(chat['title']) || textOf(chat['first_name']) || textOf(chat['username']);
}

const ordered = (tallies: ReadonlyMap<number, Tally>) => [...tallies.values()].toSorted((a, b) => b.messages - a.messages || a.id - b.id);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
