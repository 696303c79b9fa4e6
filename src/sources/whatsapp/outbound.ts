import { OUTBOUND } from './kinds.js';

/** One call of the Cloud API's `/<phone number id>/messages` that was answered. */
export interface CloudCall {
  readonly phoneNumberId: string;
  /** Bodies of the request and of the answer, JSON text. Undefined: the request was not seen whole. */
  readonly request: string | undefined;
  readonly answer: string;
  /** When the answer came, epoch seconds. */
  readonly at: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** Edges of a phone number that send messages. */
const SENDING_EDGES = new Set(['messages', 'marketing_messages']);

/**
 * The phone number id in a path such as `106/messages`; undefined for a call that sends no message. The Graph API goes by a method in the query
 * rather than that of HTTP; by which of several, or by an empty one, its answer tells.
 */
export function sendingNumber(path: string, method: string, query: URLSearchParams): string | undefined {
  if (![method, ...query.getAll('method')].some((name) => name.toUpperCase() === 'POST')) return undefined;
  const [id = '', edge = '', ...more] = path.split('/');
  return /^\d+$/.test(id) && SENDING_EDGES.has(edge) && more.length === 0 ? id : undefined;
}

/**
 * The raw line of a message sent: the request and the answer as they were, which has the wamid and nothing else. None for what is
 * no message (a read receipt, say) or was refused. Undefined when either cannot be read.
 */
export function sentLines({ phoneNumberId, request, answer, at }: CloudCall): string[] | undefined {
  const answered = parsed(answer);
  if (answered === undefined) return undefined;
  const { messages } = answered;
  const [first] = Array.isArray(messages) ? (messages as unknown[]) : [];
  if (!isFields(first) || typeof first['id'] !== 'string') return [];
  const asked = request === undefined ? undefined : parsed(request);
  if (asked === undefined) return undefined;
  const fields = Object.entries(asked);
  const body = fields.every(isSaid) ? request : JSON.stringify(Object.fromEntries(fields.filter(isSaid)));
  return [`{"${OUTBOUND}":{"phone_number_id":"${phoneNumberId}","date":${at},"request":${body},"response":${answer}}}`];
}

/**
 * Parameters of any Graph call, in its address or body, that are none of a message: two are secret (Graph API, Secure requests). However they
 * are written: as an array or in capitals one may mean nothing to the platform, and holds the secret all the same.
 */
const UNSAID = /^(access_token|appsecret_proof|method)\b/i;

const isSaid = ([name]: readonly [string, unknown]): boolean => !UNSAID.test(name);

/** What a call's query holds of a message. */
export const messageFields = (query: URLSearchParams): URLSearchParams => new URLSearchParams([...query].filter(isSaid));

function parsed(json: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined; // the parser's message quotes the body
  }
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
