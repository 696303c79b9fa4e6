import type { Hono } from 'hono';
import { ChatlakeError } from '../errors.js';
import { REJECTED } from '../lake/layout.js';
import type { Clock, QueryEngine, Store } from '../types.js';
import type { Zone } from '../zone.js';
import type { CoverageView, QuarantineView, RunsView, StorageView } from './api-types.js';
import { coverageOf } from './coverage.js';
import { FRESH } from './failures.js';
import { remembered, type Runs } from './health.js';
import { rowsOf } from './queries.js';

export interface HealthApi {
  readonly engine: QueryEngine;
  readonly raw: Store;
  readonly enriched: Store;
  readonly zone: Zone;
  readonly clock: Clock;
  readonly runs: Runs;
}

/** Characters of a quarantined payload that are shown. */
const SHOWN = 20_000;

/** Adds `/api/quarantine`, `/api/coverage`, `/api/storage` and `/api/runs`. */
export function mountHealth(app: Hono, { engine, raw, enriched, zone, clock, runs }: HealthApi): void {
  app.get('/api/quarantine', async (c) => {
    const limit = Number(c.req.query('limit') ?? 50);
    if (!Number.isInteger(limit) || limit < 1 || limit > 200)
      throw new ChatlakeError('USAGE', 'limit must be a whole number from 1 to 200.');
    return c.json(await quarantined(engine, zone, limit), 200, FRESH);
  });
  const coverage = remembered(runs, clock, () => coverageOf(engine, zone));
  app.get('/api/coverage', async (c) => c.json((await coverage()) satisfies CoverageView, 200, FRESH));
  const storage = remembered(runs, clock, async () => ({
    asOf: clock.now(),
    layers: [await rawStorage(raw), await enrichedStorage(enriched)],
  }));
  app.get('/api/storage', async (c) => c.json((await storage()) satisfies StorageView, 200, FRESH));
  app.get('/api/runs', (c) => c.json({ runs: runs.history } satisfies RunsView, 200, FRESH));
}

async function quarantined(engine: QueryEngine, zone: Zone, limit: number): Promise<QuarantineView> {
  const [count] = await rowsOf(engine, 'SELECT count(*) AS total FROM quarantine');
  const rows = await rowsOf(
    engine,
    `SELECT source, CAST(context_date AS VARCHAR) AS date, received_at, raw_file, raw_line, reason, substr(payload, 1, ${SHOWN}) AS payload, length(payload) AS size
     FROM quarantine ORDER BY context_date DESC, received_at DESC, raw_file DESC, raw_line DESC LIMIT ${limit}`,
  );
  return {
    total: Number(count?.['total'] ?? 0),
    rows: rows.map((row) => {
      const payload = String(row['payload'] ?? '');
      const binary = payload.startsWith(BASE64);
      const date = String(row['date']);
      // The ETL dates what does not tell when it arrived by the start of its day.
      const timed = row['received_at'] !== null && Number(row['received_at']) !== zone.startOf(date) * 1000;
      return {
        source: String(row['source']),
        date,
        receivedAt: timed ? Number(row['received_at']) : null,
        file: String(row['raw_file']),
        line: Number(row['raw_line']),
        reason: String(row['reason']),
        encoding: binary ? ('base64' as const) : ('utf8' as const),
        payload: binary ? payload.slice(BASE64.length) : payload,
        cut: Number(row['size'] ?? 0) > SHOWN,
      };
    }),
  };
}

const BASE64 = 'base64:';

type Layer = StorageView['layers'][number];

/** Bytes and objects under each folder of a store, named by `named`. */
async function stored(store: Store, layer: Layer['layer'], named: (folder: string) => string): Promise<Layer> {
  const parts = new Map<string, { name: string; bytes: number; objects: number }>();
  for (const child of await store.children('')) {
    if (!child.endsWith('/')) continue;
    const name = named(child.slice(0, -1));
    const part = parts.get(name) ?? { name, bytes: 0, objects: 0 };
    parts.set(name, part);
    for await (const { size } of store.list(child)) {
      part.bytes += size;
      part.objects += 1;
    }
  }
  const all = [...parts.values()].filter(({ objects }) => objects > 0).sort((a, b) => b.bytes - a.bytes);
  const sum = (key: 'bytes' | 'objects') => all.reduce((total, part) => total + part[key], 0);
  return { layer, bytes: sum('bytes'), objects: sum('objects'), parts: all };
}

const rawStorage = (raw: Store): Promise<Layer> =>
  stored(raw, 'raw', (folder) => (folder === REJECTED ? 'rejected' : folder.replace(/^[_.].*/, 'other')));
const enrichedStorage = (enriched: Store): Promise<Layer> => stored(enriched, 'enriched', (folder) => folder.replace(/^[_.].*/, 'other'));
