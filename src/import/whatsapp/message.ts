import type { Found } from '../types.js';
import { importedId, plainText } from '../../sources/whatsapp/twins.js';
import { defined, type Loose, stableName } from '../values.js';
import { unmarked } from './author.js';
import { digitsOf } from './sides.js';
import { isDeleted, placeholderOf, SAYS_OF_ITSELF, unedited } from './words.js';

/** Written into each raw line, and so into each row. */
export const WHATSAPP_MARK = 'whatsapp-export';

/** A message of a chat export, put together from its lines. */
export interface Entry {
  readonly chat: string;
  /** Line it begins at. */
  readonly line: number;
  /** Epoch seconds. */
  readonly date: number;
  readonly author: string | undefined;
  readonly text: string;
  readonly me: boolean;
  /** Digits of the person's number in a chat of two; the conversation is then that number's. */
  readonly number: string | undefined;
}

/**
 * The message as a webhook body of field `messages` with one message. An export has no ids: the message's is a hash of chat, time,
 * author and text, and its number among those of a minute that say the same.
 */
export function bodyOf(entry: Entry, ordinal: (key: string, date: number) => number): Found {
  const { chat, date, author, me, line, number } = entry;
  const said = contentOf(entry);
  const key = stableName('whatsapp', chat.normalize('NFC').toLowerCase(), date, author ?? null, said.key);
  const minute = stableName(Math.floor(date / 60), author ?? null, plainText(said.key));
  const person = author === undefined ? undefined : personOf(author, me ? undefined : number);
  const message = {
    ...(person ? defined({ from: person.number, from_user_id: person.id }) : defined({ from: number })),
    ...(me && number !== undefined && { to: number }),
    id: importedId(key, ordinal(minute, date) + 1),
    timestamp: String(date),
    ...(number === undefined && { group_id: `import:${chat}` }),
    type: said.type,
    ...said.content,
    import: { from: WHATSAPP_MARK, line },
  };
  const contacts = person ? [defined({ wa_id: person.number, user_id: person.id, profile: { name: author } })] : undefined;
  const value = defined({ messaging_product: 'whatsapp', metadata: {}, contacts, [me ? 'message_echoes' : 'messages']: [message] });
  const payload = JSON.stringify({
    import: WHATSAPP_MARK,
    object: 'whatsapp_business_account',
    entry: [{ id: 'import', changes: [{ field: me ? 'smb_message_echoes' : 'messages', value }] }],
  });
  return { payload, told: { chat, date, author, kind: said.type, text: said.told } };
}

/** A person is known by number where there is one, and else by name: the same name is the same person. */
function personOf(author: string, given: string | undefined): { readonly number: string | undefined; readonly id: string | undefined } {
  const number = given ?? digitsOf(author);
  if (number !== undefined) return { number, id: undefined };
  return { number: undefined, id: `import.${stableName('person', author.normalize('NFC')).slice(0, 16)}` };
}

interface Said {
  readonly type: string;
  readonly content: Loose;
  /** What makes the message differ from others: the same whether the export has the files or leaves them out. */
  readonly key: string;
  readonly told: string | undefined;
}

function contentOf({ author, text }: Entry): Said {
  const plain = unedited(text.replace(/^[\u200e\u200f]+/, ''));
  if (author === undefined || (text.startsWith('\u200e') && SAYS_OF_ITSELF.test(text)))
    return { type: 'system', content: { system: { body: plain } }, key: `system ${plain}`, told: plain };
  if (isDeleted(unmarked(plain))) return { type: 'revoke', content: { revoke: { body: plain } }, key: 'revoke', told: undefined };
  const [first = '', ...more] = plain.split('\n');
  const placeholder = placeholderOf(unmarked(first).trim());
  if (placeholder === undefined) return { type: 'text', content: { text: { body: plain } }, key: plain, told: plain };
  const caption = more.join('\n');
  const { type, filename } = placeholder;
  const file = defined({ filename, caption: caption === '' ? undefined : caption });
  return {
    type,
    content: type === 'media' ? { media: file, ...(caption === '' ? {} : { text: { body: caption } }) } : { [type]: file },
    key: `file ${caption}`,
    told: caption === '' ? undefined : caption,
  };
}
