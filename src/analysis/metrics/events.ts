import { literal } from '../../sources/shape.js';

/** Kinds of Telegram messages that tell of somebody coming or going. */
export const JOIN_KINDS: readonly string[] = ['new_chat_participant', 'new_chat_members', 'new_chat_member'];
export const LEAVE_KINDS: readonly string[] = ['left_chat_member', 'left_chat_participant'];

const OUTSIDE = ['left', 'kicked'].map(literal).join(', ');

/** How a text is taken out of a JSON payload: the engines differ in the function's name. */
export type JsonText = (path: string) => string;

export const jsonIn =
  (name: 'json_extract_scalar' | 'json_extract_string', payload = 'payload'): JsonText =>
  (path) =>
    `${name}(${payload}, '${path}')`;

const status = (json: JsonText, which: 'old' | 'new') => json(`$.${which}_chat_member.status`);

/** Whether a `chat_member` update is somebody's coming, or going. */
export const joined = (json: JsonText): string => `(${status(json, 'old')} IN (${OUTSIDE}) AND ${status(json, 'new')} NOT IN (${OUTSIDE}))`;
export const left = (json: JsonText): string => `(${status(json, 'old')} NOT IN (${OUTSIDE}) AND ${status(json, 'new')} IN (${OUTSIDE}))`;

/** An emoji without the mark that asks for colour: WhatsApp writes it where Telegram leaves it out, and the two are one. */
export const emojiIn = (text: string): string => `replace(${text}, chr(65039), '')`;

const first = (json: JsonText, which: 'old' | 'new') =>
  emojiIn(`coalesce(${json(`$.${which}_reaction[0].emoji`)}, ${json(`$.${which}_reaction[0].type`)})`);

/** The reaction that a `message_reaction` update adds; NULL when it only takes one away. A custom emoji is `custom_emoji`. */
export const reactionIn = (json: JsonText): string =>
  `CASE WHEN ${first(json, 'old')} = ${first(json, 'new')} THEN NULL ELSE ${first(json, 'new')} END`;
