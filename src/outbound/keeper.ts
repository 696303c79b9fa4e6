import { chatNames, sentLines as telegramLines } from '../sources/telegram/outbound.js';
import { messageFields, sentLines as whatsappLines } from '../sources/whatsapp/outbound.js';
import type { Clock, RawLog } from '../types.js';
import { jsonOf, type Params } from './params.js';

/** A call that its platform answered, as far as it was seen. */
export type Call = TelegramCall | WhatsappCall;

export interface TelegramCall {
  readonly source: 'telegram';
  readonly method: string;
  readonly botId: number | undefined;
  /** Undefined where the request was not seen whole. */
  readonly params: Params | undefined;
  /** The answer's body. */
  readonly answer: string;
}

export interface WhatsappCall {
  readonly source: 'whatsapp';
  readonly phoneNumberId: string;
  /** The Graph API takes parameters from the address as from the body. */
  readonly query: URLSearchParams;
  readonly type: string | undefined;
  readonly request: Buffer | undefined;
  readonly answer: string;
}

/** Why a message that was sent is not in the lake; also the `reason` label of the metric. */
export type Loss = 'too_large' | 'busy' | 'unreadable' | 'lake_unavailable';

/** What became of messages that were sent. */
export interface OutboundTally {
  /** Messages, edits and deletions made durable. */
  captured: number;
  /** Left out by a filter. */
  filtered: number;
  readonly lost: Map<Loss, number>;
}

export interface KeeperOptions {
  readonly rawLog: Pick<RawLog, 'append'>;
  readonly clock: Clock;
  readonly onKept?: (source: string) => void;
  readonly onFiltered?: (source: string) => void;
  readonly onLost: (source: string, reason: Loss) => void;
  /** Whether a line belongs in this lake; the same filter as that of what is received. Without it all do. */
  readonly wants?: (source: string, line: Readonly<Record<string, unknown>>) => boolean | Promise<boolean>;
}

/** Takes what bots sent into the raw lake. Nothing it does reaches the caller: what fails is counted and logged. */
export interface Keeper {
  keep(call: Call): void;
  lost(source: string, reason: Loss): void;
  /** Resolves when everything handed over is durable or counted as lost. */
  settled(): Promise<void>;
}

/** Milliseconds for which lines are gathered: nobody waits for them, and a sync for each would slow down the calls. */
const GATHERED = 20;

export function keeper(options: KeeperOptions): Keeper {
  const { rawLog, clock, wants } = options;
  const names = chatNames();
  let gathered: { readonly source: string; readonly line: string }[] = [];
  let underWay = 0;
  const waiting: (() => void)[] = [];

  function linesOf(call: Call): string[] | undefined {
    const at = Math.floor(clock.now() / 1000);
    if (call.source === 'telegram') {
      const { method, botId, params, answer } = call;
      return telegramLines({ method, botId, params, answer, at }, names);
    }
    const { phoneNumberId, query, type, request, answer } = call;
    return whatsappLines({ phoneNumberId, answer, at, request: request && jsonOf(messageFields(query), type, request) });
  }

  function keep(call: Call): void {
    let lines: string[] | undefined;
    try {
      lines = linesOf(call);
    } catch {
      // What a platform answers is not ours to trust: no call may bring the process down.
    }
    if (lines === undefined) return lost(call.source, 'unreadable');
    for (const line of lines) {
      if (!wants) append(call.source, line);
      else void filtered(wants, call.source, line);
    }
  }

  async function filtered(wanted: NonNullable<KeeperOptions['wants']>, source: string, line: string): Promise<void> {
    begin();
    try {
      if (await wanted(source, JSON.parse(line) as Record<string, unknown>)) append(source, line);
      else options.onFiltered?.(source);
    } catch {
      lost(source, 'lake_unavailable');
    }
    end();
  }

  function append(source: string, line: string): void {
    begin();
    if (gathered.push({ source, line }) === 1) setTimeout(write, GATHERED);
  }

  function write(): void {
    const lines = gathered;
    gathered = [];
    for (const { source, line } of lines) {
      rawLog.append(source, line, (error) => {
        if (error) lost(source, 'lake_unavailable');
        else options.onKept?.(source);
        end();
      });
    }
  }

  function begin(): void {
    underWay += 1;
  }

  function end(): void {
    underWay -= 1;
    if (underWay === 0) for (const tell of waiting.splice(0)) tell();
  }

  function lost(source: string, reason: Loss): void {
    try {
      options.onLost(source, reason);
    } catch {
      // Given by whoever embeds this, and called when no call waits any more: a fault of theirs would end the process.
    }
  }

  return {
    keep,
    lost,
    settled: () => (underWay === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
