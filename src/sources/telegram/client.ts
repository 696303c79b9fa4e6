import { ChatlakeError, systemCode } from '../../errors.js';
import { elementTexts } from './split.js';
import type { BotUser, Chat, ChatMember, FileInfo, GetUpdatesParams, PolledUpdate, SetWebhookParams, WebhookInfo } from './api-types.js';

/**
 * The part of the Bot API that chatlake calls: https://core.telegram.org/bots/api.
 *
 * The token is part of every address, so nothing that the HTTP layer throws or answers leaves this file as it came:
 * errors are built here from parts that cannot hold it, and carry no foreign cause.
 *
 * Every method throws ChatlakeError: PLATFORM when it was refused (see `refusalOf`), NETWORK when no whole answer came,
 * CANCELLED when the caller's signal was aborted.
 */
export interface BotApi {
  /** Host of the Bot API, for messages. */
  readonly host: string;
  getMe(options?: CallOptions): Promise<BotUser>;
  /** Long polling: resolves with at most `limit` updates in the order given, after at most `timeout` seconds with none. */
  getUpdates(params: GetUpdatesParams, options?: CallOptions): Promise<readonly PolledUpdate[]>;
  setWebhook(params: SetWebhookParams, options?: CallOptions): Promise<void>;
  /** Keeps what is pending unless told otherwise. */
  deleteWebhook(params?: { readonly drop_pending_updates?: boolean }, options?: CallOptions): Promise<void>;
  getWebhookInfo(options?: CallOptions): Promise<WebhookInfo>;
  getChat(chatId: number, options?: CallOptions): Promise<Chat>;
  getChatMember(chatId: number, userId: number, options?: CallOptions): Promise<ChatMember>;
  /** Where a file of up to 20 MB can be fetched for an hour; not its bytes. */
  getFile(fileId: string, options?: CallOptions): Promise<FileInfo>;
}

export interface BotApiOptions {
  readonly token: string;
  /** Without a slash at the end. */
  readonly apiUrl: string;
  readonly fetch: typeof fetch;
  /** Milliseconds a call may take, long polling's own waiting not counted. 15 s by default. */
  readonly timeoutMs?: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** What the platform said no to. Holds neither token nor payload. */
export interface Refusal {
  readonly method: string;
  readonly httpStatus: number;
  /** Absent when what answered is not the Bot API (a proxy's error page, say). */
  readonly error_code?: number;
  readonly description: string;
  /** Seconds to wait before the next call (429). */
  readonly retry_after?: number;
  /** The supergroup that took the place of the group asked for. */
  readonly migrate_to_chat_id?: number;
}

const refusals = new WeakMap<ChatlakeError, Refusal>();

/** The details of a PLATFORM error thrown by a BotApi; undefined for anything else. */
export function refusalOf(error: unknown): Refusal | undefined {
  return error instanceof ChatlakeError ? refusals.get(error) : undefined;
}

/** Throws ChatlakeError SETTINGS when `apiUrl` is no address. */
export function botApi(options: BotApiOptions): BotApi {
  const host = hostOf(options.apiUrl);
  const call = caller(options, host);
  const object = async <T extends object>(method: string, params: object, given?: CallOptions) =>
    recordOf<T>((await call(method, params, given)).result, method);
  return {
    host,
    getMe: (given) => object<BotUser>('getMe', {}, given),
    getUpdates: async (params, given) => {
      const { body, result } = await call('getUpdates', params, { ...given, waitMs: (params.timeout ?? 0) * 1000 });
      const texts = elementTexts(body, 'result');
      if (!Array.isArray(result) || texts?.length !== result.length) throw unreadable('getUpdates', 200);
      return texts.map((text, index): PolledUpdate => ({ text, value: result[index] }));
    },
    setWebhook: async (params, given) => void (await call('setWebhook', params, given)),
    deleteWebhook: async (params, given) => void (await call('deleteWebhook', params ?? {}, given)),
    getWebhookInfo: (given) => object<WebhookInfo>('getWebhookInfo', {}, given),
    getChat: (chatId, given) => object<Chat>('getChat', { chat_id: chatId }, given),
    getChatMember: (chatId, userId, given) => object<ChatMember>('getChatMember', { chat_id: chatId, user_id: userId }, given),
    getFile: (fileId, given) => object<FileInfo>('getFile', { file_id: fileId }, given),
  };
}

type Call = (method: string, params: object, options?: CallOptions & { waitMs?: number }) => Promise<{ body: string; result: unknown }>;

function caller({ token, apiUrl, fetch, timeoutMs = 15_000 }: BotApiOptions, host: string): Call {
  const clean = redactor(token);
  return async (method, params, options = {}) => {
    const limit = timeoutMs + (options.waitMs ?? 0);
    const { status, body } = await exchange(method, host, limit, options.signal, async (signal) => {
      const response = await fetch(`${apiUrl}/bot${token}/${method}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(params),
        redirect: 'manual', // following one would hand the token to another host
        signal,
      });
      return { status: response.status, body: await response.text() };
    });
    const answer = parse(body);
    if (answer?.['ok'] === true && status < 300) return { body, result: answer['result'] };
    if (answer?.['ok'] === false) throw refused(method, status, answer, clean);
    throw unreadable(method, status);
  };
}

/** Runs `send` under a time limit; whatever it throws becomes NETWORK or CANCELLED, without the original. */
async function exchange<T>(
  method: string,
  host: string,
  limitMs: number,
  outer: AbortSignal | undefined,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, limitMs);
  outer?.addEventListener('abort', abort, { once: true });
  if (outer?.aborted) abort();
  try {
    return await send(controller.signal);
  } catch (error) {
    if (outer?.aborted) throw new ChatlakeError('CANCELLED', `Telegram ${method}: cancelled.`);
    const why = controller.signal.aborted ? `no answer within ${limitMs / 1000} s` : reasonOf(error);
    throw new ChatlakeError(
      'NETWORK',
      `Telegram could not be reached: ${method} at ${host}: ${why}. Check the network and TELEGRAM_API_URL.`,
    );
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', abort);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name does not resolve',
  EAI_AGAIN: 'names cannot be resolved now',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ETIMEDOUT: 'no answer',
  UND_ERR_CONNECT_TIMEOUT: 'no answer',
};

/** Only the code of a system error: its message may hold the address, and so the token. */
function reasonOf(error: unknown): string {
  const code = systemCode(error instanceof Error ? error.cause : undefined) ?? systemCode(error);
  if (code === undefined || !/^[A-Z][A-Z0-9_]*$/.test(code)) return 'the request failed';
  const reason = REASONS[code];
  return reason === undefined ? code : `${reason} (${code})`;
}

function refused(
  method: string,
  httpStatus: number,
  answer: Readonly<Record<string, unknown>>,
  clean: (text: string) => string,
): ChatlakeError {
  const { error_code, description, parameters } = answer;
  const { retry_after, migrate_to_chat_id } = isRecord(parameters) ? parameters : {};
  const refusal: Refusal = {
    method,
    httpStatus,
    error_code: typeof error_code === 'number' ? error_code : httpStatus,
    description: clean(typeof description === 'string' ? description.slice(0, 300) : 'no description'),
    ...(typeof retry_after === 'number' && { retry_after }),
    ...(typeof migrate_to_chat_id === 'number' && { migrate_to_chat_id }),
  };
  return platformError(`Telegram refused ${method}: ${refusal.error_code} ${refusal.description}`, refusal);
}

function unreadable(method: string, httpStatus: number): ChatlakeError {
  const description = 'the answer is not one of the Bot API';
  return platformError(`Telegram ${method}: HTTP ${httpStatus}, ${description}. Is there a proxy in between, or TELEGRAM_API_URL wrong?`, {
    method,
    httpStatus,
    description,
  });
}

function platformError(message: string, refusal: Refusal): ChatlakeError {
  const error = new ChatlakeError('PLATFORM', message);
  refusals.set(error, refusal);
  return error;
}

/** Takes the token out of a text, whole or only its secret half, percent-encoded or not. */
function redactor(token: string): (text: string) => string {
  const secret = token.slice(token.indexOf(':') + 1);
  const forms = [token, encodeURIComponent(token), secret].filter((form) => form !== '');
  return (text) => forms.reduce((rest, form) => rest.replaceAll(form, '<token>'), text);
}

function parse(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined; // the parser's message quotes the body
  }
}

function recordOf<T extends object>(value: unknown, method: string): T {
  if (!isRecord(value)) throw unreadable(method, 200);
  return value as T;
}

function hostOf(apiUrl: string): string {
  try {
    return new URL(apiUrl).host;
  } catch {
    throw new ChatlakeError('SETTINGS', 'TELEGRAM_API_URL is not an address. Leave it out to use https://api.telegram.org.');
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
