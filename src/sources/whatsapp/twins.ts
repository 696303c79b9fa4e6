import type { Table } from '../../types.js';
import { literal } from '../shape.js';
import { MEDIA_TYPES } from './kinds.js';

/**
 * A message of a chat export has no id of the platform's. It is the same as one that the platform delivered where both are of one
 * conversation, sent the same way in the same minute, and say the same.
 */

/** Marks that turn the direction of a text, or join and part nothing that is seen. */
const MARKS = '\\u200b-\\u200f\\u061c\\u202a-\\u202e\\u2060-\\u2069\\ufeff';
const SPACES = '\\s\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const inSql = (characters: string) => characters.replace(/\\u([0-9a-f]{4})/g, '\\x{$1}');
const pattern = { marks: new RegExp(`[${MARKS}]`, 'g'), spaces: new RegExp(`[${SPACES}]+`, 'g') };

/** A text as it is compared: without marks, spaces as one. */
export const plainText = (text: string): string =>
  text.replace(pattern.marks, '').replace(pattern.spaces, ' ').replace(/^ | $/g, '').normalize('NFC');

/** The same as a DuckDB expression. */
export const plainSql = (text: string): string =>
  `nfc_normalize(trim(regexp_replace(regexp_replace(${text}, '[${inSql(MARKS)}]', '', 'g'), '[\\x0b${inSql(SPACES)}]+', ' ', 'g')))`;

/** A file that the export left out is of the type `media`. */
const FILES = [...MEDIA_TYPES, 'media'].map(literal).join(', ');
/** What nobody said, or whose text an export has in other words. */
const OTHERS = ['system', 'revoke', 'edit', 'reaction', 'unsupported', 'request_welcome', 'media_placeholder'].map(literal).join(', ');

/** Which message of those that say the same in a minute an imported one is: the end of its id (see `importedId`). */
const NTH = `coalesce(TRY_CAST(regexp_extract(message_id, '\\.([0-9]{1,9})$', 1) AS BIGINT), 1)`;

export const importedId = (hash: string, nth: number): string => `import.${hash}${nth === 1 ? '' : `.${nth}`}`;

export const TWINS: NonNullable<Table['twins']> = {
  when: 'imported_from IS NOT NULL',
  same: [
    `coalesce(group_id, '')`,
    '"number"',
    'direction',
    '"date" // 60',
    `CASE WHEN "type" IN (${FILES}) THEN 'file ' || coalesce(${plainSql('message')}, '')
      WHEN "type" NOT IN (${OTHERS}) THEN nullif(${plainSql('message')}, '') END`,
  ],
  nth: NTH,
};
