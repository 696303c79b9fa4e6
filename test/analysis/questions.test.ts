import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normalForm } from '../../src/analysis/text/normal.js';
import type { Filters, QuestionsView } from '../../src/analysis/types.js';
import { mountQuestions } from '../../src/server/api-questions.js';
import { literal } from '../../src/sources/shape.js';
import { ask } from '../query/lake.js';
import { analysed, type Analysed } from './analysed.js';
import { addRow, LAST_DAY, randomRows, type Row, type Rows, ZONE } from './lake.js';

const NOW = ZONE.startOf(LAST_DAY) * 1000 + 20 * 3_600_000;

const open = (rows: Rows): Promise<Analysed> => analysed(rows, NOW);

const EN = { language: 'en' } as const;
const numbers = (row: readonly unknown[] | undefined) =>
  row?.map((value) => (value === null ? null : Number(Number(value).toPrecision(9))));

describe('recurring questions of a lake', () => {
  let lake: Analysed;
  beforeAll(async () => {
    lake = await open(randomRows('questions'));
  });
  afterAll(() => lake.close());

  it.each<[string, Filters]>([
    ['all there is', { period: 'all' }],
    ['a month', { period: '30d' }],
    ['a channel', { period: 'all', channel: ['telegram'] }],
    ['hours and days', { period: 'all', hour: [8, 9, 10, 11, 12, 13], weekday: [1, 2, 3] }],
    ['a person', { period: '90d', person: ['telegram:1'] }],
  ])('have the numbers that SQL gives: %s', async (_, filters) => {
    const view = await lake.analysis.questions(filters, EN);
    const asked = await ask(lake.engine, view.sql);
    expect(view.total).toBe(asked.reduce((sum, [, count]) => sum + Number(count), 0));
    expect(view.groups.reduce((sum, { count }) => sum + count, 0)).toBe(view.total);
    for (const group of view.groups) {
      const forms = group.examples.map(({ text }) => normalForm(literal(text), 'trino')).join(', ');
      const inner = view.sql.slice(view.sql.indexOf('(SELECT'), view.sql.lastIndexOf(') asked') + 1);
      const sql = `WITH asked AS ${inner}, mine AS (SELECT * FROM asked WHERE question IN (${forms}))
SELECT count(*), count(DISTINCT person), count(response_seconds) * 1e0 / count(*), (SELECT median(response_seconds) FROM mine) FROM mine`;
      const expected = [group.count, group.people, group.answered, group.median];
      expect(numbers((await ask(lake.engine, sql))[0])).toEqual(numbers(expected));
      expect(group.spark.reduce((sum, count) => sum + count, 0)).toBe(group.count);
    }
  });

  it('compare with the period before, and with none for all there is', async () => {
    const [now, before] = [
      await lake.analysis.questions({ period: '2024-03-01..2024-03-14' }, EN),
      await lake.analysis.questions({ period: '2024-02-16..2024-02-29' }, EN),
    ];
    const counts = new Map(before.groups.map(({ id, count }) => [id, count]));
    expect(now.groups.length).toBeGreaterThan(1);
    for (const { id, before: count } of now.groups) expect(count).toBe(counts.get(id) ?? 0);
    const all = await lake.analysis.questions({ period: 'all' }, EN);
    expect(all.groups.every(({ before: count }) => count === null)).toBe(true);
  });

  it('come most asked first, over HTTP too, and a wrong filter is told', async () => {
    const app = new Hono();
    mountQuestions(app, lake.analysis);
    app.onError((error, c) => c.json({ message: error.message }, 400));
    const answer = await app.request('/api/questions?period=all&channel=telegram&lang=en');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const view = (await answer.json()) as QuestionsView;
    expect(view.groups.map(({ count }) => count)).toEqual(view.groups.map(({ count }) => count).sort((a, b) => b - a));
    expect((await app.request('/api/questions?hour=25')).status).toBe(400);
  });
});

describe('a group of wordings', () => {
  const start = ZONE.startOf(LAST_DAY) + 9 * 3600;
  const whatsapp = (id: number, minutes: number, text: string, more: Row = {}): Row => ({
    name: 'Ana',
    number: 5_511_900_000_000 + id,
    message: text,
    date: start + minutes * 60,
    type: 'text',
    message_id: `wamid.${id}`,
    phone_number_id: '777',
    direction: 'in',
    ...more,
  });
  const viewOf = async (rows: readonly Row[]): Promise<QuestionsView> => {
    const found: Rows = new Map();
    for (const row of rows) addRow(found, ZONE, 'whatsapp', row);
    const lake = await open(found);
    try {
      return await lake.analysis.questions({ period: 'today' }, EN);
    } finally {
      await lake.close();
    }
  };

  it('shows its most frequent wording as written, the others, and how they were answered', async () => {
    const view = await viewOf([
      whatsapp(1, 0, 'Vocês aceitam PIX?'),
      whatsapp(1, 1, 'sim', { message_id: 'wamid.1o', direction: 'out' }),
      whatsapp(2, 5, 'vocês aceitam pix'),
      whatsapp(3, 9, 'posso pagar com pix?'),
      whatsapp(3, 12, 'sim', { message_id: 'wamid.3o', direction: 'out' }),
      whatsapp(4, 20, 'qual o valor do frete?'),
      whatsapp(5, 25, 'oi, tudo bem?'),
    ]);
    expect(view.total).toBe(4);
    expect(view.groups).toHaveLength(2);
    expect(view.groups[0]).toMatchObject({ example: 'Vocês aceitam PIX?', count: 3, before: 0, wordings: 2, people: 3, median: 120 });
    expect(view.groups[0]?.answered).toBeCloseTo(2 / 3);
    expect(view.groups[0]?.examples).toEqual([
      { text: 'Vocês aceitam PIX?', count: 2, message: 'whatsapp:5511900000001:wamid.1' },
      { text: 'posso pagar com pix?', count: 1, message: 'whatsapp:5511900000003:wamid.3' },
    ]);
    expect(view.note).toBeUndefined();
  });

  it('is what the first page says is asked most', async () => {
    const rows: Rows = new Map();
    const said = ['aceita pix?', 'Vocês aceitam PIX?', 'vcs aceitam pix', 'qual o frete?', 'Qual o frete?'];
    for (const [at, text] of said.entries()) addRow(rows, ZONE, 'whatsapp', whatsapp(at, at, text));
    const lake = await open(rows);
    try {
      const [questions, view] = [
        await lake.analysis.questions({ period: 'today' }, EN),
        await lake.analysis.view({ period: 'today' }, { ...EN, targetMinutes: 10 }),
      ];
      expect(questions.groups.map(({ example, count }) => [example, count])).toEqual([
        ['Vocês aceitam PIX?', 3],
        ['qual o frete?', 2],
      ]);
      const sentence = view.answers
        .find(({ id }) => id === 'asked')
        ?.sentence.map((part) => (typeof part === 'string' ? part : part.strong));
      expect(sentence?.join('')).toMatch(/Vocês aceitam PIX\?.* 3 times/);
    } finally {
      await lake.close();
    }
  });

  it('says nothing of answers where none was ever captured', async () => {
    const view = await viewOf([whatsapp(1, 0, 'vocês aceitam pix?'), whatsapp(2, 5, 'aceita pix?')]);
    expect(view.groups[0]).toMatchObject({ count: 2, answered: null, median: null });
    expect(view.note).toMatch(/no answer was ever captured/);
  });
});
