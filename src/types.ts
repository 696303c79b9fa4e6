import type { IncomingHttpHeaders } from 'node:http';

/**
 * The seams. Data flows one way: a Receiver verifies and filters, the RawLog keeps, the ETL turns raw lines into the
 * Tables a SourceModel declares, a QueryEngine answers. Only `cli/`, `server/` and `deploy/` assemble the parts.
 */

/** Where the time comes from. Milliseconds since the epoch, UTC; it may jump back. */
export interface Clock {
  now(): number;
}

/** Structured log. Fields never hold a secret, a message's text or a phone number. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

// ---------------------------------------------------------------- receiving

/** Why a request was not taken; also the `reason` label of the refusal metric. */
export type RefusalReason = 'secret' | 'signature' | 'too_large' | 'method' | 'media_type' | 'aborted' | 'lake_unavailable';

/** One platform's webhook: what is authentic, and what belongs in this lake. */
export interface Receiver {
  /** Name of the source: folder under the raw lake, part of the address `/webhook/<source>`. */
  readonly source: string;
  /** Whether the headers alone allow the request; called before a byte of the body is read. Constant time. */
  admits(headers: IncomingHttpHeaders): boolean;
  /** Whether the body, as received, is authentic; called before it is parsed. Constant time. */
  authentic(headers: IncomingHttpHeaders, body: Buffer): boolean;
  /**
   * Whether an authentic payload belongs in the lake (false = filtered out on purpose). Of its strings only ASCII can be relied on:
   * of a webhook's body they hold a character a byte. A promise only in the rare
   * case that something durable must be remembered first; it rejects with LAKE_UNAVAILABLE when that fails.
   */
  wants(payload: Readonly<Record<string, unknown>>): boolean | Promise<boolean>;
  /** Answer to the platform's GET verification, where it has one. */
  handshake?(query: URLSearchParams): { status: number; body: string };
}

// ---------------------------------------------------------------- the lake

/** An object in a Store. */
export interface StoredObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Changes whenever the bytes change. Opaque. */
  readonly etag: string;
}

/** The version of an object that a write replaces: the one with this etag, or none at all. */
export type Condition = { readonly ifMatch: string } | { readonly ifAbsent: true };

/**
 * Where whole objects live. Keys use `/`; a put is atomic: a reader sees the old bytes or the new, never part of either.
 *
 * A write under a condition compares and swaps in one step: it throws ChatlakeError CONFLICT, and changes nothing, where the object is
 * another one than the condition says. On S3 that holds between any writers; in a folder between those of one process.
 */
export interface Store {
  readonly url: string;
  /** Folder that holds every path `local` and `temporary` give. */
  readonly folder: string;
  /** Every object whose key starts with `prefix` (empty, or ending in `/`), ordered by key, however many there are. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** The names directly under `prefix`, ordered: folders end in `/`. An absent prefix has none. */
  children(prefix: string): Promise<string[]>;
  /** Throws ChatlakeError NOT_FOUND. */
  read(key: string): Promise<Uint8Array>;
  /** The same, with the etag to base a write on. Throws ChatlakeError NOT_FOUND. */
  get(key: string): Promise<{ readonly bytes: Uint8Array; readonly etag: string }>;
  /** A path DuckDB can open; remote stores cache by etag. Throws ChatlakeError NOT_FOUND. */
  local(key: string): Promise<string>;
  /** The same, with the etag to base a write on. `listed`: what a list has just said of it, which may save a request. */
  checkout(key: string, listed?: StoredObject): Promise<{ readonly path: string; readonly etag: string }>;
  /** Takes the bytes of the local `file` (which it may move away). Durable when it resolves. */
  put(key: string, file: string, condition?: Condition): Promise<void>;
  /** Durable when it resolves. For small objects. */
  write(key: string, bytes: string | Uint8Array, condition?: Condition): Promise<void>;
  /** Absent keys are fine. */
  remove(key: string): Promise<void>;
  /** A new path for a temporary file, on the same file system as the objects where they are local. */
  temporary(suffix: string): Promise<string>;
}

/** Takes payloads and makes them durable, in groups. */
export interface RawLog {
  /**
   * Appends one payload: one JSON object as it came, text or its bytes in UTF-8. `done` is called once: with null when the bytes
   * are durable, with a ChatlakeError LAKE_UNAVAILABLE when they are not (the platform will send them again).
   */
  append(source: string, payload: string | Uint8Array, done: (error: Error | null) => void): void;
  /** Keeps an authentic body that is not a JSON object, with the reason, for the quarantine. Same contract. */
  reject(source: string, body: Uint8Array, reason: string, done: (error: Error | null) => void): void;
  /** Resolves when a small write to the lake succeeds now; rejects with LAKE_UNAVAILABLE otherwise. */
  probe(): Promise<void>;
  /** Finishes and syncs what it has, then refuses. */
  close(): Promise<void>;
}

/** What a RawLog tells of each commit. */
export interface CommitObserver {
  /** One group written and synced. `seconds` from the first byte handed over to the end of the sync. */
  committed(source: string, lines: number, bytes: number, seconds: number): void;
  failed(source: string, lines: number, error: Error): void;
}

// ---------------------------------------------------------------- tables

/** The types that DuckDB, Trino, Spark and Hive read alike from Parquet. */
export type ColumnType = 'BIGINT' | 'BOOLEAN' | 'VARCHAR' | 'DOUBLE' | 'VARCHAR[]';

export interface Column {
  /** Lower case; fixed for ever. */
  readonly name: string;
  readonly type: ColumnType;
  /** DuckDB expression over the unit relation. Absent for columns the ETL itself fills, and for sparse ones of a `packed` table. */
  readonly sql?: string;
  /** Most rows have none. A hint: such columns stay out of the way while rows are sorted. */
  readonly sparse?: boolean;
  readonly description: string;
}

/** JSON keys to a DuckDB type name, a nested shape, or a one-element list of either. `JSON` keeps the text. */
export type Shape = { readonly [key: string]: Shape | string | readonly [Shape | string] };

/** A table of the enriched lake, partitioned by `context_date`, one Parquet file a partition. */
export interface Table {
  readonly name: string;
  readonly description: string;
  /** FROM and WHERE over a relation of staged lines: one row a unit. Absent when only superseded rows or the ETL fill it. */
  readonly from?: (lines: string) => string;
  /** Each unit is one staged line, as it stands, and this staged column has its sparse columns (see `sources/pack.ts`). */
  readonly packed?: string;
  /** In file order. */
  readonly columns: readonly Column[];
  /** Columns that say which thing a row is about. A unit in which one of `required` is NULL goes to quarantine. */
  readonly key: readonly string[];
  readonly required: readonly string[];
  /**
   * Column of epoch seconds that dates the row in the lake's zone. A unit where it is NULL is dated by its arrival,
   * if `datedByArrivalFor` is given: days within which the platform may deliver it again; else it goes to quarantine.
   * A table without `time` is partitioned by arrival.
   */
  readonly time?: string;
  readonly datedByArrivalFor?: number;
  /** Expressions that order versions of one key, newest last. None: every distinct row of a key is kept. */
  readonly version?: readonly string[];
  /** Columns that tell how a row came here rather than what it says; they do not make two rows different. */
  readonly provenance: readonly string[];
  /**
   * Copies of a row from elsewhere, for which `when` holds, are duplicates of any other row of the same key that says the same in
   * `same` (expressions), whatever else they know less or differently: of one that is no copy, else of the copy that came first.
   */
  readonly copies?: { readonly when: string; readonly same: readonly string[] };
  /**
   * Rows whose platform's id nobody knows, for which `when` holds: the `nth` (from 1) of those equal in `same` is a duplicate where at least
   * as many rows of that day with an id are equal to it. NULL equals nothing.
   */
  readonly twins?: { readonly when: string; readonly same: readonly string[]; readonly nth: string };
  /**
   * What rows of another table of the source tell of rows here, before or after they come. `told`: SELECT over those, one row a mark: the
   * key columns of one of the ways `on`, whose number is `way`; the `columns`, of which the smallest value told counts; and `near`,
   * epoch seconds, on whose day or shortly before the row was probably sent. The columns are among `provenance`.
   */
  readonly marks?: {
    readonly from: string;
    readonly on: readonly (readonly string[])[];
    readonly columns: readonly string[];
    readonly told: (rows: string) => string;
  };
  /** Where a row goes when a newer version takes its place: SELECT list over it, by column name of that table. */
  readonly superseded?: { readonly table: string; readonly select: Readonly<Record<string, string>> };
  /** Over the columns of a unit: name of a kind this version does not know, NULL for a known one. */
  readonly unknownKind?: string;
  /** Sort order inside a file. */
  readonly order: readonly string[];
}

/** A way to stage raw lines: keys that are parsed, and a DuckDB expression over them for each staged column. */
export interface Reading {
  readonly shape: Shape;
  /** Names for expressions over the keys; those of a layer may use the layers before. */
  readonly layers?: readonly Readonly<Record<string, string>>[];
  readonly stage: Readonly<Record<string, string>>;
}

/** How raw lines of one source become rows. Declared in `sources/<name>/columns.ts`, compiled by `etl/compile.ts`. */
export interface SourceModel {
  readonly name: string;
  /** The quick reading, for lines where `plain` holds: most of them. It must stage such a line as the full reading would. */
  readonly quick: Reading & {
    readonly plain: string;
    /**
     * Of a line that is not plain: its text as JSON (`VARCHAR` or `JSON`), as far as the full reading looks at it. NULL where the quick
     * reading did not see enough; then, and without this, the line is looked up in its file.
     */
    readonly rest?: string;
  };
  /** The full reading, of any JSON object: it may use the whole line too, as JSON in `line`. Same staged columns. */
  readonly full: Reading;
  /** Relations computed once over `staged`, and each other, for the tables to build on. */
  readonly derived: readonly { readonly name: string; readonly sql: string }[];
  /** In the order they must be written: what receives superseded rows first. */
  readonly tables: readonly Table[];
}

// ---------------------------------------------------------------- SQL

export interface QueryColumn {
  readonly name: string;
  /** The engine's own spelling of the type. */
  readonly type: string;
}

export interface QueryResult {
  readonly columns: readonly QueryColumn[];
  /** Batches of rows; values are null, boolean, number, bigint, string or arrays of those; DATE and TIMESTAMP as text. */
  readonly batches: AsyncIterable<readonly (readonly unknown[])[]>;
  /** True after the last batch when the row limit cut the result. */
  readonly truncated: () => boolean;
  /** What the engine wants to say beside the rows (`MSCK REPAIR TABLE`: nothing to repair). */
  readonly notices: readonly string[];
}

export interface QueryOptions {
  readonly signal?: AbortSignal;
  /** Rows after which the result is cut. */
  readonly maxRows?: number;
  /** Milliseconds after which the statement is stopped with LIMIT. */
  readonly timeoutMs?: number;
}

/** Answers one read-only SQL statement at a time over the enriched lake. */
export interface QueryEngine {
  readonly name: string;
  /** Throws ChatlakeError SQL (with line and column), SQL_REFUSED, LIMIT or CANCELLED. */
  run(sql: string, options?: QueryOptions): Promise<QueryResult>;
  close(): Promise<void>;
}
