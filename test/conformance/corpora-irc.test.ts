import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawFolder } from '../../src/lake/layout.js';
import { duckdbEngine } from '../../src/query/duckdb.js';
import type { QueryEngine } from '../../src/types.js';
import { etl, layBytes, openLake, rawLines, removeLake, type TestLake } from '../support/lake.js';
import { corpus, NEEDS_CORPORA } from '../support/lake-corpora.js';
import { telegramMessage } from '../support/lake-payloads.js';
import { manifests } from '../support/rows.js';

const irc = corpus('irc-ubuntu-en.ndjson.gz');
/** Lines of a raw file. */
const LINES = 50_000;
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

interface Said {
  readonly date: number;
  readonly user: string;
  readonly text: string;
}

async function readIrc(path: string): Promise<Said[]> {
  const said: Said[] = [];
  for await (const line of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
    const { ts, user, text } = JSON.parse(line) as { ts: string; user: string; text: string };
    said.push({ date: Date.parse(ts) / 1000, user, text });
  }
  return said;
}

function count(said: readonly Said[], of: (one: Said) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of said) counts[of(one)] = (counts[of(one)] ?? 0) + 1;
  return counts;
}

describe.skipIf(irc === undefined)(`a busy channel of half a year${irc ? '' : NEEDS_CORPORA}`, () => {
  let lake: TestLake;
  let engine: QueryEngine;
  let said: Said[];
  const users = new Map<string, number>();

  async function answer(sql: string): Promise<unknown[][]> {
    const rows: unknown[][] = [];
    for await (const batch of (await engine.run(sql)).batches)
      for (const row of batch) rows.push(row.map((value) => (typeof value === 'bigint' ? Number(value) : value)));
    return rows;
  }
  const asCounts = async (sql: string) => Object.fromEntries((await answer(sql)).map(([name, n]) => [String(name), n]));

  beforeAll(async () => {
    lake = await openLake();
    said = await readIrc(irc ?? '');
    for (const { user } of said) if (!users.has(user)) users.set(user, users.size + 1);
    const arrived = Date.parse('2005-12-01T12:00:00Z');
    for (let from = 0; from < said.length; from += LINES) {
      const updates = said
        .slice(from, from + LINES)
        .map(({ date, user, text }, index) => telegramMessage({ id: from + index + 1, date, user: users.get(user) ?? 0, text }));
      await layBytes(lake, `${rawFolder('telegram', '2005-12-01')}${arrived + from}-irc-0.ndjson`, rawLines(updates, arrived + from));
    }
    await etl(lake);
    engine = await duckdbEngine({ root: lake.enrichedPath, memoryLimit: '512MB' });
  }, 300_000);
  afterAll(async () => {
    await engine.close();
    await removeLake(lake);
  });

  it('is all there, once', async () => {
    expect(await answer('SELECT count(*), count(DISTINCT message_id), count(DISTINCT user_id) FROM telegram')).toEqual([
      [said.length, said.length, users.size],
    ]);
    expect(await manifests(lake)).toMatchObject([{ lines: said.length, rows: said.length, duplicates: 0, quarantined: 0 }]);
  });

  it('has the messages of each day that plain counting finds', async () => {
    expect(await asCounts('SELECT context_date, count(*) FROM "default"."telegram" GROUP BY context_date;;')).toEqual(
      count(said, ({ date }) => lake.zone.dateAt(date)),
    );
  });

  it('has the messages of each user', async () => {
    expect(await asCounts('SELECT user_id, count(*) AS "count" FROM telegram GROUP BY 1 ORDER BY "count" DESC')).toEqual(
      count(said, ({ user }) => String(users.get(user))),
    );
  });

  it('has the messages of each hour', async () => {
    const hour = ({ date }: Said) => new Date(date * 1000).toISOString().slice(11, 13);
    expect(await asCounts(`SELECT date_format(from_unixtime("date"), '%H') AS hour, count(*) FROM telegram GROUP BY 1`)).toEqual(
      count(said, hour),
    );
  });

  it('has the messages of each weekday, Sunday being the seventh', async () => {
    const weekday = ({ date }: Said) => String(new Date(date * 1000).getUTCDay() || 7);
    expect(await asCounts('SELECT EXTRACT(dow FROM from_unixtime("date")), count(*) FROM telegram GROUP BY 1')).toEqual(
      count(said, weekday),
    );
    const named = Object.fromEntries(Object.entries(count(said, weekday)).map(([day, n]) => [DAYS[Number(day) - 1], n]));
    expect(await asCounts(`SELECT date_format(from_unixtime("date"), '%a'), count(*) FROM telegram GROUP BY 1`)).toEqual(named);
  });

  it('has the average length of a message of each user', async () => {
    const lengths = new Map<string, { sum: number; n: number }>();
    for (const { user, text } of said) {
      const found = lengths.get(user) ?? { sum: 0, n: 0 };
      lengths.set(user, { sum: found.sum + [...text].length, n: found.n + (text === '' ? 0 : 1) });
    }
    const averages = await asCounts('SELECT user_id, CAST(AVG(LENGTH(text)) AS DOUBLE) FROM telegram GROUP BY 1');
    for (const [user, { sum, n }] of lengths) {
      const average = averages[String(users.get(user))];
      if (n === 0) expect(average).toBeNull();
      else expect(average).toBeCloseTo(sum / n, 9);
    }
  });
});
