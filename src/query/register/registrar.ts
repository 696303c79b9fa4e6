import { resolve } from 'node:path';
import { type Settings, trinoAddress } from '../../config.js';
import { ChatlakeError } from '../../errors.js';
import { datesIn, tableFolder } from '../../lake/layout.js';
import type { Store } from '../../types.js';
import { LAKE_TABLES } from '../lake-tables.js';
import type { Catalog } from './catalog.js';

export interface Registered {
  readonly catalog: Catalog['name'];
  /** Tables and views that were made. */
  readonly made: readonly string[];
  /** Days that are known since now, by table. */
  readonly days: Readonly<Record<string, number>>;
}

/** Keeps a catalog up to date with the days of the enriched lake. */
export interface Registrar {
  /** Makes new days known. What it has registered itself it does not ask about again. Throws ChatlakeError; trying again is safe. */
  register(): Promise<Registered>;
  close(): void;
}

/** The registrar of `catalog`, by the settings. Throws SETTINGS or USAGE when they do not suffice. */
export async function openRegistrar(settings: Settings, catalog: Catalog['name'], enriched: Store): Promise<Registrar> {
  return registrar(await openCatalog(settings, catalog), enriched);
}

async function openCatalog(settings: Settings, catalog: Catalog['name']): Promise<Catalog> {
  const { enriched, athena } = settings;
  const isS3 = enriched.startsWith('s3://');
  if (catalog === 'trino')
    return (await import('./trino.js')).trinoCatalog(trinoAddress(settings), isS3 ? enriched : `local://${resolve(enriched)}`);
  if (!isS3) throw new ChatlakeError('USAGE', 'Glue describes tables on S3 only: set CHATLAKE_ENRICHED to s3://bucket/prefix.');
  return (await import('./glue.js')).glueCatalog({ database: athena.database, location: enriched });
}

export function registrar(catalog: Catalog, enriched: Store): Registrar {
  const known = new Map<string, Set<string>>();
  let prepared = false;
  return {
    async register() {
      const made = prepared ? [] : await catalog.prepare();
      prepared = true;
      const days: Record<string, number> = {};
      for (const { name } of LAKE_TABLES) {
        const registered = known.get(name) ?? new Set<string>();
        const fresh = (await datesIn(enriched, tableFolder(name))).filter((date) => !registered.has(date));
        if (fresh.length === 0) continue;
        const added = await catalog.add(name, fresh);
        if (added > 0) days[name] = added;
        known.set(name, new Set([...registered, ...fresh]));
      }
      return { catalog: catalog.name, made, days };
    },
    close: () => catalog.close(),
  };
}

/** What was registered, in a line. */
export function registeredLine({ catalog, made, days }: Registered): string {
  const where = { trino: 'Trino', glue: 'Glue' }[catalog];
  const added = Object.entries(days).map(([table, count]) => `${table} ${count}`);
  const parts = [...(made.length > 0 ? [`made ${made.join(', ')}`] : []), ...(added.length > 0 ? [`new days: ${added.join(', ')}`] : [])];
  return `${where}: ${parts.length > 0 ? parts.join('; ') : 'nothing new'}.`;
}
