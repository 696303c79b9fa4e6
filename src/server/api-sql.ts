import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { Hono } from 'hono';
import { z } from 'zod';
import { parseLanguage } from '../analysis/filters.js';
import { functionNames, relations } from '../query/catalog.js';
import type { ExportFormat } from '../query/export.js';
import type { QueryEngine } from '../types.js';
import type { CatalogView, SqlView } from './api-types.js';
import { FRESH } from './failures.js';
import { jsonBody } from './request.js';
import { PRESETS } from './sql-presets.js';

/** SQL of people: apart from the engine that answers the page itself, so that it cannot keep it waiting. */
export interface SqlApi {
  readonly engine: QueryEngine;
  /** Writes the rows of a statement to a file. */
  readonly exported: (sql: string, format: ExportFormat, signal: AbortSignal) => Promise<Exported>;
  /** Shown beside the editor: no limit is silent. */
  readonly limits: { readonly memoryMb: number; readonly timeout: number };
}

export interface Exported {
  readonly path: string;
  readonly bytes: number;
  /** Removes the file. */
  readonly discard: () => Promise<void>;
}

/** Rows that are shown unless fewer are asked for; more are for an export. */
const ROWS = 10_000;
const SQL = z.string('sql must be text').min(1, 'sql is empty').max(100_000, 'sql is longer than 100,000 characters');
const QUERY = z.object({
  sql: SQL,
  maxRows: z.int('maxRows must be a whole number').min(1).max(ROWS, `maxRows may be at most ${ROWS}`).optional(),
});
const EXPORT = z.object({ sql: SQL, format: z.enum(['csv', 'json', 'parquet'], 'format must be csv, json or parquet') });
const TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
};

/** Adds `/api/sql`, `/api/sql/export` and `/api/sql/catalog`. */
export function mountSql(app: Hono, { engine, exported, limits }: SqlApi): void {
  app.post('/api/sql', async (c) => {
    const { sql, maxRows = ROWS } = await jsonBody(c, QUERY);
    const began = performance.now();
    const result = await engine.run(sql, { maxRows, signal: c.req.raw.signal });
    const rows: unknown[][] = [];
    for await (const batch of result.batches) for (const row of batch) rows.push(row.map(shown));
    const seconds = Math.round(performance.now() - began) / 1000;
    const { columns, notices } = result;
    return c.json({ columns, rows, truncated: result.truncated(), notices, seconds } satisfies SqlView, 200, FRESH);
  });

  app.post('/api/sql/export', async (c) => {
    const { sql, format } = await jsonBody(c, EXPORT);
    const file = await exported(sql, format, c.req.raw.signal);
    const stream = createReadStream(file.path);
    stream.once('close', () => void file.discard());
    return new Response(Readable.toWeb(stream) as ReadableStream, {
      headers: {
        ...FRESH,
        'content-type': TYPES[format],
        'content-length': String(file.bytes),
        'content-disposition': `attachment; filename="chatlake.${format}"`,
      },
    });
  });

  let functions: Promise<string[]> | undefined;
  app.get('/api/sql/catalog', async (c) => {
    functions ??= functionNames(engine);
    const names = await functions.catch((error: unknown) => {
      functions = undefined;
      throw error;
    });
    const { memoryMb, timeout: seconds } = limits;
    const language = parseLanguage(c.req.query('lang') ?? 'en');
    const presets = PRESETS.map(({ title, ...preset }) => ({ ...preset, title: title[language] }));
    const catalog = { tables: relations(), functions: names, presets, limits: { rows: ROWS, seconds, memoryMb } };
    return c.json(catalog satisfies CatalogView, 200, FRESH);
  });
}

/** What no JSON reader keeps is text: large integers, NaN, infinity. */
function shown(value: unknown): unknown {
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) return String(value);
  return Array.isArray(value) ? value.map(shown) : value;
}
