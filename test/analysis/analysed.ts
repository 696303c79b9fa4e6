import { rm } from 'node:fs/promises';
import { type Analysis, openAnalysis } from '../../src/analysis/analysis.js';
import { fileStore } from '../../src/lake/file.js';
import { duckdbEngine } from '../../src/query/duckdb.js';
import type { QueryEngine } from '../../src/types.js';
import { newRoot, type Rows, writeLake, ZONE } from './lake.js';

/** A lake in a temporary folder, asked both ways. */
export interface Analysed {
  readonly engine: QueryEngine;
  readonly analysis: Analysis;
  readonly close: () => Promise<void>;
}

/** A lake of `rows` as it is at `now`, in epoch milliseconds. */
export async function analysed(rows: Rows, now: number): Promise<Analysed> {
  const root = await newRoot();
  await writeLake(root, rows);
  const engine = await duckdbEngine({ root, threads: 2 });
  const analysis = await openAnalysis({ enriched: fileStore(root), zone: ZONE, clock: { now: () => now } });
  return {
    engine,
    analysis,
    close: async () => {
      await analysis.close();
      await engine.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
