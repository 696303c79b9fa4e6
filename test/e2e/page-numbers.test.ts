import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AnalysisView } from '../../src/analysis/types.js';
import { openBrowser, visit } from '../support/browser.js';
import { type Running, running, WAITING } from '../support/browser-lake.js';

vi.setConfig({ testTimeout: 300_000 });

const DAY = 86_400;
const TALK = { id: -100, type: 'supergroup', title: 'Talk' };
const HELP = { id: -200, type: 'supergroup', title: 'Help' };
const PEOPLE = ['Ana', 'Bia', 'Caio', 'Davi', 'Eva'] as const;

let browser: Browser;
let lake: Running;
let sent = 0;

const person = (at: number) => ({
  id: 1 + (at % 5),
  is_bot: false,
  first_name: PEOPLE[at % 5] as string,
  language_code: at % 5 < 3 ? 'pt' : 'es',
});
const entity = (text: string, type: string) => [{ type, offset: 0, length: text.split(' ')[0]?.length ?? 0 }];

type Fields = Readonly<Record<string, unknown>>;

/** A group that talks over two weeks, and one that asks: every second question gets a reply, each later than the last; the first of them is asked again. */
function* telegram(now: number): Generator<Fields> {
  for (let at = 0; at < 36; at += 1) {
    const date = now - Math.floor(at / 3) * DAY - (at % 7) * 5_400 - 7_200;
    const content =
      at % 6 === 0
        ? { photo: [{ file_id: `f${at}`, file_unique_id: `u${at}`, width: 1, height: 1 }] }
        : at % 5 === 0
          ? { text: `#topic${at % 2} again`, entities: entity('#topic0', 'hashtag') }
          : at % 7 === 0
            ? { text: '/start', entities: entity('/start', 'bot_command') }
            : { text: `a message of ${'many '.repeat(at % 4)}words` };
    yield { message_id: 1000 + at, chat: TALK, from: person(at), date, ...content };
  }
  for (let at = 0; at < 6; at += 1) {
    const date = now - (2 + 2 * at) * DAY;
    const question = { message_id: 2000 + 2 * at, chat: HELP, from: person(at), date, text: 'where can this be bought?' };
    yield question;
    if (at % 2 === 1)
      yield {
        message_id: 2001 + 2 * at,
        chat: HELP,
        from: person(at + 1),
        date: date + 4 ** at,
        text: 'over there',
        reply_to_message: question,
      };
    if (at === 5) yield { ...question, message_id: 2100, date: date + 4 ** at + 600, text: 'where, please, can this be bought?' };
  }
}

function* whatsapp(now: number): Generator<Fields> {
  for (let at = 0; at < 6; at += 1) {
    const from = `55119990000${at % 2}`;
    const value = {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '5511888800000', phone_number_id: '1' },
      contacts: [{ wa_id: from, profile: { name: `Client ${at % 2}` } }],
      messages: [{ from, id: `wamid.${at}`, timestamp: String(now - at * DAY - 3_600), type: 'text', text: { body: 'good morning' } }],
    };
    yield { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value }] }] };
  }
}

/** Reactions to the newest messages. */
function* reactions(now: number): Generator<Fields> {
  for (let at = 0; at < 7; at += 1) {
    const emoji = at % 3 === 0 ? '👍' : '🔥';
    const user = person(at);
    yield {
      chat: TALK,
      message_id: 1000 + at,
      user,
      date: now - (at % 3) * DAY - 3_600,
      old_reaction: [],
      new_reaction: [{ type: 'emoji', emoji }],
    };
  }
}

/** Puts what arrived just now into the raw lake of a folder. */
async function fill(folder: string): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const today = new Date((now - 10_800) * 1000).toISOString().slice(0, 10);
  const write = async (source: string, payloads: readonly Fields[], what = 'messages') => {
    const place = join(folder, 'data/raw', source, `context_date=${today}`);
    await mkdir(place, { recursive: true });
    const lines = payloads.map((payload, at) => `${JSON.stringify({ _received_at: now * 1000, _line: at + 1, ...payload })}\n`);
    await writeFile(join(place, `${now * 1000}-${what}-1.ndjson`), lines.join(''));
    if (what === 'messages') sent += payloads.length;
  };
  await write(
    'telegram',
    [...telegram(now)].map((message, at) => ({ update_id: at + 1, message })),
  );
  await write('whatsapp', [...whatsapp(now)]);
  await write(
    'telegram',
    [...reactions(now)].map((reaction, at) => ({ update_id: 1000 + at, message_reaction: reaction })),
    'reactions',
  );
}

beforeAll(async () => {
  const settings = { ...WAITING, WHATSAPP_APP_SECRET: 'x', WHATSAPP_VERIFY_TOKEN: 'v', CHATLAKE_TIMEZONE: '-03:00' };
  [browser, lake] = await Promise.all([openBrowser(), running(settings, [], fill)]);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await lake?.close();
});

/** Statement of the Parquet files alone: nothing of chatlake's views, macros or engine is in it. */
const MESSAGES = () => {
  const files = (table: string) => `read_parquet('${join(lake.folder, 'data/enriched', table)}/*/data.parquet')`;
  return `SELECT *, make_timestamp((seconds - 10800) * 1000000) AS local FROM (
    SELECT 'Telegram' AS channel, 't' || chat_id AS conversation, chat_title AS title, 't' || user_id AS person, user_first_name AS name,
      data_type AS kind, date AS seconds, text, message_id, reply_to_message_id AS reply, user_language_code AS speaks FROM ${files('telegram')}
    UNION ALL
    SELECT 'WhatsApp', 'w' || number, name, 'w' || number, name, type, date, message, NULL, NULL, NULL FROM ${files('whatsapp')})`;
};
const REACTIONS =
  () => `SELECT json_extract_string(payload, '$.new_reaction[0].emoji') AS emoji, make_timestamp((date - 10800) * 1000000) AS local
  FROM read_parquet('${join(lake.folder, 'data/enriched/telegram_events')}/*/data.parquet') WHERE update_kind = 'message_reaction'`;
const QUESTIONS = `SELECT q.*, (SELECT min(a.seconds) - q.seconds FROM m a WHERE a.reply = q.message_id AND a.conversation = q.conversation) AS wait,
  (SELECT min_by(a.name, a.seconds) FROM m a WHERE a.reply = q.message_id AND a.conversation = q.conversation) AS responder
  FROM m q WHERE q.text LIKE '%?'`;
const HELPED = `SELECT q.*, wait IS NOT NULL AND NOT EXISTS (SELECT 1 FROM q0 a WHERE a.person = q.person AND a.conversation = q.conversation
  AND a.seconds > q.seconds + q.wait AND a.seconds <= q.seconds + 86400) AS helped FROM q0 q`;

/** Rows of a statement over `m` (messages), `r` (reactions) and `q` (questions), as texts. */
async function sql(statement: string): Promise<string[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(
      `WITH m AS (${MESSAGES()}), r AS (${REACTIONS()}), q0 AS (${QUESTIONS}), q AS (${HELPED}) ${statement}`,
    );
    return reader.getRows().map((row) => row.map((cell) => String(cell)));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The table of a chart as it stands on the page: `columns` of each row, digits without their grouping. */
async function tableOf(page: Page, id: string, columns: readonly number[]): Promise<string[][]> {
  const card = page.locator(`#panel-${id}`);
  if ((await card.locator('table').count()) === 0) {
    await card.locator('.icon-button').click();
    await page.getByRole('menuitem', { name: 'Show as table' }).click();
  }
  const rows = await card
    .locator('tbody tr')
    .evaluateAll((found) => found.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '')));
  return rows.map((row) => columns.map((column) => (row[column] ?? '').replaceAll(/(?<=\d),(?=\d)/g, '')));
}

/** A number in the digits that the page gives it. */
const SHORT = (number: string) =>
  `CASE WHEN ${number} >= 10 THEN round(${number}, 1) WHEN ${number} >= 1 THEN round(${number}, 2)
    WHEN ${number} > 0 THEN round(${number}, 1 - CAST(floor(log10(greatest(${number}, 1e-9))) AS INT)) ELSE 0 END`;

const sorted = (rows: readonly (readonly string[])[]) => rows.map((row) => row.join(' | ')).sort();

describe('the numbers of the page', () => {
  it('are those of SQL run on the files by an engine that knows nothing of this program', async () => {
    const { context, page, problems } = await visit(browser);
    const counted = async () => {
      const { figures } = (await (await fetch(`${lake.url}/api/view?period=30d&panels=kinds`)).json()) as AnalysisView;
      return figures?.find(({ id }) => id === 'messages')?.value;
    };
    await expect.poll(counted, { timeout: 240_000, interval: 1000 }).toBe(sent);
    await page.goto(`${lake.url}/?period=30d`);
    const figure = (label: string) => page.locator('.figure').filter({ hasText: label }).locator('> b');
    await expect.poll(() => figure('Messages').textContent()).toBe(String(sent));
    const one = async (statement: string) => (await sql(statement))[0]?.[0] ?? '';

    expect(await one('SELECT count(*) FROM m')).toBe(String(sent));
    expect(await figure('Conversations').textContent()).toBe(await one('SELECT count(DISTINCT conversation) FROM m'));
    expect(await figure('New people').textContent()).toBe(await one('SELECT count(DISTINCT person) FROM m'));
    expect(await page.locator('.figure').nth(1).locator('> b').textContent()).toBe(await one('SELECT count(DISTINCT person) FROM m'));
    expect(await page.locator('.figure').nth(4).locator('> b').textContent()).toBe(await one('SELECT count(*) FROM q'));
    expect(await figure('Unanswered').textContent()).toBe(await one('SELECT count(*) FROM q WHERE wait IS NULL'));
    expect(await figure('Resolved').textContent()).toBe(
      `${await one('SELECT CAST(round(100 * avg(CAST(helped AS INT))) AS INT) FROM q')}%`,
    );
    expect(await figure('With media').textContent()).toBe(
      `${await one("SELECT CAST(round(100 * avg(CAST(kind = 'photo' AS INT))) AS INT) FROM m")}%`,
    );
    const median = Number(await one('SELECT median(wait) FROM q'));
    expect(await figure('Median response').textContent()).toBe(`${Math.floor(median / 60)} min ${Math.round(median % 60)} s`);

    const panels: readonly (readonly [string, readonly number[], string])[] = [
      ['kinds', [0, 1], 'SELECT kind, count(*) FROM m GROUP BY 1'],
      ['series', [1, 2], 'SELECT channel, count(*) FROM m GROUP BY CAST(local AS DATE), 1'],
      ['hours', [0, 1], "SELECT hour(local) || 'h', count(*) FROM m GROUP BY 1"],
      ['weekdays', [0, 1], "SELECT strftime(local, '%a'), count(*) FROM m GROUP BY 1"],
      ['heatmap', [0, 1, 2], "SELECT strftime(local, '%a'), hour(local) || 'h', count(*) FROM m GROUP BY 1, 2"],
      ['weeks', [1], "SELECT count(*) FROM m GROUP BY date_trunc('week', local)"],
      ['people', [1, 2], 'SELECT name, count(*) FROM m GROUP BY 1'],
      ['lengths', [1, 2, 3], `SELECT name, ${SHORT("avg(length(coalesce(text, '')))")}, count(*) FROM m GROUP BY 1`],
      ['conversations', [1, 2], 'SELECT title, count(*) FROM m GROUP BY 1'],
      ['languages', [1], 'SELECT count(*) FROM m WHERE speaks IS NOT NULL GROUP BY speaks'],
      ['hashtags', [0, 1], "SELECT tag, count(*) FROM (SELECT unnest(regexp_extract_all(text, '#\\w+')) AS tag FROM m) GROUP BY 1"],
      ['reactions', [0, 1], 'SELECT emoji, count(*) FROM r GROUP BY 1'],
      [
        'reaction-rate',
        [1, 2, 3],
        `SELECT reactions, messages, ${SHORT('reactions / messages')} FROM (
          SELECT count(*) AS messages, (SELECT count(*) FROM r WHERE CAST(r.local AS DATE) = day) AS reactions
          FROM (SELECT CAST(local AS DATE) AS day FROM m) GROUP BY day)`,
      ],
      ['commands', [0, 1], "SELECT text, count(*) FROM m WHERE text LIKE '/%' GROUP BY 1"],
      ['command-outcomes', [0, 1], "SELECT text, count(*) FROM m WHERE text LIKE '/%' GROUP BY 1"],
      ['responders', [1, 3], 'SELECT responder, count(*) FROM q WHERE wait IS NOT NULL GROUP BY 1'],
      [
        'response',
        [0, 2],
        `SELECT CASE WHEN wait IS NULL THEN 'never' WHEN wait < 10 THEN 'under 10 s' WHEN wait < 60 THEN '10–60 s' WHEN wait < 600 THEN '1–10 min'
          WHEN wait < 3600 THEN '10–60 min' ELSE '1–24 h' END, count(*) FROM q GROUP BY 1`,
      ],
      [
        'active',
        [2],
        `SELECT count(DISTINCT person) FROM m GROUP BY CAST(local AS DATE) UNION ALL SELECT count(DISTINCT person) FROM m GROUP BY date_trunc('week', local)
          UNION ALL SELECT count(DISTINCT person) FROM m GROUP BY date_trunc('month', local)`,
      ],
      [
        'newcomers',
        [1, 2],
        `SELECT count(DISTINCT person) FILTER (first = day), count(DISTINCT person) FILTER (first < day)
          FROM (SELECT person, CAST(local AS DATE) AS day, min(CAST(local AS DATE)) OVER (PARTITION BY person) AS first FROM m) GROUP BY day`,
      ],
    ];
    for (const [id, columns, statement] of panels)
      expect({ id, rows: sorted(await tableOf(page, id, columns)) }).toEqual({ id, rows: sorted(await sql(statement)) });

    await page.locator('#panel-series').getByRole('button', { name: 'Kind' }).click();
    await expect
      .poll(async () => sorted(await tableOf(page, 'series', [1, 2])))
      .toEqual(sorted(await sql('SELECT kind, count(*) FROM m GROUP BY CAST(local AS DATE), 1')));
    expect(new URL(page.url()).searchParams.get('stack')).toBe('kind');
    expect(problems).toEqual([]);
    await context.close();
  });
});
