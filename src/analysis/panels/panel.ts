import type { Snapshot } from '../cache/snapshot.js';
import type { Bucket } from '../calendar.js';
import type { Selection } from '../tally/selection.js';
import type { Tally, Visitor } from '../tally/tally.js';
import type { Cell, ColumnKind, Filters, PanelColumn, Range } from '../types.js';
import type { Zone } from '../../zone.js';

/** What a panel is made for. */
export interface Request {
  readonly snapshot: Snapshot;
  readonly filters: Filters;
  readonly range: Range;
  readonly before: Range | null;
  readonly bucket: Bucket;
  readonly selection: Selection;
  readonly zone: Zone;
  /** Minutes within which a first response is in time. */
  readonly targetMinutes: number;
  /** What WhatsApp's error codes mean, in the language asked for. */
  readonly errors: Readonly<Record<number, string>>;
}

export interface ColumnSpec {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly filter?: NonNullable<PanelColumn['filter']>;
}

/** Counting under way for one request: sees each block if it wants to, then gives the rows. */
export interface Counting {
  readonly visitor?: Visitor;
  /** `before`: the counts of the period before, where there is one. */
  readonly rows: (tally: Tally, before: Tally | null) => readonly (readonly Cell[])[];
}

/** A chart's numbers: how they are counted, and a statement that gives the same rows. */
export interface PanelSpec {
  readonly id: string;
  readonly columns: (request: Request) => readonly ColumnSpec[];
  readonly count: (request: Request) => Counting;
  readonly sql: (request: Request) => string;
  /** Another cut of a panel's numbers: made only where it is asked for by name. */
  readonly aside?: boolean;
}

/** A panel that needs nothing but the common counts. */
export const plain = (rows: Counting['rows']): Counting => ({ rows });

export const column = (name: string, kind: ColumnKind, filter?: ColumnSpec['filter']): ColumnSpec => ({
  name,
  kind,
  ...(filter !== undefined && { filter }),
});

/** Texts in the order SQL gives them: by code point. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
