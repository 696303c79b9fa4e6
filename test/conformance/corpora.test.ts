import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/config.js';
import { addsUp } from '../../src/etl/manifest.js';
import { openRawLog } from '../../src/lake/open.js';
import { createMetrics } from '../../src/server/metrics.js';
import { startServer } from '../../src/server/node.js';
import { receiversOf } from '../../src/server/receivers.js';
import { etl, openLake, removeLake, type TestLake } from '../support/lake.js';
import { corpus, corpusLines, NEEDS_CORPORA } from '../support/lake-corpora.js';
import { readBody, type Reading, readUpdate } from '../support/lake-reading.js';
import { everything, manifests, type Row } from '../support/rows.js';

const [updates, messages, webhooks] = ['telegram-updates.ndjson', 'telegram-messages.ndjson', 'whatsapp-webhooks.ndjson'].map(corpus);
const SECRET = 'a-secret';

interface Posted {
  readonly source: 'telegram' | 'whatsapp';
  readonly body: string;
  readonly units: readonly Reading[];
}

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Posts every body to a server over the lake; returns the statuses. */
async function post(lake: TestLake, posted: readonly Posted[]): Promise<Set<number>> {
  const settings = loadSettings({
    CHATLAKE_RAW: lake.rawPath,
    TELEGRAM_WEBHOOK_SECRET: SECRET,
    WHATSAPP_APP_SECRET: SECRET,
    WHATSAPP_VERIFY_TOKEN: 'v',
  });
  const clock = { now: () => Date.now() };
  const metrics = createMetrics({ process: false });
  const rawLog = openRawLog(lake.rawPath, { zone: lake.zone, clock, observer: metrics.observer });
  const app = { fetch: () => new Response(null, { status: 404 }) };
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    receivers: receiversOf(settings, lake.raw),
    rawLog,
    app,
    metrics,
    logger: silent,
    clock,
  });
  const statuses = new Set<number>();
  for (const { source, body } of posted) {
    const headers =
      source === 'telegram'
        ? { 'x-telegram-bot-api-secret-token': SECRET }
        : { 'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}` };
    const response = await fetch(`http://127.0.0.1:${server.port}/webhook/${source}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
    statuses.add(response.status);
    await response.arrayBuffer();
  }
  await server.close();
  await rawLog.close();
  return statuses;
}

/** An order of its own for each round, the same every time. */
const shuffled = <T>(items: readonly T[], round: number): T[] =>
  items
    .map((item, index) => ({ item, at: ((index + 1) * (7919 + 2 * round)) % 10_007 }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);

function telegramPosts(): Posted[] {
  const bodies = [
    ...corpusLines(updates ?? ''),
    ...corpusLines(messages ?? '').map((line, index) => `{"update_id": ${700_000 + index}, "message": ${line}}`),
  ];
  return bodies.map((body) => {
    return { source: 'telegram', body, units: readUpdate(JSON.parse(body) as Record<string, unknown>) };
  });
}

const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  telegram: ['chat_id', 'message_id', 'date'],
  whatsapp: ['message_id', 'date'],
  whatsapp_statuses: ['message_id', 'status', 'date'],
};
const missing = ({ table, row }: Reading) => (REQUIRED[table] ?? []).filter((name) => row[name] === null || row[name] === undefined);

/** Keys in one order, parsed where a payload is text. */
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, plain(one)]),
  );
};

const ORIGIN = new Set(['received_at', 'raw_file', 'raw_line', 'context_date']);
/** Columns by which a version does not differ from another: what it says is told without them. */
const APART = ['update_id', 'file_id', 'topic_name', 'sender_chat_title'];

/** What a row says of those columns that the reading by hand names, comparable. */
function said(row: Row, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => [name, plain(row[name] ?? null)]));
}

describe.skipIf(updates === undefined || messages === undefined || webhooks === undefined)(
  `real payloads of other projects${updates ? '' : NEEDS_CORPORA}`,
  () => {
    let lake: TestLake;
    let posted: Posted[];
    let tables: Record<string, Row[]>;
    let statuses: Set<number>;
    const rowsOfLine = new Map<string, { table: string; row: Row }[]>();
    const bodyOfLine = new Map<string, Posted>();

    beforeAll(async () => {
      lake = await openLake();
      posted = [
        ...telegramPosts(),
        ...corpusLines(webhooks ?? '').map((body): Posted => ({
          source: 'whatsapp',
          body,
          units: readBody(JSON.parse(body) as Record<string, unknown>),
        })),
      ];
      statuses = await post(lake, shuffled(posted, 0));
      await etl(lake);
      for (const status of await post(lake, shuffled(posted, 1))) statuses.add(status);
      await etl(lake);
      await etl(lake);
      tables = await everything(lake);
      const byBody = new Map(posted.map((one) => [`${one.source} ${one.body.slice(1).trimStart()}`, one]));
      for (const manifest of await manifests(lake)) {
        for (const { name } of manifest.files) {
          const lines = (await readFile(join(lake.rawPath, name), 'utf8')).split('\n').slice(0, -1);
          lines.forEach((line, index) => {
            const body = byBody.get(`${manifest.source} ${line.replace(/^\{"_received_at":\d+,"_line":\d+,/, '').trimStart()}`);
            if (body) bodyOfLine.set(`${name}:${index + 1}`, body);
          });
        }
      }
      for (const [table, rows] of Object.entries(tables)) {
        for (const stored of rows) {
          const row =
            table !== 'quarantine' && typeof stored['payload'] === 'string'
              ? { ...stored, payload: JSON.parse(stored['payload']) as unknown }
              : stored;
          const key = `${String(row['raw_file'])}:${String(row['raw_line'])}`;
          rowsOfLine.set(key, [...(rowsOfLine.get(key) ?? []), { table, row }]);
        }
      }
    });
    afterAll(() => removeLake(lake));

    it('are never refused', () => {
      expect([...statuses]).toEqual([200]);
    });

    it('are kept byte for byte, each as often as it was sent', () => {
      expect(bodyOfLine.size).toBe(2 * posted.length);
    });

    it('give rows that say what a reading by hand says, column by column', () => {
      for (const [key, rows] of rowsOfLine) {
        const body = bodyOfLine.get(key);
        for (const { table, row } of rows) {
          if (table === 'quarantine') {
            expect(body?.units.flatMap(missing).length, String(row['reason'])).toBeGreaterThan(0);
            continue;
          }
          if (String(row['event_id'] ?? '').startsWith('version:') || String(row['event_id'] ?? '').startsWith('status:')) {
            const content = plain(row['payload']);
            const told = (body?.units ?? []).map((unit) =>
              plain(Object.fromEntries(Object.entries(unit.row).filter(([name, value]) => value !== null && !APART.includes(name)))),
            );
            expect(told).toContainEqual(content);
            continue;
          }
          const read = (body?.units ?? []).filter((unit) => unit.table === table);
          const names = Object.keys(row).filter((name) => !ORIGIN.has(name) && Object.keys(read[0]?.row ?? {}).includes(name));
          expect(
            read.map((unit) => said(unit.row, names)),
            `${table} ${body?.body.slice(0, 3000)}`,
          ).toContain(said(row, names));
        }
      }
    });

    it('lose nothing: each thing in each payload is a row, a version, in quarantine, or said by another payload too', () => {
      const told = new Map<string, Set<string>>();
      for (const { table, row } of [...rowsOfLine.values()].flat()) {
        const isVersion = /^(version|status):/.test(String(row['event_id'] ?? ''));
        const of = isVersion ? (table === 'telegram_events' ? ['telegram'] : ['whatsapp', 'whatsapp_statuses']) : [table];
        for (const name of of) told.set(name, (told.get(name) ?? new Set()).add(content(isVersion ? (row['payload'] as Row) : row)));
      }
      const quarantined = new Set((tables['quarantine'] ?? []).map((row) => `${String(row['raw_file'])}:${String(row['raw_line'])}`));
      for (const [key, { units, body }] of bodyOfLine) {
        for (const unit of units) {
          if (missing(unit).length > 0) expect(quarantined.has(key), `${key} ${body}`).toBe(true);
          else expect(told.get(unit.table)?.has(content(unit.row)), `${key} ${JSON.stringify(unit)}`).toBe(true);
        }
      }
    });

    it('double nothing', () => {
      for (const [table, rows] of Object.entries(tables).filter(([name]) => name !== 'quarantine')) {
        const distinct = new Set(rows.map((row) => `${table} ${content(row)} ${String(row['event_id'])}`));
        expect(distinct.size, table).toBe(rows.length);
      }
    });

    it('add up', async () => {
      const found = await manifests(lake);
      expect(found.every(addsUp)).toBe(true);
      const sum = (of: 'lines' | 'units') => found.reduce((total, manifest) => total + manifest[of], 0);
      expect(sum('lines')).toBe(2 * posted.length);
      expect(sum('units')).toBe(2 * posted.flatMap(({ units }) => units).length);
    });

    const ASIDE = new Set([...ORIGIN, ...APART, 'event_id']);
    /** Everything a row says, but where it comes from. */
    function content(row: Row): string {
      const isEvent = 'payload' in row;
      const names = isEvent
        ? ['update_kind', 'field', 'payload', 'date']
        : Object.keys(row)
            .filter((name) => !ASIDE.has(name) && row[name] !== null && row[name] !== undefined)
            .toSorted();
      return said(row, names);
    }
  },
);
