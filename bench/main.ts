import { writeFile } from 'node:fs/promises';
import { arch, cpus, platform, totalmem } from 'node:os';
import * as analysis from './analysis.js';
import * as etl from './etl.js';
import * as imports from './import.js';
import * as ingest from './ingest.js';
import * as proxy from './proxy.js';
import * as query from './query.js';
import * as s3 from './s3.js';
import * as search from './search.js';
import type { BenchRow } from './support/rows.js';

/** Names of suites to run; all without any. */
const SUITES = { ingest, proxy, etl, import: imports, query, analysis, search, s3 };
const wanted = process.argv.slice(2);

const rows: BenchRow[] = [];
for (const [name, suite] of Object.entries(SUITES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`${name} ...\n`);
  rows.push(...(await suite.run()));
}

const shown = (value: number | undefined) => (value === undefined ? '' : value >= 100 ? Math.round(value).toString() : value.toFixed(2));
console.table(
  rows.map(({ name, value, unit, ratio, target }) => ({
    name,
    value: `${shown(value)} ${unit}`,
    ratio: shown(ratio),
    target: shown(target),
  })),
);
const machine = {
  node: process.version,
  platform: platform(),
  arch: arch(),
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  memory_gb: Math.round(totalmem() / 1e9),
};
await writeFile('bench/results.json', `${JSON.stringify({ machine, rows }, null, 2)}\n`);
