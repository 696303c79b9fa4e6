import { expect, it } from 'vitest';
import type { QueryEngine } from '../../src/types.js';
import { ask } from '../query/lake.js';

/** A statement that runs for minutes everywhere. */
export const ENDLESS =
  'SELECT count(*) FROM UNNEST(sequence(1, 10000)) AS a(x), UNNEST(sequence(1, 10000)) AS b(y), UNNEST(sequence(1, 10000)) AS c(z) WHERE x * y * z % 7 = 3';

/** What every QueryEngine promises. `engine` answers over the lake of `smallLake`. */
export function testEngine(engine: () => QueryEngine): void {
  const one = async (select: string) => (await ask(engine(), `SELECT ${select}`))[0];

  it('gives integers with all their digits', async () => {
    expect(await one(`9007199254740993, -9223372036854775807, 9007199254740991, CAST(NULL AS BIGINT)`)).toEqual([
      9007199254740993n,
      -9223372036854775807n,
      9007199254740991,
      null,
    ]);
    expect(await ask(engine(), 'SELECT message_id FROM telegram WHERE user_is_bot')).toEqual([[9007199254740993n]]);
    // Text that looks like one stays text.
    expect(await one(`'9007199254740993', '"1234567890123456789,', '[1234567890123456789]'`)).toEqual([
      '9007199254740993',
      '"1234567890123456789,',
      '[1234567890123456789]',
    ]);
  });

  it('gives other values alike', async () => {
    expect(await one(`0.1e0, 1e20, nan(), true, DATE '2024-02-29', 'é😀 "x" \\', '', chr(10)`)).toEqual([
      0.1,
      1e20,
      NaN,
      true,
      '2024-02-29',
      'é😀 "x" \\',
      '',
      '\n',
    ]);
    expect(
      await one(`CAST('2024-07-02 10:00:00' AS timestamp), CAST('2024-07-02 10:00:00.120' AS timestamp), from_unixtime(1720000000)`),
    ).toEqual(['2024-07-02 10:00:00', '2024-07-02 10:00:00.12', '2024-07-03 09:46:40 UTC']);
    expect(await one(`CAST(1.5 AS decimal(5, 2)), CAST('12345678901234567890.12' AS decimal(22, 2)), to_utf8('é')`)).toEqual([
      1.5,
      '12345678901234567890.12',
      'C3A9',
    ]);
  });

  it('names columns, and has them without rows too', async () => {
    const { columns } = await engine().run(`SELECT 1, 'a' AS b, "date" FROM telegram WHERE false`);
    expect(columns.map(({ name }) => name)).toEqual(['_col0', 'b', 'date']);
  });

  it('tells the line and the column of what is wrong, in characters', async () => {
    await expect(engine().run(`SELECT 'é😀',\n  nowhere FROM telegram`)).rejects.toMatchObject({
      code: 'SQL',
      at: { line: 2, column: 3 },
      message: expect.stringMatching(/line 2, column 3: .*nowhere[^]*\n {4}nowhere FROM telegram\n {4}\^$/) as unknown,
    });
    await expect(engine().run('SELECT 1 +')).rejects.toMatchObject({ code: 'SQL' });
    await expect(engine().run('SELECT * FROM absent')).rejects.toMatchObject({
      code: 'SQL',
      message: expect.stringContaining('SHOW TABLES') as unknown,
    });
  });

  it.each([
    'CAST("text" AS bigint)',
    'at_timezone(now(), "text")',
    'CAST(date AS tinyint)',
    'CAST(date AS decimal(3, 1))',
    'date * 9223372036854775807',
    'abs(date - date - 9223372036854775807 - 1)',
  ])('does not put the value of a row into an error: %s', async (value) => {
    const failed = ask(engine(), `SELECT ${value} FROM telegram WHERE length("text") = 3`);
    await expect(failed).rejects.toMatchObject({
      code: 'SQL',
      message: expect.not.stringMatching(/abc|17\d{8}|: .*922337203685477580/) as unknown,
    });
  });

  it.each([
    'DROP TABLE telegram',
    'INSERT INTO telegram SELECT * FROM telegram',
    'EXPLAIN ANALYZE INSERT INTO telegram SELECT * FROM telegram',
    '/* SELECT */ CREATE TABLE x AS SELECT 1 AS a',
    'SELECT 1; SELECT 2',
    "SELECT 1; DROP TABLE telegram --'",
  ])('refuses %s', async (sql) => {
    await expect(engine().run(sql)).rejects.toMatchObject({ code: 'SQL_REFUSED' });
  });

  it('takes semicolons and comments behind a statement, and says that an empty one is', async () => {
    expect(await ask(engine(), 'SELECT 1;; -- the end;')).toEqual([[1]]);
    await expect(engine().run(' ; -- nothing')).rejects.toMatchObject({ code: 'SQL' });
  });

  it('cuts a result where it is told to, and says so', async () => {
    const cut = await engine().run('SELECT x FROM UNNEST(sequence(1, 5000)) AS t(x) ORDER BY 1', { maxRows: 3 });
    const rows: unknown[] = [];
    for await (const batch of cut.batches) rows.push(...batch);
    expect([rows, cut.truncated()]).toEqual([[[1], [2], [3]], true]);
    const whole = await engine().run('SELECT x FROM UNNEST(sequence(1, 5000)) AS t(x)', { maxRows: 5000 });
    let count = 0;
    for await (const batch of whole.batches) count += batch.length;
    expect([count, whole.truncated()]).toEqual([5000, false]);
  });

  it('stops at the signal, and when its time is over', async () => {
    const stop = new AbortController();
    const running = ask(engine(), ENDLESS, { signal: stop.signal });
    setTimeout(() => stop.abort(), 500);
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(ask(engine(), 'SELECT 1', { signal: stop.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(ask(engine(), ENDLESS, { timeoutMs: 500 })).rejects.toMatchObject({ code: 'LIMIT' });
    expect(await ask(engine(), 'SELECT 1')).toEqual([[1]]);
  });

  it('takes MSCK REPAIR TABLE', async () => {
    const { batches, columns } = await engine().run('MSCK REPAIR TABLE `default`.`telegram`;');
    for await (const batch of batches) expect(batch).toEqual([]);
    expect(columns).toEqual([]);
  });
}
