/** What programs may build on: the parts of the lake, to assemble in other ways than the `chatlake` command does. */
export { type Capture, capture, type CaptureOptions } from './capture.js';
export { loadSettings, type Settings } from './config.js';
export { ChatlakeError, type ErrorCode } from './errors.js';
export type { Days } from './etl/pending.js';
export { type EtlOptions, type EtlReport, runEtl } from './etl/run.js';
export { openRawLog, openStore } from './lake/open.js';
export { duckdbEngine, type DuckdbOptions } from './query/duckdb.js';
export { SOURCES } from './sources/registry.js';
export type { Clock, Logger, QueryEngine, QueryOptions, QueryResult, RawLog, Receiver, SourceModel, Store, Table } from './types.js';
export { type Zone, zoneOf } from './zone.js';
