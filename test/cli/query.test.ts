import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, it } from 'vitest';
import { ddlCommand } from '../../src/cli/ddl.js';
import { fit } from '../../src/query/format.js';
import type { Io } from '../../src/cli/io.js';
import { queryCommand } from '../../src/cli/query.js';
import { complete, completions, historyFile } from '../../src/cli/shell.js';
import { LAKE_VIEWS } from '../../src/query/lake-tables.js';
import { residentOf } from '../../src/query/worker/memory.js';
import { newRoot, smallLake } from '../query/lake.js';
import { chatlake } from '../support/cli.js';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

let root: string;
beforeAll(async () => {
  root = await newRoot();
  await smallLake(root);
});

interface Streams {
  readonly io: Io;
  readonly stdin: PassThrough;
  readonly out: () => Buffer;
  readonly err: () => string;
}

function streams(env: Record<string, string> = {}, tty?: { readonly columns: number }): Streams {
  const stdin = new PassThrough();
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const pieces: { out: Buffer[]; err: Buffer[] } = { out: [], err: [] };
  stdout.on('data', (piece: Buffer) => pieces.out.push(piece));
  stderr.on('data', (piece: Buffer) => pieces.err.push(piece));
  if (tty) for (const stream of [stdin, stdout]) Object.assign(stream, { isTTY: true, columns: tty.columns });
  const io: Io = {
    env: { CHATLAKE_ENRICHED: root, ...env },
    clock: { now: () => Date.now() },
    fetch,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    stop: new AbortController().signal,
    setExitCode: () => undefined,
  };
  return { io, stdin, out: () => Buffer.concat(pieces.out), err: () => Buffer.concat(pieces.err).toString() };
}

async function query(args: readonly string[], using = streams()): Promise<string> {
  await queryCommand(using.io).exitOverride().parseAsync(args, { from: 'user' });
  return using.out().toString();
}

const outcome = (args: readonly string[], using?: Streams) =>
  query(args, using).then(
    () => undefined,
    (error: Error) => error,
  );

describe('formats', () => {
  const sql = `SELECT message_id, context_date, text, commands, 2.50 AS d FROM telegram WHERE message_id <> 2 ORDER BY 1`;
  it('json is one array of objects with exact numbers', async () => {
    const text = await query([sql, '--format', 'json']);
    expect(text).toContain('"message_id":9007199254740993,');
    expect(JSON.parse(text)).toEqual([
      { message_id: 1, context_date: '2024-07-02', text: 'ab', commands: ['/start', '/help'], d: 2.5 },
      { message_id: 3, context_date: '2024-07-07', text: 'é😀', commands: null, d: 2.5 },
      expect.objectContaining({ text: null }),
    ]);
    expect(JSON.parse(await query(['SELECT 1 WHERE false', '--format', 'json']))).toEqual([]);
    expect(JSON.parse(await query(['SELECT 1 AS a, 2 AS a', '--format', 'json']))).toEqual([{ a: 1, a_1: 2 }]);
  });
  it('ndjson is one object a line', async () => {
    const lines = (await query([sql, '--format', 'ndjson'])).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { context_date: string }).context_date)).toEqual([
      '2024-07-02',
      '2024-07-07',
      '2024-07-07',
    ]);
  });
  it('csv follows RFC 4180 and tells NULL from an empty text', async () => {
    const text = await query([
      `SELECT 'a,b' AS "x""y", 'say "hi"' AS q, 'two' || chr(10) || 'lines' AS l, '' AS e, NULL AS n, [1,2] AS a, 1.5 AS d`,
    ]);
    expect(text).toBe('"x""y",q,l,e,n,a,d\r\n"a,b","say ""hi""","two\nlines","",,"[1,2]",1.5\r\n');
  });
  it('csv and table write numbers that are none as they are called, without the quotes of JSON', async () => {
    const numbers = `SELECT nan() AS a, CAST('-Infinity' AS DOUBLE) AS b, 1e21 AS c`;
    expect(await query([numbers])).toBe('a,b,c\r\nNaN,-Infinity,1e+21\r\n');
    expect(await query([numbers, '--format', 'table'])).toMatch(/│ NaN │ -Infinity │ 1e\+21 │/);
  });
  it('csv-safe guards text against formulas, numbers not', async () => {
    expect(await query([`SELECT '=1+1' AS a, '+x' AS b, '@y' AS c, -5 AS d, 'ok' AS e`, '--csv-safe'])).toBe(
      "a,b,c,d,e\r\n'=1+1,'+x,'@y,-5,ok\r\n",
    );
  });
  it('table keeps wide characters aligned, has no colour and steers no terminal', async () => {
    const text = await query([`SELECT '日本' AS t, 1 AS n UNION ALL SELECT chr(27) || '[31m', 22 ORDER BY 2`, '--format', 'table']);
    expect(text).not.toContain('\u001B');
    expect(text.split('\n').filter((line) => line.startsWith('│'))).toEqual(['│ t     │  n │', '│ 日本  │  1 │', '│ �[31m │ 22 │']);
    expect(text).toMatch(/2 rows\n$/);
  });
  it('table is the format of a terminal and fits it', async () => {
    const terminal = streams({}, { columns: 40 });
    const text = await query([`SELECT repeat('x', 100) AS long, 1 AS n`], terminal);
    expect(text.split('\n').every((line) => line.length <= 40)).toBe(true);
    expect(text).toContain('…');
  });
  it('parquet goes to a file or a pipe, not to a terminal', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chatlake-out-'));
    const file = join(folder, 'out.parquet');
    await query([
      `SELECT message_id, context_date, text, commands, sum(1) OVER () AS s, 2.5 AS d, from_unixtime("date") AS at, 1 AS a, 2 AS a FROM telegram ORDER BY 1`,
      '-o',
      file,
    ]);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const read = await connection.runAndReadAll(`SELECT * FROM '${file}'`);
    expect(read.columnTypes().map(String)).toEqual([
      'BIGINT',
      'DATE',
      'VARCHAR',
      'VARCHAR[]',
      'BIGINT',
      'DECIMAL(2,1)',
      'VARCHAR',
      'BIGINT',
      'BIGINT',
    ]);
    expect(read.getRowsJson()[3]).toEqual(['9007199254740993', '2024-07-07', null, null, '4', '2.5', '2024-07-07 08:00:01 UTC', '1', '2']);
    const piped = streams();
    await query(['SELECT 1 AS x', '--format', 'parquet'], piped);
    expect(piped.out().subarray(0, 4).toString()).toBe('PAR1');
    expect(await outcome(['SELECT 1 AS x', '--format', 'parquet'], streams({}, { columns: 80 }))).toMatchObject({ code: 'USAGE' });
  });
});

describe('where the statement comes from and rows go to', () => {
  it('reads a file, a dash or what is piped in', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'chatlake-sql-')), 'q.sql');
    await writeFile(file, 'SELECT 7 AS x;;\n');
    expect(await query(['-f', file])).toBe('x\r\n7\r\n');
    for (const args of [['-'], [], ['-f', '-']]) {
      const piped = streams();
      piped.stdin.end('SELECT 8 AS x');
      expect(await query(args, piped)).toBe('x\r\n8\r\n');
    }
  });
  it('writes a file under its name only when it is complete', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chatlake-out-'));
    const file = join(folder, 'rows.json');
    await query(['SELECT 1 AS x', '-o', file]);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual([{ x: 1 }]);
    const failing = await outcome([`SELECT CAST(CASE WHEN range = 900000 THEN 'x' ELSE '1' END AS INT) FROM range(1000000)`, '-o', file]);
    expect(failing).toMatchObject({ code: 'SQL' });
    expect(await readdir(folder)).toEqual(['rows.json']);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual([{ x: 1 }]);
  });
  it('tells of a cut result and of notices beside the rows', async () => {
    const cut = streams();
    expect(await query(['SELECT * FROM range(10) t(x)', '--max-rows', '2'], cut)).toBe('x\r\n0\r\n1\r\n');
    expect(cut.err()).toContain('Cut after 2 rows');
    const repaired = streams();
    expect(await query(['MSCK REPAIR TABLE `default`.`telegram`'], repaired)).toBe('');
    expect(repaired.err()).toContain('Nothing to repair');
  });
  it.each([
    ['an engine whose address is not set', ['SELECT 1', '--engine', 'trino'], 'SETTINGS'],
    ['SQL twice', ['SELECT 1', '-f', 'x.sql'], 'USAGE'],
    ['a file that is absent', ['-f', '/nowhere/x.sql'], 'USAGE'],
    ['a folder that is absent', ['SELECT 1', '-o', '/nowhere/x.csv'], 'USAGE'],
    ['a wrong limit', ['SELECT 1', '--max-rows', 'many'], 'USAGE'],
    ['a wrong statement', ['SELEC 1'], 'SQL'],
    ['a statement that writes', ['DROP VIEW telegram'], 'SQL_REFUSED'],
    ['a statement that takes too long', ['SELECT count(*) FROM range(10000000000) a, range(10000000000) b', '--timeout', '1'], 'LIMIT'],
  ])('refuses %s', async (_, args, code) => {
    expect(await outcome(args)).toMatchObject({ name: 'ChatlakeError', code });
  });
  it('takes a comment in front of the statement for no option', async () => {
    for (const comment of ['-- Seven', '--seven', '--'])
      expect(await query([`${comment}\nSELECT 7 AS x`, '--format', 'ndjson'])).toBe('{"x":7}\n');
    expect(await outcome(['--seven'], streams())).toMatchObject({ code: 'commander.unknownOption' });
  });
  it('says that the lake is a file, or in one, rather than that it is empty', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'chatlake-file-')), 'lake');
    await writeFile(file, '');
    for (const place of [file, join(file, 'enriched')])
      expect(await outcome(['SELECT 1 AS x'], streams({ CHATLAKE_ENRICHED: place }))).toMatchObject({
        code: 'LAKE_UNAVAILABLE',
        message: `Cannot read ${place}: a file stands where a folder is needed: move it away or choose another place (ENOTDIR)`,
      });
  });
});

describe('a table that there is not', () => {
  it.each([
    ['telegramm', /Did you mean "telegram"\? SHOW TABLES/],
    ['"default".mesages', /Did you mean "messages"\? SHOW TABLES/],
    ['pg_clas', /pg_clas does not exist! SHOW TABLES/],
    ['grupo', /grupo does not exist! SHOW TABLES/],
  ])('%s is guessed among those of the lake only', async (name, told) => {
    await expect(query([`SELECT * FROM ${name}`], streams())).rejects.toMatchObject({ message: expect.stringMatching(told) as string });
  });
});

describe('the shell', () => {
  it('runs statements over several lines, shows errors and goes on, and keeps what was typed', async () => {
    const state = await mkdtemp(join(tmpdir(), 'chatlake-state-'));
    const terminal = streams({ XDG_STATE_HOME: state }, { columns: 80 });
    const done = query([], terminal);
    terminal.stdin.end(
      'SELECT count(*) AS messages\nFROM telegram;\nSELECT wrong FROM telegram;\n\\d whatsapp_statuses\n\\dt\n\\timing\n\\?\n\\q\n',
    );
    const text = await done;
    expect(text).toMatch(/messages[\s\S]*│ +4 │/);
    expect(text).toContain('SQL is wrong at line 1, column 8');
    expect(text).toContain('recipient_id');
    expect(text).toContain('whatsapp_events');
    expect(text).toContain('Timing is on');
    expect(await readFile(historyFile({ XDG_STATE_HOME: state }), 'utf8')).toContain('FROM telegram;');
  });
  it('completes names in the case they are typed in', () => {
    expect(completions(['telegram', 'telegram_events', 'SELECT'], 'select * from tele')).toEqual([['telegram', 'telegram_events'], 'tele']);
    expect(completions(['SELECT'], 'sel')).toEqual([['select'], 'sel']);
    expect(completions(['SELECT'], 'SEL')).toEqual([['SELECT'], 'SEL']);
  });
  it.each([
    ['SELECT 1;', true],
    ["SELECT ';", false],
    ["SELECT ';';", true],
    ['SELECT 1 -- ;', false],
    ['SELECT 1; -- done', true],
    ['SELECT 1', false],
  ])('knows whether %s is complete', (sql, expected) => {
    expect(complete(sql)).toBe(expected);
  });
  it('shares the width of the terminal among wide columns', () => {
    expect(fit([5, 100, 100], 44)).toEqual([5, 17, 18]);
  });
});

describe('ddl', () => {
  const print = async (...args: string[]) => {
    const using = streams();
    await ddlCommand(using.io).exitOverride().parseAsync(args, { from: 'user' });
    return using.out().toString();
  };
  it('prints what DuckDB itself can run over the same files', async () => {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run(await print('--engine', 'duckdb'));
    const count = async (name: string) => (await connection.runAndReadAll(`SELECT count(*)::INT FROM ${name}`)).getRows();
    expect(await count('messages')).toEqual([[6]]);
    expect(await count('quarantine')).toEqual([[0]]);
    for (const { name } of LAKE_VIEWS) await count(name);
  });
  it('prints Athena’s tables with the established columns first, in order', async () => {
    const text = await print('--engine', 'athena', '--location', 's3://bucket/lake/');
    const columns = /CREATE EXTERNAL TABLE IF NOT EXISTS `telegram`\(([\s\S]*?)\n\)|\)\nCOMMENT/.exec(text)?.[0] ?? '';
    const names = [...text.slice(text.indexOf('`telegram`(')).matchAll(/^ {2}`(\w+)` (\S+) COMMENT/gm)]
      .slice(0, 9)
      .map((match) => [match[1], match[2]]);
    expect(columns).not.toBe('');
    expect(names).toEqual([
      ['message_id', 'bigint'],
      ['user_id', 'bigint'],
      ['user_is_bot', 'boolean'],
      ['user_first_name', 'string'],
      ['chat_id', 'bigint'],
      ['chat_type', 'string'],
      ['data_type', 'string'],
      ['text', 'string'],
      ['date', 'bigint'],
    ]);
    expect(text).toContain("'s3://bucket/lake/telegram/'");
    expect(text).toContain('CREATE OR REPLACE VIEW messages AS');
    expect(text).not.toContain('projection');
  });
  it('prints projection where it is asked for', async () => {
    const athena = await print('--engine', 'athena', '--location', 's3://bucket/lake', '--partitions', 'projection');
    expect(athena).toContain("'storage.location.template'='s3://bucket/lake/telegram/context_date=${context_date}'");
    const trino = await print('--engine', 'trino', '--location', 's3://bucket/lake', '--partitions', 'projection');
    expect(trino).toContain("'s3://bucket/lake/telegram/context_date=${context_date}'");
  });
  it.each(['athena', 'trino'])(
    'names for %s the place where the lake is written, however many slashes it was given with',
    async (engine) => {
      expect(await print('--engine', engine, '--location', 's3://bucket//lake//')).toContain("'s3://bucket/lake/telegram/'");
    },
  );
  it('asks for a place on S3 for Athena', async () => {
    await expect(print('--engine', 'athena')).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe("a statement that takes memory beyond the engine's account", () => {
  it.each(['SELECT len(range(300000000))', 'SELECT list(range) OVER () FROM range(200000)'])(
    'ends the process in words: %s',
    async (sql) => {
      const run = chatlake(root, ['query', sql], { CHATLAKE_ENRICHED: root, NODE_OPTIONS: `--import=${TSX}` }, CLI);
      let most = 0;
      const look = setInterval(() => (most = Math.max(most, residentOf(run.child.pid ?? 0) ?? 0)), 10);
      expect(await run.ended).toBe('SIGKILL');
      clearInterval(look);
      expect(run.err()).toMatch(/^chatlake: The query was stopped: it took more memory than the 2048 MB it may use\. .*\n$/);
      expect(most).toBeLessThan(2600 * 1024 ** 2);
    },
  );
});
