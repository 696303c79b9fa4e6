import type { Settings } from '../config.js';
import { mirrorOf } from '../lake/mirror.js';
import { openStore } from '../lake/open.js';
import { refreshed } from '../query/refreshed.js';
import type { QueryEngine } from '../types.js';

/** DuckDB over the enriched lake, or over a folder that follows it. */
export async function localEngine({ enriched, s3 }: Settings): Promise<QueryEngine> {
  const { duckdbEngine } = await import('../query/duckdb.js');
  const mirror = mirrorOf(openStore(enriched, s3), s3.cache);
  const engine = refreshed(await duckdbEngine({ root: mirror.folder }), mirror.refresh);
  const close = async () => {
    await engine.close();
    await mirror.close();
  };
  return { ...engine, close };
}
