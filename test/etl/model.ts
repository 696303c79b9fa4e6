import { fileColumns } from '../../src/etl/fingerprint.js';
import { QUARANTINE } from '../../src/etl/quarantine.js';
import { SOURCE_TABLES } from '../../src/sources/registry.js';
import type { Zone } from '../../src/zone.js';
import type { Row } from '../support/rows.js';

/**
 * What the lake must hold, worked out in plain TypeScript from what was delivered: nothing of the ETL is used but the
 * names of the columns. It knows text messages, two kinds of events and WhatsApp texts, and no other payloads.
 */

/** Where and when a unit arrived. */
export interface Arrival {
  readonly received_at: number;
  readonly raw_file: string;
  readonly raw_line: number;
}

export interface Unit {
  readonly table: string;
  /** Columns of the row, without NULLs and without the origin, in the order of the table. */
  readonly row: Readonly<Record<string, unknown>>;
  readonly key: readonly unknown[];
  /** Compared from the left, newest last; none where every distinct row stays. */
  readonly version: readonly number[] | undefined;
  /** Columns that do not make two rows different. */
  readonly aside: readonly string[];
  readonly arrival: Arrival;
  /** How this row stands among the events once a newer version is known. */
  readonly asEvent?: Readonly<Record<string, unknown>>;
}

interface Judged extends Unit {
  readonly content: string;
  readonly day: string;
}

const byArrival = (a: { arrival: Arrival }, b: { arrival: Arrival }): number =>
  a.arrival.received_at - b.arrival.received_at ||
  compare(a.arrival.raw_file, b.arrival.raw_file) ||
  a.arrival.raw_line - b.arrival.raw_line;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function newestFirst(a: Judged, b: Judged): number {
  const versions = (a.version ?? []).map((value, index) => (b.version?.[index] ?? 0) - value);
  return versions.find((difference) => difference !== 0) ?? compare(b.content, a.content);
}

function groups<T>(items: readonly T[], of: (item: T) => unknown): T[][] {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const key = JSON.stringify(of(item));
    found.set(key, [...(found.get(key) ?? []), item]);
  }
  return [...found.values()];
}

export interface Expected {
  readonly tables: Readonly<Record<string, Row[]>>;
  /** Rows that stay, by arrival day of the raw file they name. */
  readonly rowsByDay: Readonly<Record<string, number>>;
}

/** The tables that `units`, delivered in whatever order, must give. */
export function expectedRows(units: readonly Unit[], zone: Zone): Expected {
  const tables: Record<string, Row[]> = Object.fromEntries([...SOURCE_TABLES, QUARANTINE].map(({ name }) => [name, []]));
  const rowsByDay: Record<string, number> = {};
  const keep = (unit: Judged): void => {
    tables[unit.table]?.push(fullRow(unit));
    const day = unit.arrival.raw_file.split('/').slice(0, 2).join(' ').replace('context_date=', '');
    rowsByDay[day] = (rowsByDay[day] ?? 0) + 1;
  };
  const moved: Unit[] = [];
  for (const rivals of groups(
    units.filter(({ version }) => version !== undefined).map((unit) => judged(unit, zone)),
    ({ table, key, day }) => [table, key, day],
  )) {
    const [newest, ...others] = groups(rivals, ({ version, content }) => [version, content])
      .map(earliest)
      .toSorted(newestFirst);
    if (newest) keep(newest);
    for (const other of others) moved.push(versionEvent(other));
  }
  const events = [...units.filter(({ version }) => version === undefined), ...moved].map((unit) => judged(unit, zone));
  for (const same of groups(events, ({ table, key, content, day, row }) => [table, key, content, row['date'] === undefined ? null : day]))
    keep(earliest(same));
  for (const rows of Object.values(tables)) rows.sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));
  return { tables, rowsByDay };
}

const earliest = <T extends { arrival: Arrival }>(same: readonly T[]): T => same.toSorted(byArrival)[0] as T;

function judged(unit: Unit, zone: Zone): Judged {
  const told = Object.fromEntries(Object.entries(unit.row).filter(([name]) => !unit.aside.includes(name)));
  const instant = (unit.row['date'] as number | undefined) ?? Math.floor(unit.arrival.received_at / 1000);
  return { ...unit, content: JSON.stringify(told), day: zone.dateAt(instant) };
}

function versionEvent(unit: Judged): Unit {
  const table = unit.table === 'telegram' ? 'telegram_events' : 'whatsapp_events';
  const row = { ...unit.asEvent, payload: unit.content };
  return { table, row, key: [unit.asEvent?.['event_id']], version: undefined, aside: ['update_id'], arrival: unit.arrival };
}

/** Every column of the file, NULL where the unit has none, and the partition. */
function fullRow(unit: Judged): Row {
  const table = [...SOURCE_TABLES, QUARANTINE].find(({ name }) => name === unit.table);
  const all = { ...unit.row, ...unit.arrival } as Record<string, unknown>;
  return { ...Object.fromEntries((table ? fileColumns(table) : []).map(({ name }) => [name, all[name] ?? null])), context_date: unit.day };
}

/** Rows in the order in which `expectedRows` gives them. */
export const inOrder = (rows: readonly Row[]): Row[] => rows.toSorted((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));
