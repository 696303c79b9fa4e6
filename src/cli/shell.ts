import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import { ChatlakeError } from '../errors.js';
import type { QueryEngine } from '../types.js';
import { relations, trinoFunctions } from '../query/catalog.js';
import { formatted } from '../query/format.js';
import type { Io } from './io.js';

const HELP = `A statement ends with a semicolon and may span lines. Tab completes names.
  \\dt          tables          \\d TABLE    its columns
  \\timing      show times      \\q          leave (also Ctrl-D)
Ctrl-C stops a running statement, or drops what was typed.
`;
const KEYWORDS =
  'SELECT FROM WHERE GROUP BY ORDER HAVING LIMIT WITH AS ON JOIN LEFT INNER CROSS UNNEST UNION ALL DISTINCT CASE WHEN THEN ELSE END AND OR NOT IN IS NULL LIKE BETWEEN CAST INTERVAL EXTRACT OVER PARTITION DESC ASC DESCRIBE SHOW TABLES EXPLAIN'.split(
    ' ',
  );
const HISTORY = 1000;
const ROWS = 1000;

/** File that keeps what was typed, for the arrow keys: XDG's place for state. */
export function historyFile(env: Io['env']): string {
  const state = env['XDG_STATE_HOME'] || join(env['HOME'] || homedir(), '.local', 'state');
  return join(state, 'chatlake', 'query_history');
}

/** Names that start with the last word of `line`, and that word. */
export function completions(names: readonly string[], line: string): [string[], string] {
  const word = /[\p{L}\p{N}_$]*$/u.exec(line)?.[0] ?? '';
  if (word === '') return [[], ''];
  const lower = word.toLowerCase();
  const upper = word === word.toUpperCase();
  const found = names.filter((name) => name.toLowerCase().startsWith(lower));
  return [found.map((name) => (KEYWORDS.includes(name) && !upper ? name.toLowerCase() : name)), word];
}

/** Whether what was typed so far ends in a semicolon outside quotes and comments. */
export function complete(sql: string): boolean {
  const bare = sql.replace(/--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)/g, (quoted) =>
    /^['"]/.test(quoted) ? 'x' : ' ',
  );
  return /;\s*$/.test(bare);
}

async function values(engine: QueryEngine, sql: string): Promise<string[]> {
  const found: string[] = [];
  for await (const batch of (await engine.run(sql)).batches) for (const row of batch) found.push(String(row[0]));
  return found;
}

/** Names that Tab completes. Elsewhere they are those that chatlake declares: asking takes too long, and costs. */
async function namesOf(engine: QueryEngine): Promise<string[]> {
  if (engine.name !== 'duckdb') {
    const declared = relations().flatMap(({ name, columns }) => [name, ...columns.map((column) => column.name)]);
    return [...new Set([...declared, ...KEYWORDS, ...trinoFunctions()])];
  }
  const tables = await values(
    engine,
    `SELECT DISTINCT name FROM (SELECT table_name AS name FROM duckdb_columns() WHERE NOT internal UNION ALL SELECT column_name FROM duckdb_columns() WHERE NOT internal) ORDER BY 1`,
  );
  const functions = await values(
    engine,
    `SELECT DISTINCT function_name FROM duckdb_functions() WHERE regexp_like(function_name, '^[a-z][a-z0-9_]+$') ORDER BY 1`,
  );
  return [...new Set([...tables, ...KEYWORDS, ...functions])];
}

/** What a line that starts with a backslash asks for, as SQL; undefined when it is not known. */
function meta(line: string, engine: QueryEngine): string | undefined {
  const [command, name] = line.replace(/;?\s*$/, '').split(/\s+/);
  if (command === '\\dt' || (command === '\\d' && name === undefined)) return 'SHOW TABLES';
  if (command === '\\d' && name !== undefined && engine.name !== 'duckdb') return `DESCRIBE ${name.replace(/[^\p{L}\p{N}_.]/gu, '')}`;
  if (command === '\\d' && name !== undefined)
    return `SELECT column_name, data_type FROM duckdb_columns() WHERE lower(table_name) = lower('${name.replaceAll("'", "''").replaceAll('"', '')}') AND NOT internal ORDER BY column_index`;
  return undefined;
}

/** Reads statements from the terminal until it ends. Errors are shown; the shell goes on. */
export async function shell(io: Io, engine: QueryEngine): Promise<void> {
  const file = historyFile(io.env);
  const typed = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  const names = await namesOf(engine);
  const reader = createInterface({
    input: io.stdin,
    output: io.stdout,
    history: typed.slice(-HISTORY).reverse(),
    historySize: HISTORY,
    removeHistoryDuplicates: true,
    completer: (line: string) => completions(names, line),
  });
  let history: string[] = [];
  reader.on('history', (lines) => {
    history = lines;
  });
  io.stdout.write('SQL over the lake. \\? for help, \\q to leave.\n');
  await loop(io, engine, reader);
  if (history.length === 0) return;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, `${[...history].reverse().join('\n')}\n`, { mode: 0o600 });
}

async function loop(io: Io, engine: QueryEngine, reader: Interface): Promise<void> {
  let pending = '';
  let timing = false;
  let running: AbortController | undefined;
  let open = true;
  reader.once('close', () => {
    open = false;
  });
  // Input may end before what it held has run.
  const prompt = () => {
    if (!open) return;
    reader.setPrompt(pending === '' ? 'chatlake> ' : '     ...> ');
    reader.prompt();
  };
  reader.on('SIGINT', () => {
    if (running) running.abort();
    else {
      pending = '';
      io.stdout.write('\n');
      prompt();
    }
  });
  io.stop.addEventListener('abort', () => reader.close(), { once: true });
  const execute = async (sql: string) => {
    running = new AbortController();
    await show(io, engine, sql, running.signal, timing);
    running = undefined;
  };
  prompt();
  for await (const line of reader) {
    const command = line.trim();
    if (pending === '' && command.startsWith('\\')) {
      const sql = meta(command, engine);
      if (command === '\\q') break;
      if (command === '\\timing') {
        timing = !timing;
        io.stdout.write(`Timing is ${timing ? 'on' : 'off'}.\n`);
      } else if (sql === undefined) io.stdout.write(HELP);
      else await execute(sql);
    } else {
      pending += pending === '' ? line : `\n${line}`;
      if (pending.trim() === '') pending = '';
      if (complete(pending)) {
        const sql = pending;
        pending = '';
        await execute(sql);
      }
    }
    prompt();
  }
  reader.close();
}

async function show(io: Io, engine: QueryEngine, sql: string, signal: AbortSignal, timing: boolean): Promise<void> {
  const from = io.clock.now();
  try {
    const result = await engine.run(sql, { signal, maxRows: ROWS });
    for await (const piece of formatted(result, 'table', io.stdout.columns === undefined ? {} : { width: io.stdout.columns }))
      io.stdout.write(piece);
    for (const notice of result.notices) io.stdout.write(`${notice}\n`);
    if (result.truncated()) io.stdout.write(`Only the first ${ROWS} rows are shown; "chatlake query SQL" gives all.\n`);
  } catch (error) {
    if (!(error instanceof ChatlakeError)) throw error;
    io.stdout.write(`${error.message}\n`);
  }
  if (timing) io.stdout.write(`${((io.clock.now() - from) / 1000).toFixed(3)} s\n`);
}
