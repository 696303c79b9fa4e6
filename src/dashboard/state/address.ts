import { isDay, isPeriod } from '../../analysis/period.js';
import type { Filters, Period } from '../../analysis/types.js';

/** The pages, by the path each has. */
export const PATHS = {
  overview: '/',
  questions: '/questions',
  messages: '/messages',
  sql: '/sql',
  health: '/health',
  start: '/start',
} as const;

export type PageName = keyof typeof PATHS;

/** Filters that are lists of alternatives. */
export const LISTS = ['channel', 'conversation', 'person', 'kind', 'direction', 'hour', 'weekday'] as const;
export type ListName = (typeof LISTS)[number];

/** What only one page reads: search words, an open message, a statement, a unit of time, a chosen month or week. */
export const EXTRAS = ['q', 'open', 'at', 'sql', 'stack', 'unit', 'month', 'week', 'target', 'sort', 'day'] as const;
export type ExtraName = (typeof EXTRAS)[number];

/** Where the reader is: everything a link needs to show the same again. */
export interface Place {
  readonly page: PageName;
  readonly period: Period;
  readonly limits: Readonly<Partial<Record<ListName, readonly string[]>>>;
  readonly extras: Readonly<Partial<Record<ExtraName, string>>>;
}

export const DEFAULT_PERIOD: Period = '30d';

/** `YYYY-MM`. */
export const isMonth = (text: string): boolean => isDay(`${text}-01`);

/** The day that a week begins with and is named by. */
const isMonday = (text: string): boolean => isDay(text) && new Date(`${text}T00:00:00Z`).getUTCDay() === 1;

/** Values of lists that hold nothing else. */
const ONLY: Readonly<Partial<Record<ListName, RegExp>>> = {
  direction: /^(?:in|out)$/,
  hour: /^(?:1?\d|2[0-3])$/,
  weekday: /^[1-7]$/,
};

/** Reads an address; what it does not know it leaves out. */
export function placeAt(url: URL): Place {
  const page = (Object.keys(PATHS) as PageName[]).find((name) => PATHS[name] === url.pathname) ?? 'overview';
  const period = url.searchParams.get('period') ?? '';
  const limits: Partial<Record<ListName, readonly string[]>> = {};
  for (const name of LISTS) {
    const values = [...new Set(url.searchParams.getAll(name).filter((value) => value !== '' && ONLY[name]?.test(value) !== false))];
    if (values.length > 0) limits[name] = values;
  }
  const extras: Partial<Record<ExtraName, string>> = {};
  for (const name of EXTRAS) {
    const value = url.searchParams.get(name);
    if (value !== null && value !== '') extras[name] = value;
  }
  return { page, period: isPeriod(period) ? period : DEFAULT_PERIOD, limits, extras };
}

/** The filters as the API takes them. */
export function apiQuery(place: Pick<Place, 'period' | 'limits'>): URLSearchParams {
  const query = filterQuery(place);
  query.set('period', place.period);
  return query;
}

/** The filters as they stand in the page's address: without the period that is there anyway. */
function filterQuery({ period, limits }: Pick<Place, 'period' | 'limits'>): URLSearchParams {
  const query = new URLSearchParams();
  if (period !== DEFAULT_PERIOD) query.set('period', period);
  for (const name of LISTS) for (const value of limits[name] ?? []) query.append(name, value);
  return query;
}

/** Path and query of a place. */
export function addressOf(place: Place): string {
  const query = filterQuery(place);
  for (const name of EXTRAS) {
    const value = place.extras[name];
    if (value !== undefined && value !== '') query.set(name, value);
  }
  // A colon and a comma are legal in a query, and read better bare.
  const text = query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
  return `${PATHS[place.page]}${text === '' ? '' : `?${text}`}`;
}

/** The place with a value of a list added, or taken away when it was there. */
export function toggled(place: Place, name: ListName, value: string): Place {
  const values = place.limits[name] ?? [];
  return withList(place, name, values.includes(value) ? values.filter((one) => one !== value) : [...values, value]);
}

export function withList(place: Place, name: ListName, values: readonly string[]): Place {
  const limits = { ...place.limits };
  if (values.length > 0) limits[name] = values;
  else delete limits[name];
  return { ...place, limits };
}

/** Another page with the same filters. */
export const onPage = (place: Place, page: PageName, extras: Place['extras'] = {}): Place => ({ ...place, page, extras });

/** The place with one thing of its page set, or taken away. */
export function withExtra(place: Place, name: ExtraName, value: string | undefined): Place {
  const extras = { ...place.extras };
  if (value === undefined || value === '') delete extras[name];
  else extras[name] = value;
  return { ...place, extras };
}

/** A place under an answer's filters: those it names replace the current ones. */
export function withFilters(place: Place, filters: Partial<Filters>): Place {
  let next = filters.period === undefined ? place : { ...place, period: filters.period };
  for (const name of LISTS) {
    const values = filters[name];
    if (values !== undefined) next = withList(next, name, values.map(String));
  }
  return next;
}

/** Days of a bucket as a period: the day, the week from its Monday, or the month. */
export function periodOf(kind: 'date' | 'week' | 'month', date: string): `${string}..${string}` {
  if (kind === 'date') return `${date}..${date}`;
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const last = kind === 'week' ? Date.UTC(year, month - 1, day + 6) : Date.UTC(year, month, 0);
  const first = kind === 'week' ? date : `${date.slice(0, 7)}-01`;
  return `${first}..${new Date(last).toISOString().slice(0, 10)}`;
}

/** The month (`YYYY-MM`) or week (its Monday) that the address limits a chart to; undefined for the whole period. */
export function stretchOf({ extras: { month, week } }: Place): string | undefined {
  if (week !== undefined && isMonday(week)) return week;
  return month !== undefined && isMonth(month) ? month : undefined;
}

/** The place with its period cut down to the chosen month or week; undefined where none is chosen. */
export function stretched(at: Place): Place | undefined {
  const chosen = stretchOf(at);
  if (chosen === undefined) return undefined;
  return { ...at, period: isMonth(chosen) ? periodOf('month', `${chosen}-01`) : periodOf('week', chosen) };
}
