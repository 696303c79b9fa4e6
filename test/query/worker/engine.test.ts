import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IsolatedEngine, isolatedEngine } from '../../../src/query/worker/engine.js';
import { ask, copy, newRoot, rowsOf, smallLake } from '../lake.js';

const MEMORY_MB = 700;
let root: string;
let engine: IsolatedEngine;
beforeAll(async () => {
  root = await newRoot();
  await smallLake(root);
  engine = isolatedEngine({ root, workers: 2, memoryMb: MEMORY_MB, timeoutMs: 20_000 });
});
afterAll(() => engine.close());

/** Processes that this one has started and that run SQL. */
const workers = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(root);
      } catch {
        return false;
      }
    })
    .map(Number);
const residentMb = (pid: number) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024;
const cheap = 'SELECT count(*) FROM messages';
const endless = 'SELECT count(*) FROM range(100000) a, range(100000) b, range(100000) c';
const uninterruptible = 'SELECT len(range(300000000))';

describe('a statement in a process of its own', () => {
  it('answers what it answers here', async () => {
    expect(await ask(engine, 'SELECT message_id, commands, context_date FROM telegram ORDER BY 1 DESC LIMIT 3')).toEqual([
      [9007199254740993n, null, '2024-07-07'],
      [3, null, '2024-07-07'],
      [2, null, '2024-07-02'],
    ]);
    const many = await engine.run('SELECT * FROM range(5000)', { maxRows: 4000 });
    expect((await rowsOf(many)).length).toBe(4000);
    expect(many.truncated()).toBe(true);
    expect((await engine.run('MSCK REPAIR TABLE telegram')).notices).toEqual([expect.stringContaining('repair')]);
  });

  it('fails in the same words, with the place', async () => {
    await expect(ask(engine, 'SELECT\n  nothing FROM messages')).rejects.toMatchObject({ code: 'SQL', at: { line: 2, column: 3 } });
    await expect(ask(engine, "COPY (SELECT 1) TO '/tmp/x'")).rejects.toMatchObject({ code: 'SQL_REFUSED' });
  });

  it('sees nothing of the environment', async () => {
    await ask(engine, cheap);
    for (const pid of workers()) expect(readFileSync(`/proc/${pid}/environ`, 'latin1')).not.toMatch(/PATH=|HOME=/);
  });

  it('gives way to everything else on the machine', async () => {
    await ask(engine, cheap);
    const [pid] = workers();
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const fields = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1').split(') ')[1]?.split(' ');
      expect({ thread, nice: Number(fields?.[16]) }).toEqual({ thread, nice: 10 });
    }
  });
});

describe('a statement that takes too much', () => {
  it.each([
    [uninterruptible],
    [`SELECT list_transform(range(4000000000), lambda i: 'x')`],
    ['SELECT list(range) OVER () FROM range(200000)'],
    ['SELECT count(DISTINCT a.range::VARCHAR || b.range::VARCHAR) FROM range(100000) a, range(100000) b'],
  ])('memory is ended in words, and the next one runs: %s', async (sql) => {
    let most = 0;
    const look = setInterval(() => (most = Math.max(most, ...workers().map(residentMb))), 10);
    await expect(ask(engine, sql)).rejects.toMatchObject({ code: 'LIMIT', message: expect.stringMatching(/memory|larger/) });
    clearInterval(look);
    expect(most).toBeLessThan(MEMORY_MB + 400);
    expect(await ask(engine, cheap)).toEqual([[6]]);
  });

  it('time is ended, whether it can be interrupted or not', async () => {
    await expect(ask(engine, endless, { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'LIMIT',
      message: expect.stringContaining('0.3 s'),
    });
    await expect(ask(engine, uninterruptible, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'LIMIT' });
    expect(await ask(engine, cheap)).toEqual([[6]]);
  });

  it('room in the answer is refused', async () => {
    await expect(ask(engine, `SELECT list_transform(range(1000000), lambda i: 'x') FROM range(200)`)).rejects.toMatchObject({
      code: 'LIMIT',
    });
    expect(await ask(engine, cheap)).toEqual([[6]]);
  });
});

describe('a statement that nobody wants any more', () => {
  it.each([[endless], [uninterruptible]])('is stopped, and its process serves the next: %s', async (sql) => {
    const stop = new AbortController();
    const asked = ask(engine, sql, { signal: stop.signal });
    setTimeout(() => stop.abort(), 200);
    await expect(asked).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await Promise.all([ask(engine, cheap), ask(engine, cheap), ask(engine, cheap)])).toEqual([[[6]], [[6]], [[6]]]);
  });

  it('is stopped between two batches too', async () => {
    const { batches } = await engine.run('SELECT * FROM range(100000000)');
    for await (const batch of batches) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
    expect(await ask(engine, cheap)).toEqual([[6]]);
  });
});

describe('the processes', () => {
  it('take statements in turn, and send away who waits too long or is one too many', async () => {
    const small = isolatedEngine({ root, workers: 1, waiting: 2, patienceMs: 1500, timeoutMs: 20_000 });
    expect(await ask(small, cheap)).toEqual([[6]]);
    const stop = new AbortController();
    const first = ask(small, endless, { signal: stop.signal }).catch((error: unknown) => error);
    const waited = [ask(small, cheap), ask(small, cheap)].map((one) => one.catch((error: unknown) => error));
    await expect(ask(small, cheap)).rejects.toMatchObject({ code: 'LIMIT', message: expect.stringContaining('Too many') });
    expect(await Promise.all(waited)).toMatchObject([{ code: 'LIMIT' }, { code: 'LIMIT' }]);
    stop.abort();
    expect(await first).toMatchObject({ code: 'CANCELLED' });
    expect(await ask(small, cheap)).toEqual([[6]]);
    await small.close();
  });

  it('end when nobody asks, and begin again when somebody does', async () => {
    const own = await newRoot();
    await smallLake(own);
    const small = isolatedEngine({ root: own, idleMs: 100 });
    const running = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name) && cmdline(name).includes(own)).length;
    expect(running()).toBe(0);
    expect(await ask(small, cheap)).toEqual([[6]]);
    expect(running()).toBe(1);
    await expect.poll(running, { timeout: 5000 }).toBe(0);
    expect(await ask(small, cheap)).toEqual([[6]]);
    await small.close();
    await expect.poll(running, { timeout: 5000 }).toBe(0);
    await expect(ask(small, cheap)).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

const cmdline = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
};

describe('an export', () => {
  it('writes the rows of a statement as a file', async () => {
    const sql = 'SELECT message_id, text FROM telegram ORDER BY message_id';
    const to = (format: 'csv' | 'json' | 'parquet') => engine.exportTo(sql, format, join(root, `rows.${format}`), {});
    await Promise.all([to('csv'), to('json'), to('parquet')]);
    expect(await readFile(join(root, 'rows.csv'), 'utf8')).toBe('message_id,text\r\n1,ab\r\n2,abc\r\n3,é😀\r\n9007199254740993,\r\n');
    expect(await readFile(join(root, 'rows.json'), 'utf8')).toContain('"message_id":9007199254740993');
    await copy(`SELECT * FROM '${join(root, 'rows.parquet')}'`, join(root, 'again.parquet'));
  });

  it('that would be cut or too large leaves nothing behind', async () => {
    const file = join(root, 'cut.csv');
    await expect(engine.exportTo('SELECT * FROM range(10)', 'csv', file, { maxRows: 5 })).rejects.toMatchObject({ code: 'LIMIT' });
    await expect(engine.exportTo('SELECT * FROM range(1000)', 'parquet', file, { maxBytes: 500 })).rejects.toMatchObject({ code: 'LIMIT' });
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
