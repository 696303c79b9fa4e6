import { METRIC_VIEWS } from '../analysis/metrics/views.js';
import { QUARANTINE } from '../etl/quarantine.js';
import { SOURCE_TABLES } from '../sources/registry.js';
import type { Table } from '../types.js';
import { MESSAGES } from './messages.js';
import type { LakeView } from './messages.js';

/** Every table of the enriched lake. */
export const LAKE_TABLES: readonly Table[] = [...SOURCE_TABLES, QUARANTINE];

/** Every view over them, each after those it reads. */
export const LAKE_VIEWS: readonly LakeView[] = [MESSAGES, ...METRIC_VIEWS];
