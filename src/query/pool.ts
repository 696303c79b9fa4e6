import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { HELPERS, MACROS, MACRO_SCHEMA } from './macros.js';
import { quoted, SCHEMA } from './views.js';
import { globbed, literal } from '../sources/shape.js';

export interface PoolOptions {
  /** Absolute path of the only folder that may be read. */
  readonly folder: string;
  /** DuckDB's spelling: `1GB`. */
  readonly memoryLimit: string;
  readonly threads: number;
  /** Statements that may run at a time. */
  readonly connections: number;
  /** Where and how much may be spilled to disk; absent: nothing. */
  readonly spill?: { readonly folder: string; readonly limit: string };
}

/** Connections to one locked, in-memory DuckDB. */
export interface Pool {
  /** For trusted SQL only. */
  readonly trusted: DuckDBConnection;
  /** Names of aggregate functions. */
  readonly aggregates: ReadonlySet<string>;
  /** A connection of one's own, until `release`. Waits in turn; rejects with the signal's reason when it is aborted. */
  acquire(signal: AbortSignal): Promise<DuckDBConnection>;
  release(connection: DuckDBConnection): void;
  close(): void;
}

/**
 * The sandbox's settings. Order matters: the folder must be named before access is switched off, and the lock comes
 * last. `allowed_directories` cannot be given when the instance is created.
 */
export async function openPool(options: PoolOptions): Promise<Pool> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads),
    memory_limit: options.memoryLimit,
    temp_directory: options.spill?.folder ?? '',
    ...(options.spill ? { max_temp_directory_size: options.spill.limit } : {}),
    // It is keyed by path, and mixes blocks of a file with those of the one that replaces it.
    enable_external_file_cache: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  });
  const open = async (userFacing: boolean) => {
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run('SET integer_division = true');
    await connection.run('SET errors_as_json = true');
    if (userFacing) await connection.run(`SET search_path = ${literal(quoted(SCHEMA))}`);
    return connection;
  };
  const trusted = await open(false);
  await trusted.run(`CREATE SCHEMA ${quoted(SCHEMA)}`);
  await trusted.run(`CREATE SCHEMA ${MACRO_SCHEMA}`);
  for (const [name, body] of Object.entries({ ...MACROS, ...HELPERS }))
    await trusted.run(`CREATE MACRO ${MACRO_SCHEMA}.${quoted(name)}${body}`);
  const named = await trusted.runAndReadAll("SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'aggregate'");
  const aggregates = new Set(['map_agg', ...named.getRows().map(([name]) => String(name))]);
  const idle: DuckDBConnection[] = [];
  for (let at = 0; at < options.connections; at += 1) idle.push(await open(true));
  const all = [...idle, trusted];
  // A pattern is checked as written, so the folder counts in a pattern's spelling too.
  const allowed = [...new Set([options.folder, globbed(options.folder)])].map((folder) => literal(`${folder}/`));
  await trusted.run(`SET allowed_directories = [${allowed.join(', ')}]`);
  await trusted.run('SET enable_external_access = false');
  await trusted.run('SET lock_configuration = true');
  return {
    trusted,
    aggregates,
    ...turns(idle),
    close: () => {
      for (const connection of all) connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Hands the idle connections out, first come first served. */
function turns(idle: DuckDBConnection[]): Pick<Pool, 'acquire' | 'release'> {
  const waiting: ((connection: DuckDBConnection) => void)[] = [];
  return {
    acquire(signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error);
        const free = idle.pop();
        if (free) return resolve(free);
        const take = (connection: DuckDBConnection) => {
          signal.removeEventListener('abort', leave);
          resolve(connection);
        };
        const leave = () => {
          waiting.splice(waiting.indexOf(take), 1);
          reject(signal.reason as Error);
        };
        waiting.push(take);
        signal.addEventListener('abort', leave, { once: true });
      });
    },
    release(connection) {
      const next = waiting.shift();
      if (next) next(connection);
      else idle.push(connection);
    },
  };
}
