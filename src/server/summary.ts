import type { Clock, QueryEngine } from '../types.js';
import { addDays, type Zone } from '../zone.js';
import * as queries from './queries.js';

/** What the page shows first, and `GET /api/summary` answers. Times are epoch milliseconds. */
export interface Summary {
  readonly timezone: string;
  /** When it was computed. */
  readonly asOf: number;
  /** Arrival of the newest row; null for an empty lake. */
  readonly lastArrival: number | null;
  readonly channels: readonly { readonly channel: string; readonly messages: number; readonly people: number }[];
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
  /** The last thirty days in order, today last, quiet ones included. */
  readonly days: readonly { readonly date: string; readonly messages: Readonly<Record<string, number>> }[];
  /** Messages of those days by hour of the day, all 24. */
  readonly hours: readonly number[];
  /** Who wrote most in those days. */
  readonly people: readonly { readonly channel: string; readonly name: string | null; readonly messages: number }[];
}

const DAYS = 30;
const PEOPLE = 6;

/** Asks the engine for everything a Summary holds. Throws what the engine throws. */
export async function summarize(engine: QueryEngine, zone: Zone, clock: Clock): Promise<Summary> {
  const asOf = clock.now();
  const today = zone.dateAt(asOf / 1000);
  const from = addDays(today, 1 - DAYS);
  const ask = (sql: string) => queries.rowsOf(engine, sql);

  const channels = await ask(queries.totalsByChannel());
  const byDay = await ask(queries.messagesByDay(from));
  const byHour = await ask(queries.messagesByHour(from, zone.offsetAt(asOf / 1000)));
  const arrivals = (await ask(queries.lastArrivals())).map((row) => Number(row['received_at'] ?? 0));
  const last = Math.max(0, ...arrivals);
  return {
    timezone: zone.name,
    asOf,
    lastArrival: last === 0 ? null : last,
    channels: channels.map((row) => ({
      channel: String(row['channel']),
      messages: Number(row['messages']),
      people: Number(row['people']),
    })),
    tables: (await ask(queries.rowsByTable())).map((row) => ({ table: String(row['name']), rows: Number(row['row_count']) })),
    days: Array.from({ length: DAYS }, (_, index) => {
      const date = addDays(from, index);
      const rows = byDay.filter((row) => row['day'] === date);
      return { date, messages: Object.fromEntries(rows.map((row) => [String(row['channel']), Number(row['messages'])])) };
    }),
    hours: Array.from({ length: 24 }, (_, hour) => Number(byHour.find((row) => row['hour_of_day'] === hour)?.['messages'] ?? 0)),
    people: (await ask(queries.mostActive(from, PEOPLE))).map((row) => ({
      channel: String(row['channel']),
      name: row['author_name'] === null || row['author_name'] === undefined ? null : String(row['author_name']),
      messages: Number(row['messages']),
    })),
  };
}

/** The hour of the day with most messages; undefined when there are none. */
export function busiestHour({ hours }: Pick<Summary, 'hours'>): number | undefined {
  const most = Math.max(...hours);
  return most === 0 ? undefined : hours.indexOf(most);
}
