import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAnalysis } from '../../src/analysis/analysis.js';
import type { Period } from '../../src/analysis/types.js';
import { fileStore } from '../../src/lake/file.js';
import { addRow, LAST_DAY, newRoot, randomRows, type Row, type Rows, writeLake, ZONE } from './lake.js';
import { definitions, emptyFile, FIGURES, figuresSql, panelsOf, sparksSql, TABLES } from './own-sql.js';

/** Rows as texts, shares and averages to nine digits. */
const inOrder = (rows: readonly (readonly unknown[])[]): string[] =>
  rows.map((row) => row.map((cell) => (typeof cell === 'number' ? Number(cell.toPrecision(9)) : String(cell ?? ''))).join(' | '));
const told = (rows: readonly (readonly unknown[])[]): string[] => inOrder(rows).sort();

/** A lake, as the analysis sees it and as the definitions do. */
async function lakeOf(tables: Rows, now: number) {
  const root = await newRoot();
  await writeLake(root, tables);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const name of TABLES) {
    await mkdir(join(root, name, 'context_date=1970-01-01'), { recursive: true });
    await connection.run(emptyFile(root, name));
  }
  await connection.run(definitions(root));
  const analysis = await openAnalysis({ enriched: fileStore(root), zone: ZONE, clock: { now: () => now } });
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRows();
  return {
    view: (period: Period, panels: readonly string[]) => analysis.view({ period }, { language: 'en', targetMinutes: 10, panels }),
    rows,
    own: async (sql: string): Promise<string[]> => told(await rows(sql)),
    close: async () => {
      connection.closeSync();
      instance.closeSync();
      await analysis.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Rows of a table, each with what all of them have. */
function rowsOf(common: Row, ...tables: readonly (readonly [name: string, ...rows: readonly Row[]])[]): Rows {
  const rows: Rows = new Map();
  for (const [name, ...all] of tables) for (const row of all) addRow(rows, ZONE, name, { ...common, ...row });
  return rows;
}

const at = (time: string): number => Date.parse(time) / 1000;
const GROUP = { chat_id: -1001000, chat_type: 'supergroup', chat_title: '=1+1', data_type: 'text', direction: 'in' };
const ANA = { user_id: 1, user_is_bot: false, user_first_name: '<b>Ana</b>' };
const BOT = { user_id: 99, user_is_bot: true, user_first_name: 'Bot' };
const CONTACT = { name: 'Zé', phone_number_id: '777', type: 'text', direction: 'in' };

const LAKES: readonly (readonly [what: string, rows: Rows, last: string])[] = [
  ['everything', randomRows('independent'), LAST_DAY],
  ['nothing', new Map(), '2024-11-04'],
  ['one message', rowsOf(GROUP, ['telegram', { ...ANA, message_id: 1, text: 'oi', date: at('2024-11-03T12:00:00Z') }]), '2024-11-04'],
  [
    'a day of 25 hours, its hour of one passing twice',
    rowsOf(GROUP, [
      'telegram',
      { ...ANA, message_id: 1, text: 'onde fica?', date: at('2024-11-03T04:00:00Z') },
      { ...ANA, message_id: 2, text: 'e agora?', date: at('2024-11-03T05:50:00Z'), edit_date: at('2024-11-05T06:00:00Z') },
      { user_id: 2, user_first_name: 'Bia', message_id: 3, text: 'ali', date: at('2024-11-03T06:10:00Z') },
      {
        sender_chat_id: -1001000,
        user_is_bot: null,
        message_id: 4,
        data_type: 'photo',
        caption: 'que dia é?',
        date: at('2024-11-04T04:59:59Z'),
      },
      { ...BOT, message_id: 5, text: 'hoje', date: at('2024-11-04T05:00:00Z'), reply_to_message_id: 4 },
    ]),
    '2024-11-06',
  ],
  [
    'bots alone, in a group that moves',
    rowsOf({ ...GROUP, ...BOT }, [
      'telegram',
      { chat_id: -100, message_id: 1, text: 'alguém quer?', date: at('2024-10-31T12:00:00Z') },
      { chat_id: -100, message_id: 2, data_type: 'migrate_to_chat_id', migrate_to_chat_id: -1001000, date: at('2024-10-31T12:00:01Z') },
      { message_id: 1, text: 'oi', user_id: 98, date: at('2024-11-02T12:00:00Z') },
    ]),
    '2024-11-04',
  ],
  [
    'questions that nobody answers: somebody joins, pins, and reacts',
    rowsOf(
      {},
      [
        'telegram',
        { ...GROUP, ...ANA, message_id: 1, text: 'alguém sabe?', date: at('2024-11-01T12:00:00Z') },
        { ...GROUP, user_id: 2, user_first_name: 'Bia', message_id: 2, data_type: 'new_chat_members', date: at('2024-11-01T12:01:00Z') },
        { ...GROUP, ...BOT, message_id: 3, data_type: 'pinned_message', reply_to_message_id: 1, date: at('2024-11-01T12:02:00Z') },
        { ...GROUP, user_id: 2, user_first_name: 'Bia', message_id: 4, text: 'eu sei', date: at('2024-11-03T12:00:00Z') },
      ],
      [
        'whatsapp',
        { ...CONTACT, number: 5_511_900_000_009, message_id: 'a', message: 'qual o preço?', date: at('2024-11-01T12:00:00Z') },
        {
          ...CONTACT,
          number: 5_511_900_000_009,
          message_id: 'b',
          type: 'reaction',
          message: '👍',
          direction: 'out',
          reply_to_message_id: 'a',
          date: at('2024-11-01T12:01:00Z'),
        },
      ],
    ),
    '2024-11-04',
  ],
  [
    'a contact with a new number',
    rowsOf(
      CONTACT,
      [
        'whatsapp',
        { number: 5_511_900_000_001, message_id: 'a', message: 'qual o preço?', date: at('2024-11-01T12:00:00Z') },
        {
          number: 5_511_900_000_001,
          message_id: 'b',
          type: 'system',
          message: 'User Zé changed from 5511900000001 to 5511999000001',
          date: at('2024-11-02T12:00:00Z'),
        },
        { number: 5_511_999_000_001, message_id: 'c', message: 'oi', date: at('2024-11-03T12:00:00Z') },
      ],
      ['whatsapp_statuses', { message_id: 'o', status: 'sent', recipient_id: '5511900000001', date: at('2024-11-02T11:59:59Z') }],
    ),
    '2024-11-04',
  ],
  [
    'what is told of messages that are not captured, and of reactions, on days without any',
    rowsOf(
      CONTACT,
      [
        'whatsapp_statuses',
        ...['2024-10-20', '2024-11-01'].map((day) => ({
          message_id: day,
          status: 'sent',
          recipient_id: '5511900000009',
          date: at(`${day}T12:00:00Z`),
        })),
      ],
      [
        'telegram_events',
        {
          event_id: '1',
          update_kind: 'message_reaction',
          chat_id: -1001000,
          date: at('2024-10-10T12:00:00Z'),
          payload: JSON.stringify({ old_reaction: [], new_reaction: [{ type: 'emoji', emoji: '🔥' }] }),
        },
      ],
    ),
    '2024-11-04',
  ],
  [
    'what a business sends, and nobody answers',
    rowsOf(
      { ...CONTACT, number: 5_511_900_000_009, direction: 'out' },
      ['whatsapp', { message_id: 'a', message: 'posso ajudar?', date: at('2024-11-01T12:00:00Z') }],
      [
        'whatsapp_statuses',
        { message_id: 'a', status: 'sent', recipient_id: '5511900000009', date: at('2024-11-01T12:00:01Z') },
        { message_id: 'a', status: 'delivered', recipient_id: '5511900000009', date: at('2024-11-02T12:00:00Z') },
        { message_id: 'a', status: 'read', recipient_id: '5511900000009', date: at('2024-11-02T12:00:01Z') },
      ],
    ),
    '2024-11-04',
  ],
];

const PERIODS: readonly Period[] = [
  'all',
  'today',
  '30d',
  '12m',
  '2024-03-04..2024-03-17',
  '2024-03-10..2024-03-10',
  '2024-11-03..2024-11-03',
];

describe.each(LAKES)('a lake of %s has the numbers of the definitions', (_, rows, last) => {
  let lake: Awaited<ReturnType<typeof lakeOf>>;
  beforeAll(async () => {
    lake = await lakeOf(rows, ZONE.startOf(last) * 1000 + 20 * 3_600_000);
  });
  afterAll(() => lake.close());

  it.each(PERIODS)('in figures, and those of the period before: %s', async (period) => {
    const { figures, range, before } = await lake.view(period, []);
    const values = (which: 'value' | 'before') => told([FIGURES.map((id) => figures.find((figure) => figure.id === id)?.[which])]);
    expect(values('value')).toEqual(await lake.own(figuresSql(range)));
    if (before !== null) expect(values('before')).toEqual(await lake.own(figuresSql(before)));
  });

  it.each(PERIODS)('in the course of figures: %s', async (period) => {
    const view = await lake.view(period, []);
    const own = await lake.rows(sparksSql(view));
    // Of a day that goes on, nothing is said after its last message.
    const last = view.underway ? own.findLastIndex(([messages]) => messages !== 0n) : own.length;
    const courses = FIGURES.map((id) => view.figures.find((figure) => figure.id === id)?.spark ?? []);
    for (const course of courses) expect(course).toHaveLength(own.length);
    expect(inOrder(own.map((_row, at) => courses.map((course) => course[at])))).toEqual(
      inOrder(own.map((row, at) => (at > last ? row.map(() => null) : row))),
    );
  });

  it.each(PERIODS)('in panels: %s', async (period) => {
    const statements = Object.entries(panelsOf(await lake.view(period, [])));
    const { panels } = await lake.view(
      period,
      statements.map(([id]) => id),
    );
    for (const [id, [names, sql]] of statements) {
      const { columns = [], rows: found = [] } = panels.find((panel) => panel.id === id) ?? {};
      const places = names.split(' ').map((name) => (name === '0' ? 0 : columns.findIndex((column) => column.name === name)));
      expect({ id, rows: told(found.map((row) => places.map((place) => row[place]))) }).toEqual({ id, rows: await lake.own(sql) });
    }
  });
});
