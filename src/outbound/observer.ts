import { needsParams, yieldsMessages } from '../sources/telegram/outbound.js';
import { sendingNumber } from '../sources/whatsapp/outbound.js';
import type { Keeper } from './keeper.js';
import { paramsOf } from './params.js';

/**
 * What grammY takes as a transformer, whatever the version of its types: the answer is that of `prev`, of the type that the caller gives it.
 * Telegram's signal and payload pass through as they are.
 */
export type BotTransformer = (
  prev: (method: never, payload: never, signal?: never) => Promise<unknown>,
  method: string,
  payload: unknown,
  signal?: unknown,
) => Promise<never>;

export interface Observer {
  readonly transformer: BotTransformer;
  readonly fetch: (inner: typeof globalThis.fetch) => typeof globalThis.fetch;
  readonly settled: () => Promise<void>;
}

type Seen =
  | { readonly source: 'telegram'; readonly method: string; readonly botId: number | undefined }
  | { readonly source: 'whatsapp'; readonly phoneNumberId: string };

const TELEGRAM = /\/bot(\d+)(?::|%3[Aa])[^/]+\/(?:test\/)?([A-Za-z]+)$/;
const WHATSAPP = /\/v\d+\.\d+\/(\d+\/[a-z_]+)$/;

/** Ways to see a bot's own calls from inside the bot. What is seen is read after the caller has its answer. */
export function observer(keeper: Keeper): Observer {
  const reading = new Set<Promise<void>>();

  function later(read: () => Promise<void> | void): void {
    const done = new Promise<void>((resolve) => {
      setImmediate(resolve);
    })
      .then(read)
      // What cannot be read here must not reach the bot; the keeper has counted it.
      .catch(() => undefined)
      .finally(() => reading.delete(done));
    reading.add(done);
  }

  const transformer: BotTransformer = async (prev, method, payload, signal) => {
    const answer = await prev(method as never, payload as never, signal as never);
    if (yieldsMessages(method)) {
      const params = payload as Record<string, unknown>;
      later(() => keeper.keep({ source: 'telegram', method, botId: undefined, params, answer: JSON.stringify(answer) }));
    }
    return answer as never;
  };

  const wrap =
    (inner: typeof globalThis.fetch): typeof globalThis.fetch =>
    async (input, init) => {
      const request = input instanceof Request ? input : undefined;
      const address = new URL(input instanceof Request ? input.url : input, 'http://localhost');
      const seen = seenAt(address, init?.method ?? request?.method ?? 'GET');
      if (!seen) return inner(input, init);
      const wanted = seen.source === 'whatsapp' || needsParams(seen.method);
      const body = wanted ? bodyOf(init?.body ?? request?.clone()) : undefined;
      // Read later or, where the call fails, never: nobody else would hear that it broke off.
      body?.catch(() => undefined);
      const response = await inner(input, init);
      if (!response.ok) return response;
      const copy = response.clone();
      const type = new Headers(init?.headers ?? request?.headers).get('content-type') ?? undefined;
      later(async () => {
        let answer: string;
        try {
          answer = await copy.text();
        } catch {
          return; // the caller broke off, or the connection did
        }
        const given = await body;
        if (seen.source === 'whatsapp') {
          keeper.keep({ ...seen, query: address.searchParams, type: given?.type ?? type, request: given?.bytes, answer });
          return;
        }
        keeper.keep({ ...seen, params: given && paramsOf(address.searchParams, given.type ?? type, given.bytes), answer });
      });
      return response;
    };

  return {
    transformer,
    fetch: wrap,
    settled: async () => {
      while (reading.size > 0) await Promise.all(reading);
      await keeper.settled();
    },
  };
}

function seenAt(address: URL, method: string): Seen | undefined {
  const [, bot, name] = TELEGRAM.exec(address.pathname) ?? [];
  if (name !== undefined) return yieldsMessages(name) ? { source: 'telegram', method: name, botId: Number(bot) } : undefined;
  const phoneNumberId = sendingNumber(WHATSAPP.exec(address.pathname)?.[1] ?? '', method, address.searchParams);
  return phoneNumberId === undefined ? undefined : { source: 'whatsapp', phoneNumberId };
}

interface Body {
  readonly bytes: Buffer;
  /** Where the body says it itself. */
  readonly type?: string | undefined;
}

/** The body of a request that can be read without taking it from the caller. Files of a form are left out. */
async function bodyOf(body: NonNullable<RequestInit['body']> | Request | null | undefined): Promise<Body | undefined> {
  if (body === null || body === undefined) return { bytes: Buffer.alloc(0) };
  if (body instanceof Request) return { bytes: Buffer.from(await body.arrayBuffer()) };
  if (body instanceof FormData)
    return bodyOf(new URLSearchParams([...body].filter((field): field is [string, string] => typeof field[1] === 'string')));
  if (body instanceof URLSearchParams) return { bytes: Buffer.from(body.toString()), type: 'application/x-www-form-urlencoded' };
  if (typeof body === 'string') return { bytes: Buffer.from(body) };
  if (body instanceof Blob || body instanceof ArrayBuffer || ArrayBuffer.isView(body))
    return { bytes: Buffer.from(await new Response(body as Blob).arrayBuffer()) };
  return undefined;
}
