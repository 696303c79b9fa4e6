import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { fileColumns } from '../../src/etl/fingerprint.js';
import { type Random, random } from '../../src/demo/random.js';
import { literal } from '../../src/sources/shape.js';
import { type Zone, addDays } from '../../src/zone.js';
import { zoneNamed } from '../support/lake.js';
import { table } from '../query/lake.js';

type Value = string | number | boolean | null | undefined | readonly string[];
export type Row = Readonly<Record<string, Value>>;
/** Rows by table and day. */
export type Rows = Map<string, Map<string, Row[]>>;

export const ZONE: Zone = zoneNamed('America/New_York');

const sql = (value: Value): string => {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'string') return literal(value);
  if (Array.isArray(value)) return `[${value.map((item) => literal(String(item))).join(', ')}]`;
  return String(value as number | boolean);
};

export function addRow(rows: Rows, zone: Zone, name: string, row: Row): void {
  const days = rows.get(name) ?? new Map<string, Row[]>();
  rows.set(name, days);
  const day = zone.dateAt(Number(row['date']));
  days.set(day, [...(days.get(day) ?? []), row]);
}

/** Writes every table and day as the ETL would; days in `only` alone, when given. */
export async function writeLake(root: string, rows: Rows, only?: ReadonlySet<string>): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const [name, days] of rows) {
    const columns = fileColumns(table(name));
    for (const [day, found] of days) {
      if (only && !only.has(day)) continue;
      const folder = join(root, name, `context_date=${day}`);
      await mkdir(folder, { recursive: true });
      const values = found.map((row) => `(${columns.map((column) => sql(row[column.name])).join(', ')})`).join(', ');
      const select = columns.map((column, at) => `CAST(col${at} AS ${column.type}) AS "${column.name}"`).join(', ');
      await connection.run(
        `COPY (SELECT ${select} FROM (VALUES ${values}) v(${columns.map((_, at) => `col${at}`).join(', ')})) TO ${literal(join(folder, 'data.parquet'))} (FORMAT parquet, COMPRESSION zstd)`,
      );
    }
  }
  connection.closeSync();
  instance.closeSync();
}

export const newRoot = (): Promise<string> => mkdtemp(join(tmpdir(), 'chatlake-analysis-'));

const TEXTS = [
  'Bom dia pessoal',
  'bom dia, PESSOAL!',
  'kkkk',
  'KKKKKKK 😂',
  'Alguém sabe como instalar?',
  'como instala isso?',
  'não funcionou, deu erro',
  'obrigado, funcionou',
  'como faço para pagar?',
  'Where is the documentation?',
  '¿Cuánto cuesta el envío?',
  'acho que o servidor caiu de novo',
  'o servidor voltou, obrigado pessoal',
  'ok',
  '👍',
  'https://example.com/?q=1',
  "it's a trap <script>alert('x')</script>",
  'relatório de vendas pronto #vendas',
];

const START = '2024-02-05';
/** Into the second month of another quarter. */
export const DAYS = 89;
export const LAST_DAY = addDays(START, DAYS - 1);
const OLD_GROUP = -100;
const GROUP = -1_001_000;
const FORUM = -1_002_000;

/** A lake of a few hundred messages with everything that metrics look at. The same seed gives the same rows. */
export function randomRows(seed: string, count = 1200): Rows {
  const chance = random(seed);
  const rows: Rows = new Map();
  const start = ZONE.startOf(START);
  const seconds = DAYS * 86_400;
  let id = 1000;
  // Few files are quick to query: two days in a row and one alone of each week.
  const times = Array.from({ length: count }, () => start + Math.floor(seconds * Math.sqrt(chance.next())))
    .filter((time) => [0, 1, 4].includes(Math.floor((time - start) / 86_400) % 7))
    .sort((a, b) => a - b);
  // Bursts, so that answers follow within seconds, and some in the very same one.
  const dense = times.flatMap((time) => Array.from({ length: chance.int(1, 3) }, (_, at) => time + at * chance.int(0, 90)));
  for (const time of dense.sort((a, b) => a - b)) {
    if (chance.chance(0.65)) telegram(rows, chance, time, id++, start + seconds / 2);
    else whatsapp(rows, chance, time, id++, start + seconds / 2);
  }
  migrate(rows, start + seconds / 2, id);
  sayOnOneDay(rows, start + seconds / 2, id + 1);
  return rows;
}

function telegram(rows: Rows, chance: Random, time: number, id: number, middle: number): void {
  const person = 1 + Math.floor(12 * chance.next() ** 2);
  const bot = chance.chance(0.12);
  const chat = chance.pick([time < middle ? OLD_GROUP : GROUP, time < middle ? OLD_GROUP : GROUP, FORUM, 500 + person]);
  const kind = chance.weighted(
    [
      ['text', 70],
      ['photo', 14],
      ['voice', 6],
      ['new_chat_members', 3],
      ['left_chat_member', 2],
      ['sticker', 5],
    ] as const,
    ([, weight]) => weight,
  )[0];
  const text = chance.pick(TEXTS);
  const row = {
    message_id: id,
    user_id: bot ? 99 : chance.chance(0.02) ? null : person,
    sender_chat_id: null,
    user_is_bot: bot,
    user_first_name: bot ? 'Bot' : `Pessoa ${person}${time > middle && person % 3 === 0 ? ' (nova)' : ''}`,
    user_language_code: bot ? null : chance.pick(['pt-br', 'en', null]),
    chat_id: chat,
    chat_type: chat > 0 ? 'private' : 'supergroup',
    chat_title: chat > 0 ? null : `Grupo ${chat}`,
    data_type: kind,
    text: kind === 'text' ? text : null,
    caption: kind === 'photo' && chance.chance(0.5) ? text : null,
    hashtags: text.includes('#') && kind === 'text' ? ['#vendas'] : null,
    commands: chance.chance(0.04) ? [chance.pick(['/start', '/help'])] : null,
    message_thread_id: chat === FORUM && chance.chance(0.7) ? chance.int(1, 4) : null,
    reply_to_message_id: chance.chance(0.3) ? id - chance.int(1, 6) : null,
    date: time,
    direction: 'in',
  };
  addRow(rows, ZONE, 'telegram', { ...row, ...topicTold(row.message_thread_id, id) });
  if (chance.chance(0.1)) reaction(rows, chance, time + chance.int(1, 500), id, chat);
  if (kind === 'new_chat_members' && chance.chance(0.7)) memberEvent(rows, time, id, chat, 'left', 'member');
  if (kind === 'left_chat_member') memberEvent(rows, time, id, chat, 'member', 'left');
  if (chance.chance(0.02)) memberEvent(rows, time, id + 1_000_000, chat, 'member', 'administrator');
}

/** Topics are renamed now and then, told by some messages within them; the first one's name by none. */
function topicTold(topic: number | null, id: number): Row {
  if (topic === null || topic === 1 || id % 2 === 0) return {};
  return id % 5 === 0 ? { topic_name: `Tema ${id % 7}`, data_type: 'forum_topic_edited' } : { topic_name: `Tema ${topic}` };
}

function reaction(rows: Rows, chance: Random, time: number, id: number, chat: number): void {
  const emoji = (text: string) => ({ type: 'emoji', emoji: text });
  const added = chance.chance(0.8) ? [emoji(chance.pick(['👍', '❤', '❤\ufe0f', '😂']))] : [];
  const old = chance.chance(0.3) ? [emoji(chance.pick(['👍', '❤']))] : [];
  addRow(rows, ZONE, 'telegram_events', {
    event_id: `message_reaction:${id}`,
    update_kind: 'message_reaction',
    chat_id: chat,
    message_id: id,
    date: time,
    payload: JSON.stringify({ chat: { id: chat }, message_id: id, date: time, old_reaction: old, new_reaction: added }),
  });
}

function memberEvent(rows: Rows, time: number, id: number, chat: number, from: string, to: string): void {
  addRow(rows, ZONE, 'telegram_events', {
    event_id: `chat_member:${id}`,
    update_kind: 'chat_member',
    chat_id: chat,
    date: time,
    payload: JSON.stringify({
      chat: { id: chat },
      date: time,
      old_chat_member: { user: { id }, status: from },
      new_chat_member: { user: { id, first_name: '"status":"left"' }, status: to },
    }),
  });
}

function migrate(rows: Rows, middle: number, id: number): void {
  const base = { user_id: 1, user_is_bot: false, user_first_name: 'Pessoa 1', chat_type: 'group', direction: 'in', date: middle };
  addRow(rows, ZONE, 'telegram', {
    ...base,
    message_id: id,
    chat_id: OLD_GROUP,
    data_type: 'migrate_to_chat_id',
    migrate_to_chat_id: GROUP,
  });
  addRow(rows, ZONE, 'telegram', {
    ...base,
    message_id: 1,
    chat_id: GROUP,
    data_type: 'migrate_from_chat_id',
    migrate_from_chat_id: OLD_GROUP,
  });
}

/** A text that one day has twice, and no other day. */
function sayOnOneDay(rows: Rows, date: number, id: number): void {
  const said = { user_id: 2, user_is_bot: false, user_first_name: 'Pessoa 2', chat_id: GROUP, chat_type: 'supergroup', direction: 'in' };
  for (const at of [0, 60])
    addRow(rows, ZONE, 'telegram', { ...said, message_id: id + at, data_type: 'text', text: 'só neste dia', date: date + at });
}

function whatsapp(rows: Rows, chance: Random, time: number, id: number, middle: number): void {
  const contact = 1 + Math.floor(9 * chance.next() ** 2);
  // Contact 1 has a new number after the middle, and always a user id; contact 2 has a user id now and then, contact 3 only that.
  const phone = contact === 3 ? null : contact === 1 && time > middle ? 5_511_999_000_001 : 5_511_900_000_000 + contact;
  const user = contact === 1 || contact === 3 || (contact === 2 && chance.chance(0.4)) ? `BR.${contact}` : null;
  const kind = chance.weighted(
    [
      ['text', 75],
      ['image', 15],
      ['audio', 10],
    ] as const,
    ([, weight]) => weight,
  )[0];
  addRow(rows, ZONE, 'whatsapp', {
    name: `Contato ${contact}`,
    number: contact === 2 && user !== null && chance.chance(0.5) ? null : phone,
    user_id: user,
    message: kind === 'text' ? chance.pick(TEXTS) : null,
    date: time,
    type: kind,
    message_id: `wamid.${id}`,
    phone_number_id: '777',
    display_phone_number: '551140000000',
    group_id: chance.chance(0.05) ? 'g1' : null,
    direction: 'in',
  });
  if (id % 3 === 0) outbound(rows, time, id, phone === null ? { user_id: user } : { number: phone });
  if (chance.chance(0.5)) statuses(rows, chance, time + chance.int(0, 4000), id, phone === null ? `BR.${contact}` : String(phone));
}

/** What the business sent, at the moment of its status or, now and then, on the evening before. */
function outbound(rows: Rows, time: number, id: number, to: Row): void {
  addRow(rows, ZONE, 'whatsapp', {
    ...to,
    message: 'pronto, enviado',
    date: id % 2 === 0 ? time : ZONE.startOf(ZONE.dateAt(time)) - 1,
    type: 'text',
    message_id: `wamid.out.${id}`,
    phone_number_id: '777',
    display_phone_number: '551140000000',
    direction: 'out',
  });
}

function statuses(rows: Rows, chance: Random, time: number, id: number, recipient: string): void {
  const add = (status: string, at: number, more: Row = {}) =>
    addRow(rows, ZONE, 'whatsapp_statuses', {
      message_id: `wamid.out.${id}`,
      status,
      recipient_id: recipient,
      date: at,
      phone_number_id: '777',
      ...more,
    });
  if (chance.chance(0.1)) {
    add('failed', time, { error_code: chance.pick([131_026, 131_047]), error_title: 'Message undeliverable' });
    return;
  }
  add('sent', time);
  if (chance.chance(0.9)) add('delivered', time + 2);
  if (chance.chance(0.6)) add('read', time + 60);
}
