import type { Countable, Snapshot } from '../cache/snapshot.js';
import type { Bucket } from '../calendar.js';
import type { Counts } from '../tally/counts.js';
import type { Selection } from '../tally/selection.js';
import type { Tally, Visitor } from '../tally/tally.js';
import type { Cell, ColumnKind, Filters, PanelColumn, Range } from '../types.js';
import type { Zone } from '../../zone.js';

/** What counting for panels needs. */
export interface CountRequest {
  readonly snapshot: Countable;
  readonly range: Range;
  readonly bucket: Bucket;
  readonly selection: Selection;
  /** Minutes within which a first response is in time. */
  readonly targetMinutes: number;
}

/** What a panel is made for. */
export interface Request extends CountRequest {
  readonly snapshot: Snapshot;
  readonly filters: Filters;
  readonly before: Range | null;
  readonly zone: Zone;
  /** What WhatsApp's error codes mean, in the language asked for. */
  readonly errors: Readonly<Record<number, string>>;
}

export interface ColumnSpec {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly filter?: NonNullable<PanelColumn['filter']>;
}

/** What was counted for a request, and in the period before, where there is one. */
export interface Found {
  readonly request: Request;
  readonly tally: Tally;
  readonly before: Tally | null;
}

/** Counting under way: sees each block if it wants to, then gives the rows. */
export interface Counting {
  readonly visitor?: Visitor;
  /** What the visitor has counted. */
  readonly counts?: () => Counts;
  readonly rows: (found: Found) => readonly (readonly Cell[])[];
}

/** A chart's numbers: how they are counted, and a statement that gives the same rows. */
export interface PanelSpec {
  readonly id: string;
  readonly columns: (request: Request) => readonly ColumnSpec[];
  readonly count: (request: CountRequest) => Counting;
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
export function byText(a: string, b: string): number {
  const both = Math.min(a.length, b.length);
  for (let at = 0; at < both; at += 1) {
    const [one, other] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (one !== other) return place(one) - place(other);
  }
  return a.length - b.length;
}

/** Where a unit of UTF-16 stands among code points: what takes two units comes after all that takes one. */
const place = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);
