import type { ColumnType } from '../../types.js';
import type { Dialect } from '../text/dialect.js';

/** A metric as a view over tables of the lake and views that are listed before it. */
export interface MetricView {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType | 'DATE'; readonly description: string }[];
  /** Tables and views it reads. */
  readonly reads: readonly string[];
  /**
   * Its SELECT. `table` names a relation in the engine at hand; the dialects differ only in how they spell regular
   * expressions.
   */
  readonly select: (table: (name: string) => string, dialect: Dialect) => string;
}
