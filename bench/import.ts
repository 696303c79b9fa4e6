import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { median, type BenchRow } from './support/rows.js';
import { type Run, runNode } from './support/run.js';
import { writeTelegramExport } from './support/telegram-export.js';

const CLI = resolve('dist/cli.js');
const MILLION = 1_000_000;
const ROUNDS = 3;
const THREE_YEARS = 1095;

/** An import of a million messages against DuckDB's JSON reader on the same file, process start included in both; then its way into the tables. */
export async function run(): Promise<BenchRow[]> {
  await mkdir(resolve('.cache'), { recursive: true });
  const folder = await mkdtemp(resolve('.cache', 'bench-import-'));
  const file = join(folder, 'result.json');
  const env = (raw: string) => ({ CHATLAKE_RAW: join(folder, raw), CHATLAKE_ENRICHED: join(folder, 'enriched') });
  try {
    await writeTelegramExport(file, MILLION, THREE_YEARS);
    const ours: Run[] = [];
    const theirs: Run[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      theirs.push(await runNode(['--import', 'tsx', resolve('bench/support/plain-export.ts'), file]));
      ours.push(await runNode([CLI, 'import', '--no-etl', file], env(`raw-${round}`)));
    }
    const tables = await runNode([CLI, 'etl', '--all'], env('raw-0'));
    const ratio = median(theirs.map(({ seconds }, round) => seconds / (ours[round]?.seconds ?? Number.NaN)));
    const seconds = (runs: { seconds: number }[]) => median(runs.map((one) => one.seconds));
    return [
      { name: `DuckDB alone, result.json of ${Math.round((await stat(file)).size / 1e6)} MB`, value: seconds(theirs), unit: 's' },
      { name: 'import, 1,000,000 messages', value: seconds(ours), unit: 's', ratio, target: 0.3 },
      { name: 'import, peak memory', value: Math.max(...ours.map(({ megabytes }) => megabytes)), unit: 'MB', target: 500 },
      { name: 'etl of the import, 1,095 days', value: tables.seconds, unit: 's' },
      { name: 'etl of the import, peak memory', value: tables.megabytes, unit: 'MB' },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.table(await run());
