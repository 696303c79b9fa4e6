import { setTimeout } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { ChatlakeError } from '../../errors.js';
import type { Store } from '../../types.js';
import type { Zone } from '../../zone.js';
import { keptFacts } from '../facts/kept.js';
import { supply } from '../facts/supply.js';
import { watch } from '../facts/watch.js';
import { closing } from './closed.js';
import { type Build, emptyState, type State, updated } from './state.js';
import { repeatContents } from './contents.js';
import { type Bounds, noRollups, rollupsOf } from './rollups.js';
import { type Snapshot, snapshotOf } from './snapshot.js';
import { newUses } from './uses.js';

export interface CacheOptions extends Bounds {
  readonly enriched: Store;
  readonly zone: Zone;
  /** Folder for what is derived from the files, so that it need not be made again after a restart. It may be deleted at any time. */
  readonly folder?: string | undefined;
  /** DuckDB's spelling; `256MB` by default. Only reading needs it: the cache itself lies outside. */
  readonly memoryLimit?: string;
  readonly threads?: number;
}

export interface Cache {
  /** What the last refresh found; an empty lake before the first. */
  snapshot(): Snapshot;
  /**
   * Reads the days whose files changed since the last time and takes them in at once. Runs one at a time; throws
   * LAKE_UNAVAILABLE when files keep changing.
   */
  refresh(): Promise<Refreshed>;
  /** Stops a refresh under way. Resolves when nothing runs any more. */
  close(): Promise<void>;
}

export interface Refreshed {
  /** Partitions read, neighbours whose responses had to be looked for again included. */
  readonly read: number;
  readonly changed: boolean;
}

const INTERRUPT_AGAIN_MS = 20;
const ATTEMPTS = 6;
/** Before another attempt, and more before each further one. */
const PAUSE_MS = 50;

/** An in-memory copy of what metrics need, kept in step with the files of an enriched lake. */
export async function openCache(options: CacheOptions): Promise<Cache> {
  const { enriched, zone, folder } = options;
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads ?? 2),
    memory_limit: options.memoryLimit ?? '256MB',
    preserve_insertion_order: 'true',
    // It is keyed by path, and mixes blocks of a file with those of the one that replaces it.
    enable_external_file_cache: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const build: Build = {
    zone,
    watch: watch(enriched),
    supply: supply({ connection, enriched, kept: folder === undefined ? undefined : keptFacts(folder) }),
    over: () => stopped,
  };
  const uses = newUses();
  let state = emptyState();
  const closed = closing(options.alone);
  let snapshot = snapshotOf(state, { rollups: noRollups, closed });
  let last: Promise<unknown> = Promise.resolve();
  let stopped = false;

  /** Takes a complete state in, all at once. */
  function commit(next: State): void {
    const { names } = next;
    const before = [...state.blocks].filter(([id, block]) => next.blocks.get(id) !== block);
    const after = [...next.blocks].filter(([id, block]) => state.blocks.get(id) !== block).map(([, block]) => block);
    for (const [, block] of before) uses.add(block, -1);
    const fresh = names.repeated.splice(0);
    const stay = [...next.blocks].filter(([id, block]) => state.blocks.get(id) === block).map(([, block]) => block);
    repeatContents(names, fresh, stay, (number, count) => uses.addContent(number, count));
    repeatContents(names, fresh, after);
    for (const block of after) uses.add(block, 1);
    state = next;
    snapshot = snapshotOf(next, { rollups: (blocks) => rollupsOf(blocks, uses, snapshot.rollups, options), closed });
  }

  async function refresh(): Promise<Refreshed> {
    for (let attempt = 1; ; attempt += 1) {
      if (stopped) throw new ChatlakeError('CANCELLED', 'The analysis is closed.');
      try {
        const next = await updated(state, build);
        if (next === undefined) return { read: 0, changed: false };
        commit(next.state);
        await build.supply.settle(state.partitions);
        return { read: next.read, changed: true };
      } catch (error) {
        // Files were replaced under the reader, most likely by the ETL: what is there in a moment belongs together again.
        if (stopped) throw new ChatlakeError('CANCELLED', 'The analysis is closed.');
        if (attempt === ATTEMPTS)
          throw error instanceof ChatlakeError
            ? error
            : new ChatlakeError('LAKE_UNAVAILABLE', 'The lake could not be read for the analysis. Try again in a moment.', {
                cause: error,
              });
        await setTimeout(attempt * PAUSE_MS);
      }
    }
  }

  return {
    snapshot: () => snapshot,
    refresh() {
      const next = last.then(refresh);
      last = next.catch(() => undefined);
      return next;
    },
    async close() {
      stopped = true;
      // Closing under a statement that runs would end the whole process.
      const stopping = setInterval(() => connection.interrupt(), INTERRUPT_AGAIN_MS);
      await last;
      clearInterval(stopping);
      connection.closeSync();
      instance.closeSync();
    },
  };
}
