import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { formOf, sendingBot } from './bot-api-sending.js';
import { webhookQueue, type QueuedUpdate, type Webhook } from './bot-api-webhook.js';

/**
 * A Bot API server for tests, over real HTTP, as faithful as polling, webhooks and their failures need:
 *
 *   const api = await fakeBotApi({ token });      // api.url goes into TELEGRAM_API_URL
 *   api.send({ message: { ... } });               // -> its update_id; queued for getUpdates or the webhook
 *   api.sendText('{"odd": "element"}');           // verbatim, valid JSON or not
 *   api.failNext('getUpdates', { status: 429, retryAfter: 3 });   // also { status, body }, { reset: true }, { delayMs }
 *   api.requests                                  // every call: { method, params }
 *   api.pending()                                 // update_ids not yet confirmed or delivered
 *   api.setChat(chat); api.setMember(chatId, userId, { status }); api.setFile(fileId, bytes);
 *   api.idsContinueAt(7);                         // ids restart, as after a week of silence
 *   api.sent                                      // every Message that send*, copy*, forward* and edit* made
 *   await api.close();
 *
 * getUpdates confirms by `offset`, waits `timeout` seconds, remembers `allowed_updates` for updates sent later (an empty
 * or never given list leaves out chat_member, message_reaction and message_reaction_count), answers 409 while a webhook
 * is set, and a second call ends the first with 409. A webhook gets each update with the secret header; one that is not
 * answered 2xx is sent again every `retryMs` and holds back later ones of its chat; up to max_connections chats at once.
 */
export interface FakeBotApiOptions {
  readonly token: string;
  readonly me?: Readonly<Record<string, unknown>>;
  /** Takes any webhook address, as a Bot API server of one's own does; Telegram's takes https and four ports. */
  readonly anyWebhook?: boolean;
  readonly retryMs?: number;
  readonly firstUpdateId?: number;
}

export interface Fault {
  /** HTTP status, and the error_code of the answer. */
  readonly status?: number;
  readonly retryAfter?: number;
  readonly description?: string;
  /** Instead of a Bot API answer. `{token}` stands for the token. */
  readonly body?: string;
  /** Cuts the connection without an answer. */
  readonly reset?: boolean;
  /** Waits first; with nothing else, answers normally then. */
  readonly delayMs?: number;
}

export interface FakeRequest {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface FakeBotApi {
  readonly url: string;
  readonly requests: readonly FakeRequest[];
  readonly sent: readonly Readonly<Record<string, unknown>>[];
  send(update: Readonly<Record<string, unknown>>): number;
  sendText(text: string): number;
  failNext(method: string, fault: Fault, times?: number): void;
  pending(): number[];
  idsContinueAt(id: number): void;
  setMe(me: Readonly<Record<string, unknown>>): void;
  setChat(chat: { readonly id: number } & Readonly<Record<string, unknown>>): void;
  setMember(chatId: number, userId: number, member: { readonly status: string } & Readonly<Record<string, unknown>>): void;
  setFile(fileId: string, bytes: Uint8Array): void;
  close(): Promise<void>;
}

/** An address at which nothing listens. */
export async function closedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await closeServer(server);
  return `http://127.0.0.1:${port}`;
}

const LEFT_OUT_BY_DEFAULT = ['chat_member', 'message_reaction', 'message_reaction_count'];
const WEBHOOK_PORTS = ['', '443', '80', '88', '8443'];

class Refused extends Error {
  constructor(
    readonly code: number,
    description: string,
    readonly parameters?: Readonly<Record<string, unknown>>,
  ) {
    super(description);
  }
}

type Params = Readonly<Record<string, unknown>>;
type Method = (params: Params, request: IncomingMessage) => unknown;

export async function fakeBotApi(options: FakeBotApiOptions): Promise<FakeBotApi> {
  const { token } = options;
  const requests: FakeRequest[] = [];
  const faults = new Map<string, Fault[]>();
  const chats = new Map<number, object>();
  const members = new Map<string, object>();
  const files = new Map<string, Uint8Array>();
  const queue: QueuedUpdate[] = [];
  const delivery = webhookQueue(queue, options.retryMs ?? 20);
  let me: Params = {
    id: Number(token.split(':')[0]),
    is_bot: true,
    first_name: 'Bot',
    username: 'fake_bot',
    can_join_groups: true,
    can_read_all_group_messages: true,
    ...options.me,
  };
  let nextId = options.firstUpdateId ?? 870_000_001;
  let allowed: readonly string[] = [];
  let webhook: Webhook | undefined;
  /** Ends the long poll that waits, if one does: with what there is, or with a refusal. */
  let wake: ((refusal?: Refused) => void) | undefined;

  const chatBot = sendingBot({ me: () => me, chatOf: (id) => chats.get(id) });
  const methods: Readonly<Record<string, Method>> = {
    ...chatBot.methods,
    getMe: () => me,
    getUpdates: async (params, request) => {
      if (webhook)
        throw new Refused(
          409,
          "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        );
      wake?.(new Refused(409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running'));
      allowed = kindsIn(params, allowed);
      const offset = Number(params['offset'] ?? 0);
      drop(queue, offset > 0 ? (update) => update.id < offset : (_, index) => offset < 0 && index < queue.length + offset);
      if (queue.length === 0) await news(Number(params['timeout'] ?? 0) * 1000, request);
      return Raw(
        `[${queue
          .slice(0, Number(params['limit'] ?? 100))
          .map((update) => update.text)
          .join(', ')}]`,
      );
    },
    setWebhook: (params) => {
      const url = params['url'] as string;
      if (!options.anyWebhook) checkWebhook(url);
      allowed = kindsIn(params, allowed);
      if (params['drop_pending_updates'] === true) queue.length = 0;
      webhook = {
        url,
        secret: params['secret_token'] as string | undefined,
        maxConnections: Number(params['max_connections'] ?? 40),
        ip: params['ip_address'] as string | undefined,
      };
      wake?.(new Refused(409, 'Conflict: terminated by setWebhook request'));
      delivery.start(webhook);
      return true;
    },
    deleteWebhook: async (params) => {
      webhook = undefined;
      await delivery.stop();
      if (params['drop_pending_updates'] === true) queue.length = 0;
      return true;
    },
    getWebhookInfo: () => ({
      url: webhook?.url ?? '',
      has_custom_certificate: false,
      pending_update_count: queue.length,
      ...(webhook && { max_connections: webhook.maxConnections, ...(webhook.ip && { ip_address: webhook.ip }), ...delivery.lastError() }),
      ...(allowed.length > 0 && { allowed_updates: allowed }),
    }),
    getChat: (params) => chats.get(Number(params['chat_id'])) ?? refuse(400, 'Bad Request: chat not found'),
    getChatMember: (params) =>
      members.get(`${String(params['chat_id'])}/${String(params['user_id'])}`) ?? refuse(400, 'Bad Request: member not found'),
    getFile: (params) => {
      const fileId = String(params['file_id']);
      const bytes = files.get(fileId) ?? refuse(400, 'Bad Request: invalid file_id');
      return { file_id: fileId, file_unique_id: `u-${fileId}`, file_size: bytes.length, file_path: `documents/${fileId}` };
    },
  };

  const news = (ms: number, request: IncomingMessage) =>
    new Promise<void>((resolve, reject) => {
      const end = (refusal?: Refused) => {
        clearTimeout(timer);
        request.socket.off('close', gone);
        if (wake === end) wake = undefined;
        if (refusal) reject(refusal);
        else resolve();
      };
      const gone = () => end();
      const timer = setTimeout(gone, ms);
      request.socket.once('close', gone);
      wake = end;
    });

  const enqueue = (update: QueuedUpdate) => {
    queue.push(update);
    wake?.();
    delivery.kick();
  };

  const server = createServer((request, response) => {
    void respond(request, response).catch(() => response.destroy());
  });
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    const address = new URL(request.url ?? '/', 'http://fake');
    const file = new RegExp(`^/file/bot${token}/documents/(.+)$`).exec(address.pathname);
    if (file) return void response.writeHead(files.has(file[1] ?? '') ? 200 : 404).end(files.get(file[1] ?? ''));
    const [, given, method = ''] = /^\/bot([^/]*)\/(\w+)$/.exec(address.pathname) ?? [];
    const params = await paramsOf(request, address);
    if (given === undefined) return void response.writeHead(404).end('Not Found');
    requests.push({ method, params });
    const fault = faults.get(method)?.shift();
    if (fault && (await inject(fault, token, response))) return;
    try {
      if (given !== token) throw /^\d+:[\w-]+$/.test(given) ? new Refused(401, 'Unauthorized') : new Refused(404, 'Not Found');
      const run = methods[method] ?? refuse(404, 'Not Found: method not found');
      answer(response, 200, { ok: true, result: await run(params, request) }, /\bgzip\b/.test(String(request.headers['accept-encoding'])));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      answer(response, error.code, {
        ok: false,
        error_code: error.code,
        description: error.message,
        ...(error.parameters && { parameters: error.parameters }),
      });
    }
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sent: chatBot.sent,
    send: (update) => {
      const id = nextId++;
      const kind = Object.keys(update)[0] ?? '';
      const wanted = allowed.length > 0 ? allowed.includes(kind) : !LEFT_OUT_BY_DEFAULT.includes(kind);
      if (wanted) enqueue({ id, text: JSON.stringify({ update_id: id, ...update }), chat: chatOf(update) });
      return id;
    },
    sendText: (text) => {
      const id = nextId++;
      enqueue({ id, text, chat: 'other' });
      return id;
    },
    failNext: (method, fault, times = 1) => {
      faults.set(method, [...(faults.get(method) ?? []), ...Array.from({ length: times }, () => fault)]);
    },
    pending: () => queue.map((update) => update.id),
    idsContinueAt: (id) => void (nextId = id),
    setMe: (changed) => void (me = { ...me, ...changed }),
    setChat: (chat) => void chats.set(chat.id, chat),
    setMember: (chatId, userId, member) => void members.set(`${chatId}/${userId}`, member),
    setFile: (fileId, bytes) => void files.set(fileId, bytes),
    close: async () => {
      wake?.();
      webhook = undefined;
      await delivery.stop();
      await closeServer(server);
    },
  };
}

/** Whether the fault answered; otherwise the call goes on. */
async function inject(fault: Fault, token: string, response: ServerResponse): Promise<boolean> {
  if (fault.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
  if (fault.reset) {
    response.destroy();
    return true;
  }
  if (fault.body !== undefined) {
    response.writeHead(fault.status ?? 200).end(fault.body.replaceAll('{token}', token));
    return true;
  }
  if (fault.status === undefined) return false;
  const parameters = fault.retryAfter === undefined ? {} : { parameters: { retry_after: fault.retryAfter } };
  const description = (
    fault.description ?? (fault.status === 429 ? `Too Many Requests: retry after ${fault.retryAfter}` : 'Internal Server Error')
  ).replaceAll('{token}', token);
  answer(response, fault.status, { ok: false, error_code: fault.status, description, ...parameters });
  return true;
}

function checkWebhook(url: string): void {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (address?.protocol !== 'https:') refuse(400, 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook');
  else if (!WEBHOOK_PORTS.includes(address.port))
    refuse(400, 'Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443');
}

function refuse(code: number, description: string): never {
  throw new Refused(code, description);
}

const RAW = Symbol('raw');
/** JSON text that goes into the answer as it is. */
const Raw = (text: string) => ({ [RAW]: text });

function answer(response: ServerResponse, status: number, body: Readonly<Record<string, unknown>>, zipped = false): void {
  const result = body['result'] as { [RAW]?: string } | undefined;
  const raw = typeof result === 'object' && result !== null ? result[RAW] : undefined;
  const text = raw === undefined ? JSON.stringify(body) : `{"ok":true,"result":${raw}}`;
  response
    .writeHead(status, { 'content-type': 'application/json', ...(zipped && { 'content-encoding': 'gzip' }) })
    .end(zipped ? gzipSync(text) : text);
}

async function paramsOf(request: IncomingMessage, address: URL): Promise<Params> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) return { ...Object.fromEntries(address.searchParams), ...formOf(type, bytes) };
  const body = bytes.toString();
  return { ...Object.fromEntries(address.searchParams), ...(body === '' ? {} : (JSON.parse(body) as Params)) };
}

const kindsIn = (params: Params, before: readonly string[]): readonly string[] =>
  (params['allowed_updates'] as string[] | undefined) ?? before;

function drop(queue: QueuedUpdate[], unwanted: (update: QueuedUpdate, index: number) => boolean): void {
  const rest = queue.filter((update, index) => !unwanted(update, index));
  queue.splice(0, queue.length, ...rest);
}

function chatOf(update: Params): string {
  const content = Object.values(update)[0] as { chat?: { id?: number } } | undefined;
  return String(content?.chat?.id ?? 'other');
}

const closeServer = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
