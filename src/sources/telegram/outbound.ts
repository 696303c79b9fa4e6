import { OUTBOUND } from './kinds.js';
import { elementTexts, valueText } from './split.js';

/**
 * What a bot did, from its calls of the Bot API (https://core.telegram.org/bots/api) and their answers, as raw lines:
 *
 *   {"outbound":{"method":"sendMessage","message":{...}}}                                             one a message answered
 *   {"outbound":{"method":"deleteMessage","bot_id":1,"date":2,"chat":{"id":3},"message_id":4}}        one a message deleted
 *   {"outbound":{"method":"editMessageText","bot_id":1,"date":2,"inline_message_id":"...",...}}       no message is answered
 */

type Fields = Readonly<Record<string, unknown>>;

/** One call that the Bot API answered. */
export interface BotCall {
  /** As called: the Bot API takes names in any case. */
  readonly method: string;
  /** Values as text or as JSON; undefined where the request was not seen whole. */
  readonly params: Fields | undefined;
  /** The answer's body, JSON text. */
  readonly answer: string;
  /** When it came, epoch seconds. */
  readonly at: number;
  readonly botId?: number | undefined;
}

const SENDS = /^(send(?!chat|gift|\w*draft$)|copymessage|forwardmessage|editmessage)|^(stopmessagelivelocation|setgamescore)$/i;
const DELETES = /^(deletemessages?|deletebusinessmessages)$/i;
/** Answered with ids only, or with no more than that it was done. */
const NEEDS_PARAMS = /^(copy|forwardmessages$|edit|stop|setgame|delete)/i;

/** Whether a call of the method may yield, change or delete messages. */
export const yieldsMessages = (method: string): boolean => SENDS.test(method) || DELETES.test(method);

/** Whether the parameters of the call are needed to know of the message, beside the answer. */
export const needsParams = (method: string): boolean => yieldsMessages(method) && NEEDS_PARAMS.test(method);

/** Public names of chats that were seen in answers, with their ids: some calls name a chat only so. */
export interface ChatNames {
  learn(name: string, id: number): void;
  find(name: string): number | undefined;
}

const MOST_NAMES = 1000;

export function chatNames(): ChatNames {
  const ids = new Map<string, number>();
  return {
    learn: (name, id) => {
      if (ids.size >= MOST_NAMES) ids.clear();
      ids.set(name.toLowerCase(), id);
    },
    find: (name) => ids.get(name.toLowerCase()),
  };
}

/**
 * The raw lines of a call; none when it was refused, or did nothing to a message. Undefined when the answer cannot be read, or says no more than
 * that something was done and what was asked is not known.
 */
export function sentLines(call: BotCall, names: ChatNames): string[] | undefined {
  if (!yieldsMessages(call.method)) return [];
  const answer = parsed(call.answer);
  if (answer === undefined) return undefined;
  if (answer['ok'] !== true) return [];
  const result = answer['result'];
  if (result === true && call.params === undefined && needsParams(call.method)) return undefined;
  if (Array.isArray(result)) {
    const texts = elementTexts(call.answer, 'result') ?? [];
    return result.flatMap((one: unknown, index) => answered(call, one, texts[index] ?? '', index, names));
  }
  if (DELETES.test(call.method)) return result === true ? deleted(call, names) : [];
  return answered(call, result, valueText(call.answer, 'result') ?? '', 0, names);
}

/** A Message, a MessageId, or `true` for a message that no chat of the bot's has. */
function answered(call: BotCall, result: unknown, text: string, index: number, names: ChatNames): string[] {
  if (result === true) {
    const { inline_message_id, text: words, caption } = call.params ?? {};
    return inline_message_id === undefined ? [] : [line({ ...about(call), inline_message_id, text: words, caption })];
  }
  if (!isFields(result) || typeof result['message_id'] !== 'number') return [];
  const { chat } = result;
  if (!isFields(chat) || typeof chat['id'] !== 'number') return copied(call, result['message_id'], index, names);
  if (typeof chat['username'] === 'string') names.learn(chat['username'], chat['id']);
  return [`{"${OUTBOUND}":{"method":${JSON.stringify(call.method)},"message":${text}}}`];
}

/** A copy, of which the answer tells only the id: the rest is what was asked for. */
function copied(call: BotCall, messageId: number, index: number, names: ChatNames): string[] {
  const { params = {} } = call;
  const from = list(params['message_ids'] ?? params['message_id'])[index];
  const chat = chatOf(params, names);
  const origin = { from_chat_id: params['from_chat_id'], from_message_id: number(from) };
  if (chat?.['id'] === undefined) return [line({ ...about(call), chat, message_id: messageId, ...origin })];
  const reply = number(object(params['reply_parameters'])['message_id']) ?? number(params['reply_to_message_id']);
  const message = {
    message_id: messageId,
    ...(call.botId !== undefined && { from: { id: call.botId, is_bot: true } }),
    chat,
    date: call.at,
    message_thread_id: number(params['message_thread_id']),
    business_connection_id: params['business_connection_id'],
    caption: typeof params['caption'] === 'string' ? params['caption'] : undefined,
    ...(reply !== undefined && { reply_to_message: { message_id: reply } }),
  };
  return [line({ method: call.method, ...origin, message })];
}

function deleted(call: BotCall, names: ChatNames): string[] {
  const { params = {} } = call;
  const chat = chatOf(params, names);
  const business_connection_id = params['business_connection_id'];
  return list(params['message_ids'] ?? params['message_id'])
    .map(number)
    .filter((id) => id !== undefined)
    .map((message_id) => line({ ...about(call), business_connection_id, chat, message_id }));
}

const line = (outbound: Fields): string => JSON.stringify({ [OUTBOUND]: outbound });
const about = ({ method, botId, at }: BotCall) => ({ method, bot_id: botId, date: at });

/** The chat that the parameters name, by id or by its public name. */
function chatOf({ chat_id }: Fields, names: ChatNames): Fields | undefined {
  const id = number(chat_id) ?? (typeof chat_id === 'string' ? names.find(chat_id.replace(/^@/, '')) : undefined);
  if (id !== undefined) return id > 0 ? { id, type: 'private' } : { id };
  return typeof chat_id === 'string' ? { username: chat_id.replace(/^@/, '') } : undefined;
}

/** A parameter comes as JSON, or as text in a form. */
function number(value: unknown): number | undefined {
  const given = typeof value === 'string' && /^-?\d{1,16}$/.test(value.trim()) ? Number(value) : value;
  return typeof given === 'number' && Number.isSafeInteger(given) ? given : undefined;
}

const object = (value: unknown): Fields => (isFields(value) ? value : typeof value === 'string' ? (parsed(value) ?? {}) : {});

function list(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'string' || !value.trim().startsWith('[')) return value === undefined ? [] : [value];
  return list(parsed(`{"list":${value}}`)?.['list'] ?? []);
}

function parsed(json: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined; // the parser's message quotes the body
  }
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
