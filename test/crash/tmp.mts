import { DuckDBConnection } from '@duckdb/node-api';
import { openLake, lay, etl } from '../support/lake.js';
import { telegramMessage } from '../support/lake-payloads.js';
const times: [number, string][] = [];
for (const name of ['run', 'runAndReadAll'] as const) {
  const original = DuckDBConnection.prototype[name] as (...a: unknown[]) => Promise<unknown>;
  (DuckDBConnection.prototype as unknown as Record<string, unknown>)[name] = async function (this: unknown, sql: string) { const t = performance.now(); try { return await original.call(this, sql); } finally { times.push([performance.now() - t, name + ' ' + String(sql).replace(/\s+/g, ' ').slice(0, 130)]); } };
}
const lake = await openLake();
for (let d = 1; d <= 4; d++) { const s = Date.parse(`2024-07-${String(d).padStart(2,'0')}T15:00:00Z`)/1000; await lay(lake, 'telegram', s*1000, [telegramMessage({id:d,date:s,text:'x'})]); }
await etl(lake, { onDay: () => { if (times.length && !process.env.ALL) console.log('day', times.length, Math.round(times.reduce((a, [t]) => a + t, 0))); if (lake) { last = times.splice(0); } } });
var last: [number, string][];
for (const [t, s] of [...last!].sort((a, b) => b[0] - a[0]).slice(0, 16)) console.log(t.toFixed(1), s);
