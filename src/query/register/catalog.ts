/** A catalog: where engines look up which tables there are, and which days each of them has. */
export interface Catalog {
  readonly name: 'trino' | 'glue';
  /**
   * Makes the tables and views that are absent; tables that are there stay as they are. Returns the names of what was made.
   * Throws ChatlakeError.
   */
  prepare(): Promise<readonly string[]>;
  /** Makes known those of `days` (`YYYY-MM-DD`) that the catalog does not know; returns how many. May be repeated. Throws ChatlakeError. */
  add(table: string, days: readonly string[]): Promise<number>;
  close(): void;
}
