import { setTimeout as delay } from 'node:timers/promises';
import { titleOf } from '../../checks/chats.js';
import { printable } from '../../checks/printable.js';
import { ChatlakeError } from '../../errors.js';
import type { BotApi } from '../../sources/telegram/client.js';
import { ALL_KINDS } from '../../sources/telegram/kinds.js';
import type { Prompt } from './prompt.js';

export interface WaitingChat {
  readonly id: number;
  readonly type: string;
  readonly title: string;
}

const PAUSE_MS = 1_000;
const RETRY_MS = 5_000;

/**
 * Waits until an update of a group or channel is pending, and lists all that are. Confirms nothing: it never sends an
 * offset, so whatever receives later gets these updates too. Empty when the person pressed Enter instead.
 */
export async function waitForGroup(api: BotApi, prompt: Prompt, stop: AbortSignal, waitSeconds = 25): Promise<WaitingChat[]> {
  const over = new AbortController();
  const signal = AbortSignal.any([stop, over.signal]);
  let skipped = false;
  const entered = prompt.enter(over.signal).then(() => {
    skipped = true;
    over.abort();
  });
  const watch = async (): Promise<WaitingChat[]> => {
    while (!signal.aborted) {
      const groups = await look(api, signal, waitSeconds, prompt);
      if (groups.length > 0) return groups;
      // What is pending without a group in it is answered at once, again and again.
      await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
    return [];
  };
  try {
    const found = watch();
    await Promise.race([entered, found]);
    return skipped ? [] : await found;
  } finally {
    over.abort();
  }
}

async function look(api: BotApi, signal: AbortSignal, timeout: number, prompt: Prompt): Promise<WaitingChat[]> {
  try {
    const updates = await api.getUpdates({ limit: 100, timeout, allowed_updates: ALL_KINDS }, { signal });
    const chats = new Map<number, WaitingChat>();
    for (const { value } of updates) {
      const chat = chatOf(value);
      if (chat && chat.type !== 'private') chats.set(chat.id, chat);
    }
    return [...chats.values()];
  } catch (error) {
    if (!(error instanceof ChatlakeError)) throw error;
    if (!signal.aborted) {
      prompt.say(`${error.message} Trying again.`);
      await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
    return [];
  }
}

function chatOf(update: unknown): WaitingChat | undefined {
  if (typeof update !== 'object' || update === null) return undefined;
  for (const value of Object.values(update)) {
    const chat = (value as { chat?: unknown } | null)?.chat as Readonly<Record<string, unknown>> | undefined | null;
    if (typeof chat === 'object' && chat !== null && typeof chat['id'] === 'number') {
      return { id: chat['id'], type: String(chat['type']), title: printable(titleOf(chat)) };
    }
  }
  return undefined;
}
