import type { Table } from '../types.js';

/** What arrived and could not become a row, with the reason. Partitioned by arrival date. */
export const QUARANTINE: Table = {
  name: 'quarantine',
  description: 'What arrived and could not become a row, with the reason.',
  columns: [
    { name: 'source', type: 'VARCHAR', description: 'telegram, whatsapp, ...' },
    { name: 'reason', type: 'VARCHAR', description: 'invalid_json, not_utf8, not_an_object, or the columns that are missing.' },
    { name: 'payload', type: 'VARCHAR', description: 'The line or body as text; `base64:` and the bytes where they are not UTF-8.' },
  ],
  key: ['source', 'raw_file', 'raw_line', 'reason'],
  required: ['source', 'reason'],
  provenance: [],
  order: ['source', 'raw_file', 'raw_line'],
};
