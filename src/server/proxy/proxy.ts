import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Keeper, Loss } from '../../outbound/keeper.js';
import { paramsOf } from '../../outbound/params.js';
import { answerEarly } from '../route-body.js';
import { type Address, addressOf, type Watched } from './address.js';
import { Copy, type CopyBudget, plainBody } from './copy.js';
import { type Answer, pass } from './pass.js';
import { patienceOf } from './patience.js';
import { type Upstream, upstreamAt } from './upstream.js';

export type ProxyRefusal = 'path' | 'method' | 'token' | 'foreign';

export interface ProxyTally {
  /** Calls passed on. */
  passed: number;
  /** Calls that the platform gave no answer to. */
  failed: number;
  readonly refused: Map<ProxyRefusal, number>;
}

/** One platform that calls may go to. */
export interface Platform {
  /** Address of its API. */
  readonly url: string;
  /** Whether a token is one of this lake's. Constant time. */
  readonly admits: (token: string) => boolean;
}

export interface ProxyOptions {
  readonly platforms: Readonly<Partial<Record<Address['source'], Platform>>>;
  readonly keeper: Keeper;
  readonly tally: (source: string) => ProxyTally;
  /** Milliseconds without a byte after which a call is given up; 10 minutes, longer than any long poll. */
  readonly patience?: number;
  /** Bytes of one copied answer, and of all copies at once: 4 MiB and 64 MiB. */
  readonly mostCopied?: number;
  readonly totalCopied?: number;
}

/** Answers requests under `/proxy/`. */
export interface Proxy {
  /** True when the request is passed on, however long it takes; false when it was refused, and its body means nothing. */
  handle(request: IncomingMessage, response: ServerResponse, expects: boolean): boolean;
  /** Resolves when what was sent is in the lake. No further calls may come. */
  close(): Promise<void>;
}

const MIB = 1024 * 1024;
/** Bytes of a copied request: calls have a few thousand characters, and what a stranger to that may send is read in no time. */
const MOST_ASKED = MIB / 2;

/**
 * Passes a bot's calls on to its platform, and what they sent to the keeper, after the answer has gone out. Whoever has no token of
 * this lake, asks for another path, or is a page in a browser, gets nowhere.
 */
export function proxy(options: ProxyOptions): Proxy {
  const { keeper } = options;
  const patience = patienceOf(options.patience ?? 600_000);
  const budget: CopyBudget = { most: options.mostCopied ?? 4 * MIB, total: options.totalCopied ?? 64 * MIB, used: 0 };
  const upstreams = new Map<Address['source'], Upstream>();
  for (const source of ['telegram', 'whatsapp'] as const) {
    const platform = options.platforms[source];
    if (platform) upstreams.set(source, upstreamAt(platform.url, patience.limit));
  }
  const reading = new Set<Promise<void>>();

  function handle(request: IncomingMessage, response: ServerResponse, expects: boolean): boolean {
    const method = request.method ?? '';
    const address = addressOf(request.url ?? '', method);
    const platform = address && options.platforms[address.source];
    const upstream = address && upstreams.get(address.source);
    if (!address || !platform || !upstream) return refuse(request, response, sourceIn(request), 'path');
    if (!METHODS[address.source].includes(method)) return refuse(request, response, address.source, 'method');
    if (isBrowser(request)) return refuse(request, response, address.source, 'foreign');
    if (!admitted(platform, tokensOf(request, address))) return refuse(request, response, address.source, 'token');
    if (expects) response.writeContinue();
    const tally = options.tally(address.source);
    tally.passed += 1;
    pass({
      request,
      response,
      upstream,
      path: address.path,
      watch: address.watched && watch(address.watched, request),
      patience,
      failed: (status) => {
        tally.failed += 1;
        refuseAs(request, response, address.source, status, status === 502 ? 'Bad Gateway' : 'Gateway Timeout');
      },
    });
    return true;
  }

  function watch(watched: Watched, request: IncomingMessage) {
    const asked = watched.source === 'whatsapp' || watched.params ? new Copy(budget, Math.min(MOST_ASKED, budget.most)) : undefined;
    const answered = new Copy(budget);
    return {
      request: asked,
      response: answered,
      done: (answer: Answer | undefined, whole: boolean) => {
        const letGo = () => {
          asked?.release();
          answered.release();
        };
        // What was refused sent nothing.
        if (answer === undefined || answer.status >= 300) return letGo();
        if (!whole) {
          keeper.lost(watched.source, 'unreadable');
          return letGo();
        }
        if (answered.failure || answer.encoding === undefined) {
          take(watched, request, asked, answered.failure ?? answered.bytes());
          return letGo();
        }
        const kept = plainBody(answered.bytes(), answer.encoding, budget.most)
          .then(
            (bytes) => take(watched, request, asked, bytes),
            () => keeper.lost(watched.source, 'unreadable'),
          )
          .finally(() => {
            letGo();
            reading.delete(kept);
          });
        reading.add(kept);
      },
    };
  }

  /** `answered`: the answer's body, or why it is not known. */
  function take(watched: Watched, request: IncomingMessage, asked: Copy | undefined, answered: Buffer | Loss): void {
    if (typeof answered === 'string') return keeper.lost(watched.source, answered);
    if (watched.source === 'whatsapp' && asked?.failure) return keeper.lost(watched.source, asked.failure);
    const body = asked === undefined || asked.failure ? undefined : asked.bytes();
    const type = request.headers['content-type'];
    const answer = answered.toString();
    if (watched.source === 'whatsapp') {
      keeper.keep({ source: 'whatsapp', phoneNumberId: watched.phoneNumberId, query: watched.query, type, request: body, answer });
    } else {
      const params = body && paramsOf(new URLSearchParams(watched.query), type, body);
      keeper.keep({ source: 'telegram', method: watched.method, botId: watched.botId, params, answer });
    }
  }

  function refuse(request: IncomingMessage, response: ServerResponse, source: Address['source'], why: ProxyRefusal): false {
    const { refused } = options.tally(source);
    refused.set(why, (refused.get(why) ?? 0) + 1);
    const [status, words] = REFUSALS[why];
    refuseAs(request, response, source, status, words);
    return false;
  }

  return {
    handle,
    close: async () => {
      await Promise.all(reading);
      await keeper.settled();
      patience.stop();
      for (const upstream of upstreams.values()) upstream.close();
    },
  };
}

/** Methods that the platforms take: the Graph API deletes media and blocks by DELETE. */
const METHODS: Readonly<Record<Address['source'], readonly string[]>> = { telegram: ['GET', 'POST'], whatsapp: ['GET', 'POST', 'DELETE'] };

const REFUSALS = {
  path: [404, 'Not Found'],
  method: [405, 'Method Not Allowed'],
  token: [401, 'Unauthorized'],
  foreign: [403, 'Forbidden'],
} as const;

/** In the words of the platform, so that its libraries understand them. */
function refuseAs(request: IncomingMessage, response: ServerResponse, source: Address['source'], status: number, words: string): void {
  const body =
    source === 'telegram'
      ? { ok: false, error_code: status, description: words }
      : { error: { message: words, type: status === 401 ? 'OAuthException' : 'ChatlakeProxy', code: status === 401 ? 190 : status } };
  const headers = { 'content-type': 'application/json', ...(status === 405 && { allow: METHODS[source].join(', ') }) };
  answerEarly(request, response, status, headers, JSON.stringify(body));
}

const sourceIn = (request: IncomingMessage): Address['source'] => (request.url?.startsWith('/proxy/whatsapp/') ? 'whatsapp' : 'telegram');

/** A page of some site that its visitor's browser sends here; bots send neither header. */
const isBrowser = ({ headers }: IncomingMessage): boolean => headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;

/** Every token that the platform might go by. */
function tokensOf(request: IncomingMessage, address: Address): readonly string[] {
  if (address.source === 'telegram') return address.tokens;
  // All of them: `headers` has the first only, and the platform may go by another.
  const headers = request.headersDistinct['authorization'] ?? [];
  return [...address.tokens, ...headers.map((header) => /^(?:Bearer|OAuth) +([\x21-\x7e]+)$/i.exec(header)?.[1] ?? '')];
}

const admitted = ({ admits }: Platform, tokens: readonly string[]): boolean => tokens.length > 0 && tokens.every((token) => admits(token));
