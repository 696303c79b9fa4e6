import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { loadSettings, type Settings, trinoAddress } from '../config.js';
import { ChatlakeError, messageOf, systemCode } from '../errors.js';
import type { QueryEngine, QueryOptions, QueryResult } from '../types.js';
import { FORMATS, formatted } from '../query/format.js';
import type { Format } from '../query/format.js';
import { writeParquet } from '../query/format-parquet.js';
import { tooMuchMemory, watchMemory } from '../query/worker/memory.js';
import type { Io } from './io.js';
import { localEngine } from './local-engine.js';
import { shell } from './shell.js';

interface Flags {
  readonly file?: string;
  readonly engine: EngineName;
  readonly format?: Format;
  readonly output?: string;
  readonly maxRows?: number;
  readonly timeout?: number;
  readonly csvSafe?: boolean;
}

/** Rows of a table that nobody asked to be longer. */
const TABLE_ROWS = 10_000;

function count(what: string): (value: string) => number {
  return (value) => {
    const parsed = Number(value);
    if (!Number.isInteger(parsed) || parsed <= 0)
      throw new ChatlakeError('USAGE', `${what} must be a whole number above 0, not "${value}".`);
    return parsed;
  };
}

/** A comment that a statement begins with, and no option. */
const COMMENT = /^--(?:\s|.*\n)/;

/** `chatlake query`: runs one statement and writes its rows, or opens the shell. */
export function queryCommand(io: Io): Command {
  const command = new Command('query');
  const parse = command.parseOptions.bind(command);
  command.parseOptions = (args) => parse(args.map((arg) => (COMMENT.test(arg) ? ` ${arg}` : arg)));
  return command
    .description('run SQL over the lake; without any, on a terminal: an interactive shell')
    .argument('[sql]', 'one SELECT; - reads it from standard input')
    .option('-f, --file <file>', 'read the statement from a file')
    .addOption(new Option('--engine <engine>', 'what runs it').choices(Object.keys(ENGINES)).default('duckdb'))
    .addOption(new Option('--format <format>', 'how rows are written; table on a terminal, csv otherwise').choices(FORMATS))
    .option('-o, --output <file>', 'write to a file, which appears complete')
    .option('--max-rows <n>', 'cut the result after so many rows', count('--max-rows'))
    .option('--timeout <seconds>', 'stop the statement after so long', count('--timeout'))
    .option('--csv-safe', 'guard CSV against spreadsheet formulas')
    .action((sql: string | undefined, flags: Flags) => query(io, sql, flags));
}

async function query(io: Io, given: string | undefined, flags: Flags): Promise<void> {
  const sql = await statement(io, given, flags.file);
  const settings = loadSettings(io.env);
  const format = flags.format ?? (flags.output === undefined && io.stdout.isTTY ? 'table' : formatOf(flags.output));
  if (format === 'parquet' && flags.output === undefined && io.stdout.isTTY)
    throw new ChatlakeError('USAGE', 'Parquet is binary: give -o FILE, or send standard output to a file.');
  const engine = await ENGINES[flags.engine](settings);
  const unwatch = watchMemory(process.pid, (bytes) => bytes > MEMORY && giveUp(io));
  try {
    if (sql === undefined) await shell(io, engine);
    else await answer(io, engine, sql, format, flags);
  } finally {
    unwatch();
    await engine.close();
  }
}

/** Resident bytes of this process at which it ends: twice what the engine allows itself by its own account. */
const MEMORY = 2 * 1024 ** 3;

/** Ends the process by a signal: a statement that cannot be interrupted holds up any other way out, and takes more all the while. */
function giveUp(io: Io): void {
  io.stderr.write(`chatlake: ${tooMuchMemory(MEMORY).message}\n`);
  process.kill(process.pid, 'SIGKILL');
}

type EngineName = 'duckdb' | 'trino' | 'athena';

const ENGINES: Readonly<Record<EngineName, (settings: Settings) => Promise<QueryEngine>>> = {
  duckdb: localEngine,
  trino: async (settings) => (await import('../query/trino.js')).trinoEngine(trinoAddress(settings)),
  athena: async ({ athena }) => (await import('../query/athena.js')).athenaEngine(athena),
};

/** The format a file's name asks for; csv otherwise. */
function formatOf(output: string | undefined): Format {
  const extension = /\.(\w+)$/.exec(output ?? '')?.[1]?.toLowerCase();
  return FORMATS.find((format) => format === extension) ?? (extension === 'jsonl' ? 'ndjson' : 'csv');
}

/** The statement from wherever it comes; undefined means the shell. */
async function statement(io: Io, given: string | undefined, file: string | undefined): Promise<string | undefined> {
  if (given !== undefined && file !== undefined) throw new ChatlakeError('USAGE', 'Give the SQL or -f FILE, not both.');
  if (file !== undefined && file !== '-') {
    return readFile(file, 'utf8').catch((error: unknown) => {
      throw new ChatlakeError(
        'USAGE',
        `Cannot read ${file} (${systemCode(error) ?? messageOf(error)}). Give -f the path of a file with one SQL statement.`,
      );
    });
  }
  if (given !== undefined && given !== '-') return given;
  if (given === undefined && file === undefined && io.stdin.isTTY) return undefined;
  const pieces: Buffer[] = [];
  for await (const piece of io.stdin) pieces.push(Buffer.from(piece as Buffer | string));
  return Buffer.concat(pieces).toString('utf8');
}

async function answer(io: Io, engine: QueryEngine, sql: string, format: Format, flags: Flags): Promise<void> {
  const maxRows = flags.maxRows ?? (format === 'table' ? TABLE_ROWS : undefined);
  const options: QueryOptions = {
    signal: io.stop,
    ...(maxRows === undefined ? {} : { maxRows }),
    ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout * 1000 }),
  };
  const result = await engine.run(sql, options);
  if (flags.output === undefined) await toStdout(io, result, format, flags);
  else await toFile(result, format, flags, flags.output);
  for (const notice of result.notices) io.stderr.write(`${notice}\n`);
  if (result.truncated()) io.stderr.write(`Cut after ${maxRows} rows; --max-rows sets another limit.\n`);
}

async function toStdout(io: Io, result: QueryResult, format: Format, flags: Flags): Promise<void> {
  try {
    if (format === 'parquet') {
      const file = join(tmpdir(), `chatlake-${randomUUID()}.parquet`);
      try {
        await writeParquet(result, file);
        await pipeline(createReadStream(file), io.stdout, { end: false });
      } finally {
        await rm(file, { force: true });
      }
      return;
    }
    const width = io.stdout.isTTY ? io.stdout.columns : undefined;
    const text = formatted(result, format, { csvSafe: flags.csvSafe === true, ...(width === undefined ? {} : { width }) });
    await pipeline(Readable.from(text), io.stdout, { end: false });
  } catch (error) {
    // The reader (head, less) has seen enough.
    if (systemCode(error) !== 'EPIPE') throw error;
  }
}

/** Under its final name the file is complete, or what was there before. */
async function toFile(result: QueryResult, format: Format, flags: Flags, output: string): Promise<void> {
  const file = resolve(output);
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    if (format === 'parquet') await writeParquet(result, temporary);
    else
      await pipeline(
        Readable.from(formatted(result, format, { csvSafe: flags.csvSafe === true })),
        createWriteStream(temporary, { flush: true }),
      );
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    const code = systemCode(error);
    if (code === undefined || error instanceof ChatlakeError) throw error;
    throw new ChatlakeError('USAGE', `Cannot write ${output} (${code}). Give -o a path in a folder that exists and can be written.`, {
      cause: error,
    });
  }
}
