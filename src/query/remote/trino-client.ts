import { setTimeout as delay } from 'node:timers/promises';
import type { Iterator, QueryResult as Answer, Trino } from 'trino-client';
import { ChatlakeError, systemCode } from '../../errors.js';
import { exactJson } from './exact-json.js';
import type { RemoteFailure } from './failure.js';
import type { TypeSignature } from './values.js';

/** Where a Trino is, and as whom to ask it. */
export interface TrinoAddress {
  /** Such as `https://trino.example:8443`. */
  readonly url: string;
  readonly user: string;
  /** Only over https. */
  readonly password?: string | undefined;
  readonly catalog: string;
  readonly schema: string;
}

/** What Trino says of a statement at one time; data and columns may be absent from any of them. */
export interface TrinoPage {
  readonly columns?: readonly { readonly name: string; readonly type: string; readonly typeSignature: TypeSignature }[];
  readonly data?: readonly (readonly unknown[])[];
}

/** Trino ended the statement. */
export class TrinoFailed extends Error {
  constructor(readonly failure: RemoteFailure) {
    super(failure.name);
  }
}

/** Timestamps keep their own precision instead of being cut to milliseconds. */
const HEADERS = { 'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME' };
const REQUEST_MS = 60_000;
const CANCEL_MS = 5_000;
const ATTEMPTS = 6;

/** The part of the client's axios configuration that is set here. */
interface Transport {
  transformResponse: (text: unknown) => unknown;
  signal: AbortSignal;
  timeout: number;
}

/**
 * Runs one statement, and gives its pages as they come. When it is left before its end, or `signal` is aborted, the statement
 * is cancelled there. Throws TrinoFailed when Trino ends it, SETTINGS or NETWORK when Trino cannot be asked, the signal's
 * reason when that is aborted.
 */
export async function* trinoPages(address: TrinoAddress, sql: string, signal: AbortSignal): AsyncGenerator<TrinoPage> {
  signal.throwIfAborted();
  const state: { id?: string; over: boolean } = { over: false };
  const client = await connect(address, signal, (answer) => {
    state.id = answer.id;
    state.over = answer.nextUri === undefined;
  });
  const ask = <T>(request: () => Promise<T>, first: boolean) => attempt(address, request, first, signal);
  try {
    const answers: Iterator<Answer> = await ask(() => client.query(sql), true);
    for (let yielded = false; ; yielded = true) {
      const { value, done } = await ask(() => answers.next(), false);
      // The client says again what it said last when it has nothing more.
      if (done === true && yielded) return;
      // A statement that failed does not throw in the client: its last answer says so.
      const answer: unknown = value;
      if (!isAnswer(answer)) throw notTrino(address);
      if (answer.error) throw new TrinoFailed({ engine: 'Trino', name: answer.error.errorName, message: located(answer.error) });
      // The client's types leave out what its server says of a column's type.
      yield answer as unknown as TrinoPage;
      if (done === true) return;
    }
  } finally {
    if (!state.over && state.id !== undefined) await cancel(address, state.id);
  }
}

/** The message with the place in front, as Trino writes most of them. */
function located(error: NonNullable<Answer['error']>): string {
  const { errorLocation: at } = error as { errorLocation?: { lineNumber: number; columnNumber: number } };
  return at && !/^line \d+:\d+: /.test(error.message) ? `line ${at.lineNumber}:${at.columnNumber}: ${error.message}` : error.message;
}

/**
 * A client for one statement (what a session sets must not reach the next). It reads answers by `JSON.parse`, which rounds integers beyond
 * 2^53, and offers no way around; so the configuration it hands to axios is completed, and missed loudly should it be gone.
 */
async function connect(address: TrinoAddress, signal: AbortSignal, seen: (answer: Answer) => void): Promise<Trino> {
  const { Trino, BasicAuth } = await import('trino-client');
  const client = Trino.create({
    server: address.url,
    source: 'chatlake',
    catalog: address.catalog,
    schema: address.schema,
    auth: new BasicAuth(address.user, address.password),
    extraHeaders: HEADERS,
  });
  const transport = (client as unknown as { client?: { clientConfig?: Partial<Transport> } }).client?.clientConfig;
  if (transport === undefined) throw new Error('trino-client keeps its configuration elsewhere; integers would lose digits');
  transport.signal = signal;
  transport.timeout = REQUEST_MS;
  transport.transformResponse = (text) => {
    const answer = parsed(text);
    if (isAnswer(answer)) seen(answer);
    return answer;
  };
  return client;
}

function parsed(text: unknown): unknown {
  try {
    return exactJson(String(text));
  } catch {
    return text;
  }
}

const isAnswer = (value: unknown): value is Answer => typeof value === 'object' && value !== null && 'id' in value && 'stats' in value;

async function cancel(address: TrinoAddress, id: string): Promise<void> {
  const client = await connect(address, AbortSignal.timeout(CANCEL_MS), () => undefined);
  // Whether it worked changes nothing for who cancelled: Trino drops a statement that nobody asks for.
  await client.cancel(id).catch(() => undefined);
}

/** Asks again where Trino's protocol says so (429, 502, 503, 504), and for a page also when the connection broke. */
async function attempt<T>(address: TrinoAddress, request: () => Promise<T>, first: boolean, signal: AbortSignal): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      const answer = await request();
      signal.throwIfAborted();
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      const status = (error as { response?: { status?: number } }).response?.status;
      const passing = status === undefined ? !first && systemCode(error) !== undefined : [429, 502, 503, 504].includes(status);
      if (!passing || tries >= ATTEMPTS) throw unreachable(address, error, status);
      await delay(100 * 2 ** tries * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

const notTrino = ({ url }: Pick<TrinoAddress, 'url'>, status = 200) =>
  new ChatlakeError('NETWORK', `${url} answered ${status}, not as Trino does: check TRINO_URL, or try again later.`);

/** What a failed request means. The error of axios holds the password, and is not handed on. */
function unreachable({ url, user }: TrinoAddress, error: unknown, status: number | undefined): unknown {
  const code = systemCode(error);
  if (status === 401 || status === 403)
    return new ChatlakeError('SETTINGS', `Trino at ${url} refused the user "${user}" (${status}): check TRINO_USER and TRINO_PASSWORD.`);
  if (status !== undefined) return notTrino({ url }, status);
  if (code === undefined) return error;
  const certificate = /CERT|SELF_SIGNED|UNABLE_TO/.test(code) ? ' NODE_EXTRA_CA_CERTS names a file with the certificates to trust.' : '';
  return new ChatlakeError('NETWORK', `Trino at ${url} cannot be reached (${code}): check TRINO_URL, and that it runs.${certificate}`);
}
