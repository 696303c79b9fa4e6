import { mkdir } from 'node:fs/promises';
import { ChatlakeError } from '../../errors.js';
import { literal } from '../../sources/shape.js';
import { ddlStatements } from '../ddl.js';
import { LAKE_TABLES, LAKE_VIEWS } from '../lake-tables.js';
import { remoteError, type RemoteFailure } from '../remote/failure.js';
import { type TrinoAddress, TrinoFailed, trinoPages } from '../remote/trino-client.js';
import { synchronised } from '../trino.js';
import { quoted } from '../views.js';
import type { Catalog } from './catalog.js';

const LOCAL = /^local:\/\/(?=\/)/;
const TIME_LIMIT = 600_000;

/** The catalog of a Trino: one of its Hive connector. `location` is where the enriched lake lies, as Trino names it. */
export function trinoCatalog(address: TrinoAddress, location: string): Catalog {
  const { catalog, schema } = address;
  /** Tables whose days come from a range: they need no telling, and Trino refuses it. */
  const projected = new Set<string>();

  async function rows(sql: string): Promise<(readonly unknown[])[]> {
    const found: (readonly unknown[])[] = [];
    try {
      for await (const { data } of trinoPages(address, sql, AbortSignal.timeout(TIME_LIMIT))) found.push(...(data ?? []));
    } catch (error) {
      if (error instanceof TrinoFailed) throw refused(error.failure, sql);
      if (error instanceof DOMException)
        throw new ChatlakeError('LIMIT', `Trino took more than ${TIME_LIMIT / 60_000} minutes for: ${sql.slice(0, 80)}`);
      throw error;
    }
    return found;
  }

  /** The statements are none of the user's, and touch no row: what Trino says of them is told whole, with the settings it hangs on. */
  function refused(failure: RemoteFailure, sql: string): ChatlakeError {
    const error = remoteError(failure, sql);
    if (error.code !== 'SQL') return error;
    const message = failure.message.replace(/^line \d+:\d+: /, '').split('\n')[0];
    return new ChatlakeError(
      'SETTINGS',
      `Trino cannot describe the lake in the catalog "${catalog}" (${failure.name}): ${message}. Check TRINO_CATALOG, which must name a catalog of its Hive connector, and that Trino reaches ${location}.`,
    );
  }

  async function prepare(): Promise<string[]> {
    const named = `${quoted(catalog)}.${quoted(schema)}`;
    const schemas = await rows(
      `SELECT schema_name FROM ${quoted(catalog)}.information_schema.schemata WHERE schema_name = ${literal(schema.toLowerCase())}`,
    );
    if (schemas.length === 0) await rows(`CREATE SCHEMA IF NOT EXISTS ${named}`);
    const there = new Set((await rows(`SHOW TABLES FROM ${named}`)).map(([name]) => String(name)));
    const made: string[] = [];
    for (const { name, kind, sql } of ddlStatements('trino', LAKE_TABLES, LAKE_VIEWS, { location, partitions: 'registered' })) {
      // A view belongs to this version of chatlake; a table may be older than it, and stays valid.
      if (kind === 'table' && there.has(name)) {
        const [[written] = []] = await rows(`SHOW CREATE TABLE ${name}`);
        if (/projection[._]enabled/.test(String(written))) projected.add(name);
        continue;
      }
      // A place on a local file system must be there before the table is.
      if (kind === 'table' && LOCAL.test(location)) await mkdir(`${location.replace(LOCAL, '')}/${name}`, { recursive: true });
      await rows(sql);
      if (!there.has(name)) made.push(name);
    }
    return made;
  }

  return {
    name: 'trino',
    prepare,
    async add(table, days) {
      if (projected.has(table)) return 0;
      const known = new Set((await rows(`SELECT CAST(context_date AS varchar) FROM "${table}$partitions"`)).map(([date]) => String(date)));
      const fresh = days.filter((date) => !known.has(date));
      if (fresh.length > 0) await rows(synchronised([table], address, 'FULL'));
      return fresh.length;
    },
    close: () => undefined,
  };
}
