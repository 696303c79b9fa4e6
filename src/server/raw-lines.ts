import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { RawLine } from '../analysis/types.js';
import { ChatlakeError } from '../errors.js';
import { literal } from '../sources/shape.js';
import type { QueryEngine, Store } from '../types.js';
import type { Found } from './message-sql.js';
import { rowsOf } from './queries.js';

/** Where superseded versions of a message are, by channel: the id columns of the table of events. */
const VERSIONS: Readonly<Record<string, { readonly table: string; readonly chat?: string }>> = {
  telegram: { table: 'telegram_events', chat: 'chat_id' },
  whatsapp: { table: 'whatsapp_events' },
};

/** The line a message came from, as it was kept, and what an edit superseded. Throws NOT_FOUND. */
export async function rawLineOf(raw: Store, engine: QueryEngine, found: Found): Promise<RawLine> {
  const { file, line, place, date } = found;
  const [text, versions] = await Promise.all([lineAt(raw, file, line), versionsOf(engine, place, date)]);
  return { file, line, text, versions };
}

async function lineAt(raw: Store, file: string, line: number): Promise<string> {
  const path = await raw.local(file);
  // A file of one object, over any number of lines, is one line of the lake.
  const whole = path.endsWith('.json');
  const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity });
  const read: string[] = [];
  let at = 0;
  for await (const text of lines) {
    at += 1;
    if (!whole && at < line) continue;
    read.push(text);
    if (!whole) break;
  }
  if (read.length > 0) return read.join('\n');
  throw new ChatlakeError('NOT_FOUND', `The raw lake has no line ${line} in ${file} any more.`);
}

async function versionsOf(engine: QueryEngine, place: Found['place'], date: string): Promise<RawLine['versions']> {
  const kept = VERSIONS[place.channel];
  if (!kept) return [];
  const chat = kept.chat === undefined ? '' : `AND CAST(${kept.chat} AS VARCHAR) = ${literal(place.conversation)}`;
  const rows = await rowsOf(
    engine,
    `SELECT "date" AS at, payload FROM ${kept.table} WHERE context_date >= DATE ${literal(date)}
     AND event_id LIKE 'version:%' AND CAST(message_id AS VARCHAR) = ${literal(place.message)} ${chat} ORDER BY "date" LIMIT 200`,
  );
  return rows.map(({ at, payload }) => ({ at: Number(at) * 1000, payload: String(payload) }));
}
