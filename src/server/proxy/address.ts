import { needsParams, yieldsMessages } from '../../sources/telegram/outbound.js';
import { sendingNumber } from '../../sources/whatsapp/outbound.js';

/** What a call would have to be watched for. */
export type Watched =
  | {
      readonly source: 'telegram';
      readonly method: string;
      readonly botId: number | undefined;
      readonly params: boolean;
      readonly query: string;
    }
  | { readonly source: 'whatsapp'; readonly phoneNumberId: string; readonly query: URLSearchParams };

/** A known address under `/proxy/`. */
export interface Address {
  readonly source: 'telegram' | 'whatsapp';
  /** Tokens that the address holds. */
  readonly tokens: readonly string[];
  /** Path and query at the platform, as they came. Hold the token. */
  readonly path: string;
  /** Undefined: the call sends no message. */
  readonly watched: Watched | undefined;
}

const TELEGRAM = /^\/proxy\/telegram(\/bot([^/?#]{1,200})\/(?:test\/)?([A-Za-z]{1,64}))(\?[^#]*)?$/;
const TELEGRAM_FILE = /^\/proxy\/telegram(\/file\/bot([^/?#]{1,200})\/(?:test\/)?([\w./+~@%=-]{1,1024}))$/;
/**
 * What the Graph API knows by an id: numbers nearly all; `app`, the token's own; sessions of the Resumable Upload API, as it names them;
 * and groups, whose ids are base64.
 */
const EQUALS = '(?:=|%3[Dd])';
const NODE = `\\d{1,32}|app|upload(?::|%3[Aa])(?:[\\w-]|${EQUALS}){1,512}|[\\w-]{20,200}${EQUALS}{0,2}`;
const WHATSAPP = new RegExp(`^/proxy/whatsapp(/v\\d{1,2}\\.\\d{1,2}/((?:${NODE})(?:/[a-z_]{1,64})?))(\\?[^#]*)?$`);

/** Undefined for every path but the platforms' own: there is no way from here to anything else. */
export function addressOf(url: string, method: string): Address | undefined {
  return telegramCall(url) ?? telegramFile(url, method) ?? whatsappCall(url, method);
}

function telegramCall(url: string): Address | undefined {
  const [, path, given, method, query = ''] = TELEGRAM.exec(url) ?? [];
  const token = given === undefined ? undefined : decoded(given);
  if (path === undefined || token === undefined || method === undefined) return undefined;
  const id = Number(token.split(':')[0]);
  const botId = Number.isSafeInteger(id) ? id : undefined;
  const watched = yieldsMessages(method) ? ({ source: 'telegram', method, botId, params: needsParams(method), query } as const) : undefined;
  return { source: 'telegram', tokens: [token], path: path + query, watched };
}

function telegramFile(url: string, method: string): Address | undefined {
  const [, path, given, file] = TELEGRAM_FILE.exec(url) ?? [];
  const token = given === undefined ? undefined : decoded(given);
  const name = file === undefined ? undefined : decoded(file);
  if (path === undefined || token === undefined || name === undefined || method !== 'GET') return undefined;
  if (name.split(/[/\\]/).some((part) => part === '..' || part === '.')) return undefined;
  return { source: 'telegram', tokens: [token], path, watched: undefined };
}

function whatsappCall(url: string, method: string): Address | undefined {
  const [, path, node, query = ''] = WHATSAPP.exec(url) ?? [];
  if (path === undefined || node === undefined) return undefined;
  const given = new URLSearchParams(query);
  const phoneNumberId = sendingNumber(node, method, given);
  return {
    source: 'whatsapp',
    tokens: given.getAll('access_token'),
    path: path + query,
    watched: phoneNumberId === undefined ? undefined : { source: 'whatsapp', phoneNumberId, query: given },
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
