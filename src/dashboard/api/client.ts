import { signal } from '@preact/signals';

/** What the server refused, in its own words, and where in a statement when it says. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Which failure of its code it is, where the server says. */
  readonly detail?: string | null;
  readonly line?: number;
  readonly column?: number;
}

/** Whether the server asked who this is. */
export const locked = signal(false);

/** 0: the server was not reached. */
const unreached = (): Refusal => ({ status: 0, code: 'UNREACHED', message: '' });

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'status' in value && 'code' in value;

interface Ask {
  readonly signal?: AbortSignal;
  /** Sent as JSON; makes it a POST. */
  readonly body?: unknown;
  /** Sent as they are; make it a POST. */
  readonly bytes?: Blob;
  /** Sent although the page is left. */
  readonly keepalive?: boolean;
  /** A status whose body is an answer too. */
  readonly also?: number;
}

/** Asks the server. Rejects with a Refusal, or with the AbortError of a signal. */
export async function ask(address: string, { signal: abort, body, bytes, keepalive, also }: Ask = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(address, {
      ...(keepalive === undefined ? {} : { keepalive }),
      ...(abort === undefined ? {} : { signal: abort }),
      ...(body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      ...(bytes === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: bytes }),
    });
  } catch (error) {
    if (abort?.aborted) throw error;
    throw unreached();
  }
  if (answer.ok || answer.status === also) return answer;
  if (answer.status === 401) locked.value = true;
  throw await refusalOf(answer);
}

/** The JSON a GET, or a POST of `body`, answers. Rejects as `ask`. */
export async function askJson<T>(address: string, options?: Ask): Promise<T> {
  return (await (await ask(address, options)).json()) as T;
}

async function refusalOf(answer: Response): Promise<Refusal> {
  const text = await answer.text().catch(() => '');
  try {
    const { error } = JSON.parse(text) as { error: Omit<Refusal, 'status'> };
    return { ...error, status: answer.status };
  } catch {
    return { status: answer.status, code: `HTTP_${answer.status}`, message: text.slice(0, 300).trim() };
  }
}
