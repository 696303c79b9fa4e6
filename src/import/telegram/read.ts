import { isUtf8 } from 'node:buffer';
import { messageOf } from '../../errors.js';
import type { Zone } from '../../zone.js';
import { JsonReader, parsed, Truncated } from '../json.js';
import { epochOfLocal, wallClockOf } from '../local-time.js';
import { faulty, type Note } from '../notes.js';
import type { Batch, ExportFile, Found, ImportChoices, Reading } from '../types.js';
import { isObject, type Loose, ordinals } from '../values.js';
import { type Chat, chatOf, type Context, messageFound } from './message.js';

/** Bytes of a message that is read; the platform sends at most 4 MB. */
const LONGEST = 4 * 1024 * 1024;
/** Bytes kept of one that is longer. */
const KEPT = 64 * 1024;

/** Keys that hold lists of chats in the export of a whole account. */
const LISTS = new Set(['chats', 'left_chats']);
const OF_A_CHAT = new Set(['name', 'type', 'id']);

interface Part {
  readonly header: Loose;
  /** Place of the chat in the file, from 0. */
  readonly index: number;
  readonly elements: readonly (Buffer | undefined)[];
  readonly read: number;
}

/**
 * The messages of every chat in a `result.json` of Telegram Desktop, of one chat or of a whole account. Nothing else of an account's
 * export is looked at: contacts, sessions and the like are passed over. Throws IMPORT when the file is no such export.
 */
export function readTelegram(file: ExportFile, zone: Zone, choices: ImportChoices): Reading {
  const notes: Note[] = [];
  return { source: 'telegram', notes, batches: batches(file, zone, choices, notes) };
}

async function* batches(file: ExportFile, zone: Zone, choices: ImportChoices, notes: Note[]): AsyncGenerator<Batch> {
  const context: Context = {
    bots: new Set(choices.bots),
    epochOf: (local) => {
      const wall = wallClockOf(local);
      return wall === undefined ? undefined : epochOfLocal(zone, wall);
    },
    ordinal: ordinals(),
    authors: new Map(),
  };
  const reader = new JsonReader(await file.open(), LONGEST);
  let chat: Chat | undefined;
  let index = -1;
  let read = 0;
  try {
    for await (const part of parts(reader, async () => headersOf(file))) {
      if (part.index !== index) {
        index = part.index;
        chat = chatOf(part.header);
        if (!chat.shared && notes.length === 0) notes.push({ what: 'own-ids', chat: chat.name });
      }
      read = part.read;
      const of = chat as Chat;
      yield { found: part.elements.flatMap((bytes) => foundIn(bytes, of, context)), read };
    }
    if (index < 0) throw faulty('no-messages', `${file.name} holds no "messages": it is no export of Telegram Desktop in JSON`);
  } catch (error) {
    if (!(error instanceof Truncated)) throw error;
    // What came before the cut is whole.
    if (reader.cut.length > 0)
      yield { found: [{ body: reader.cut.subarray(0, KEPT), reason: 'import: the file ends inside this message' }], read };
    throw faulty('cut-off', `${file.name} is cut off (${messageOf(error)}): what comes before is taken; export it again for the rest`);
  } finally {
    await reader.close();
  }
}

function foundIn(bytes: Buffer | undefined, chat: Chat, context: Context): Found[] {
  if (bytes === undefined) return [{ body: Buffer.alloc(0), reason: `import: a message of more than ${LONGEST} bytes` }];
  const { value, fault } = { value: undefined, fault: undefined, ...(withoutRepetition(bytes) ?? parsed(bytes)) };
  if (fault !== undefined) return [{ body: Buffer.from(bytes), reason: `import: ${fault}` }];
  if (!isObject(value)) return [{ body: Buffer.from(bytes), reason: 'import: not a message' }];
  return messageFound(value, chat, context);
}

const REPEATED = Buffer.from('"text_entities":');
const REACTIONS = Buffer.from('"reactions":');

/**
 * The value of a message without its end, where that only says again what `text` says: reading it takes as long as all the rest. Undefined
 * where that does not work out. Inside a text the key's quotes would be escaped.
 */
function withoutRepetition(bytes: Buffer): { readonly value: unknown } | undefined {
  const at = bytes.indexOf(REPEATED);
  if (at < 0 || bytes.indexOf(REACTIONS, at) >= 0) return undefined;
  let end = at - 1;
  while (end > 0 && (bytes[end] as number) <= 0x20) end -= 1;
  if (bytes[end] !== 0x2c || !isUtf8(bytes)) return undefined;
  try {
    return { value: JSON.parse(`${bytes.toString('utf8', 0, end)}}`) as unknown };
  } catch {
    return undefined;
  }
}

/** Every list of messages, with what the file says of its chat; `headers` is asked where it says that only afterwards. */
async function* parts(reader: JsonReader, headers: () => Promise<readonly Loose[]>): AsyncGenerator<Part> {
  let index = 0;
  let known: readonly Loose[] | undefined;

  async function* chat(header: Record<string, unknown>, key: string): AsyncGenerator<Part> {
    if (key !== 'messages' || (await reader.peek()) !== 0x5b) {
      const value = await reader.value();
      if (OF_A_CHAT.has(key) && value !== undefined) header[key] = valueOf(value);
      return;
    }
    await reader.take('[');
    const place = index++;
    if (header['id'] === undefined || header['type'] === undefined) known ??= await headers();
    const whole = known?.[place] ?? header;
    for await (const elements of reader.elements()) yield { header: whole, index: place, elements, read: reader.position };
  }

  async function* listed(): AsyncGenerator<Part> {
    for await (const key of keys(reader)) {
      if (key !== 'list' || (await reader.peek()) !== 0x5b) {
        await reader.value();
        continue;
      }
      for await (const _ of items(reader)) {
        if ((await reader.peek()) !== 0x7b) {
          await reader.value();
          continue;
        }
        const header: Record<string, unknown> = {};
        for await (const inner of keys(reader)) yield* chat(header, inner);
      }
    }
  }

  const root: Record<string, unknown> = {};
  for await (const key of keys(reader)) {
    if (LISTS.has(key) && (await reader.peek()) === 0x7b) yield* listed();
    else yield* chat(root, key);
  }
}

/** What the file says of each chat that has messages, wherever it says it. */
async function headersOf(file: ExportFile): Promise<Loose[]> {
  const reader = new JsonReader(await file.open(), LONGEST);
  const headers: Loose[] = [];
  try {
    // A header is filled as the file goes on: what is collected here is complete when the file ends.
    for await (const { header, index } of parts(reader, async () => [])) headers[index] = header;
  } catch (error) {
    if (!(error instanceof Truncated)) throw error;
  } finally {
    await reader.close();
  }
  return headers;
}

function valueOf(bytes: Buffer): unknown {
  const result = parsed(bytes);
  return 'value' in result ? result.value : undefined;
}

/** The keys of the object that comes next; the caller takes each value. */
async function* keys(reader: JsonReader): AsyncGenerator<string> {
  await reader.take('{');
  if ((await reader.peek()) === 0x7d) {
    await reader.take('}');
    return;
  }
  do {
    const bytes = await reader.value();
    await reader.take(':');
    const key = bytes && valueOf(bytes);
    yield typeof key === 'string' ? key : '';
  } while ((await reader.take(',}')) === ',');
}

/** A turn for each element of the array that comes next; the caller takes it. */
async function* items(reader: JsonReader): AsyncGenerator<void> {
  await reader.take('[');
  if ((await reader.peek()) === 0x5d) {
    await reader.take(']');
    return;
  }
  do yield;
  while ((await reader.take(',]')) === ',');
}
