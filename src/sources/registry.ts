import type { SourceModel, Table } from '../types.js';
import { telegram } from './telegram/columns.js';
import { whatsapp } from './whatsapp/columns.js';

/** Every source, in the order they are shown. A new channel is one folder beside these and one entry here. */
export const SOURCES: readonly SourceModel[] = [telegram, whatsapp];

/** Every table that sources fill. `quarantine` is the ETL's own: see `etl/quarantine.ts`. */
export const SOURCE_TABLES: readonly Table[] = SOURCES.flatMap((source) => source.tables);
