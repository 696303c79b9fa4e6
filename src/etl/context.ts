import type { Store, Table } from '../types.js';
import type { Zone } from '../zone.js';
import type { Session } from './session.js';

/** What the units of one arrival day are merged with, and where. */
export interface MergeContext {
  readonly session: Session;
  readonly enriched: Store;
  readonly zone: Zone;
  /** Arrival day of the units. */
  readonly date: string;
  /** Raw lines they come from. */
  readonly lines: number;
  /** Condition on rows of a partition's file that are to be forgotten, while a lake is rebuilt; undefined = none. */
  readonly forget: (table: Table, partition: string) => string | undefined;
  /** The tables of the source. */
  readonly tables: readonly Table[];
}
