/** What becomes of the rows of a merge, in numbers; which they are stands in the relation `fates_<table>`. */
export interface Fates {
  /** New rows that do not come in, by day. */
  readonly staying: ReadonlyMap<string, number>;
  /** Rows that leave the files, by day. */
  readonly losing: ReadonlyMap<string, number>;
  readonly duplicates: number;
  /** New rows that are there already: the same line has been read before. */
  readonly known: number;
  readonly replaced: number;
  /** Raw files whose rows gave way to others that say the same; their manifests no longer hold. */
  readonly displaced: readonly string[];
}

/** Every row stays, and there is no relation `fates_<table>`. */
export const NO_FATES: Fates = { staying: new Map(), losing: new Map(), duplicates: 0, known: 0, replaced: 0, displaced: [] };
