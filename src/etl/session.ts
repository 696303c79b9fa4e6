import { availableParallelism } from 'node:os';

/** DuckDB as the ETL uses it: trusted SQL only, one connection. */
export interface Session {
  run(sql: string): Promise<void>;
  /** Runs a statement whose effect outlives `reset`, unless it has been run: to plan it may cost more than a quiet day's lines. */
  once(sql: string): Promise<void>;
  /** Rows as objects; BIGINT as bigint. */
  rows<Row>(sql: string): Promise<Row[]>;
  /** Drops the temporary tables and views that exist now. */
  reset(): Promise<void>;
  close(): void;
}

export interface SessionOptions {
  /** Folder for what does not fit in memory; without one, what does not fit is an error. */
  readonly spill?: string;
  /** DuckDB's own share of memory; sorting a day of any size stays within it. */
  readonly memoryLimit: string;
}

export async function openSession({ spill, memoryLimit }: SessionOptions): Promise<Session> {
  // Loading the engine takes longer than finding that there is nothing to do.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(Math.min(8, availableParallelism())),
    memory_limit: memoryLimit,
    temp_directory: spill ?? '',
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    enable_external_file_cache: 'false',
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  // Joins run as written, the small relation on the right: of raw files nobody can tell the size beforehand.
  await connection.run("SET disabled_optimizers = 'build_side_probe_side,join_order,in_clause'");
  const run = async (sql: string) => {
    await connection.run(sql);
  };
  const ran = new Set<string>();
  const rows = async <Row>(sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJS() as Row[];
  return {
    run,
    once: async (sql) => {
      if (!ran.has(sql)) await run(sql);
      ran.add(sql);
    },
    rows,
    reset: async () => {
      const left = await rows<{ kind: string; name: string }>(
        `SELECT 'VIEW' AS kind, view_name AS name FROM duckdb_views() WHERE temporary AND NOT internal
         UNION ALL SELECT 'TABLE', table_name FROM duckdb_tables() WHERE temporary`,
      );
      if (left.length > 0) await run(left.map(({ kind, name }) => `DROP ${kind} "${name}"`).join('; '));
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
