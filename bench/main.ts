import * as analysis from './analysis.js';
import * as cold from './cold.js';
import * as crowd from './crowd.js';
import * as etl from './etl.js';
import * as imports from './import.js';
import * as ingest from './ingest.js';
import * as proxy from './proxy.js';
import * as query from './query.js';
import * as s3 from './s3.js';
import { keepResult } from './support/results.js';
import type { BenchRow } from './support/rows.js';

/** Names of suites to run; all without any. */
const SUITES = { ingest, crowd, proxy, etl, import: imports, query, analysis, s3, cold };
const RESULTS = 'bench/results.json';
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in SUITES));
if (unknown.length > 0) throw new Error(`No such suite: ${unknown.join(', ')}; there are ${Object.keys(SUITES).join(', ')}`);

const rows: BenchRow[] = [];
for (const [name, suite] of Object.entries(SUITES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`${name} ...\n`);
  const measured = await suite.run();
  await keepResult(RESULTS, Object.keys(SUITES), name, measured);
  rows.push(...measured);
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
