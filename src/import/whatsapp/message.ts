import type { Found } from '../types.js';
import { defined, type Loose, stableName } from '../values.js';
import { unmarked } from './author.js';
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
}

/** Digits of an author that is a phone number. */
const PHONE = /^\+?[\d\s().\u00a0\u2011-]{7,24}$/;

/**
 * The message as a webhook body of field `messages` with one message. An export has no ids: the message's is a hash of chat, time,
 * author and text, with a number for equal ones.
 */
export function bodyOf(entry: Entry, ordinal: (key: string, date: number) => number): Found {
  const { chat, date, author, me, line } = entry;
  const said = contentOf(entry);
  const key = stableName('whatsapp', chat.normalize('NFC').toLowerCase(), date, author ?? null, said.key);
  const nth = ordinal(key, date);
  const person = author === undefined ? undefined : personOf(author);
  const message = {
    ...(person && defined({ from: person.number, from_user_id: person.id })),
    id: `import.${key}${nth === 0 ? '' : `.${nth + 1}`}`,
    timestamp: String(date),
    group_id: `import:${chat}`,
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

/** A person is known by number where the phone had no name, and else by name: the same name is the same person. */
function personOf(author: string): { readonly number: string | undefined; readonly id: string | undefined } {
  if (PHONE.test(author)) {
    const digits = author.replace(/\D/g, '');
    if (digits.length >= 7 && digits.length <= 15) return { number: digits, id: undefined };
  }
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
