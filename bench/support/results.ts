import { readFile, rename, writeFile } from 'node:fs/promises';
import { arch, cpus, platform, totalmem } from 'node:os';
import type { BenchRow } from './rows.js';

/** What one suite measured, when and where. Suites may be measured one at a time, each on its own day and machine. */
export interface SuiteResult {
  /** YYYY-MM-DD, UTC. */
  readonly measured: string;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly rows: readonly BenchRow[];
}

const machine = {
  node: process.version,
  platform: platform(),
  arch: arch(),
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memory_gb: Math.round(totalmem() / 1e9),
};

/** Puts a suite's rows in the place of those it had in `file`; what other suites measured stays. Suites stand in the order of `names`. */
export async function keepResult(file: string, names: readonly string[], suite: string, rows: readonly BenchRow[]): Promise<void> {
  const known = await resultsIn(file);
  known[suite] = { measured: new Date().toISOString().slice(0, 10), machine, rows: rows.map(rounded) };
  const ordered = Object.fromEntries(names.filter((name) => known[name]).map((name) => [name, known[name]]));
  await writeFile(`${file}.new`, `${JSON.stringify(ordered, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

async function resultsIn(file: string): Promise<Record<string, SuiteResult>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, SuiteResult>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** Digits beyond these are noise. */
function rounded(row: BenchRow): BenchRow {
  const value = Number(row.value.toPrecision(row.value >= 1000 ? 5 : 3));
  return { ...row, value, ...(row.ratio === undefined ? {} : { ratio: Number(row.ratio.toFixed(2)) }) };
}
