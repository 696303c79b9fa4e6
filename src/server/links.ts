import type { Filters } from '../analysis/types.js';
import type { Zone } from '../zone.js';
import { daysOf, filtersIn } from './filters.js';

/** What a read-only link opens: pages' data within the filters of its address. No SQL, no raw lines, nothing that changes. */
const OPEN = new Set(['/api/view', '/api/questions', '/api/messages']);
/** Beside these where the address limits nothing but the time. */
const OPEN_UNLIMITED = new Set(['/api/options']);
const LISTS = ['channel', 'conversation', 'person', 'kind', 'direction', 'hour', 'weekday'] as const satisfies readonly (keyof Filters)[];

/** Whether `address` is one of the page's own: a path and a query. With its dots resolved it must not begin with `//`, which names another host. */
export const isOwnAddress = (address: string): boolean =>
  /^\/(?![/\\])[^\s\\#]*$/.test(address) && address.length <= 2000 && !new URL(address, 'http://page').pathname.startsWith('//');

/** Whether the link that shows `address` may ask `asked`. Filters may be narrowed, never widened. */
export function linkOpens(address: string, asked: URL, zone: Zone, nowMs: number): boolean {
  const shown = filtersIn(new URL(address, 'http://page').searchParams);
  const limited = LISTS.some((name) => shown[name] !== undefined);
  if (!OPEN.has(asked.pathname)) return OPEN_UNLIMITED.has(asked.pathname) && !limited;
  // Two periods could be read as either.
  if (asked.searchParams.getAll('period').length > 1) return false;
  const wanted = filtersIn(asked.searchParams);
  const outer = daysOf(shown.period, zone, nowMs);
  const inner = daysOf(wanted.period, zone, nowMs);
  const within =
    (outer.from === undefined || (inner.from ?? '') >= outer.from) && (outer.to === undefined || (inner.to ?? '9999') <= outer.to);
  return within && LISTS.every((name) => narrower(shown[name], wanted[name]));
}

function narrower(shown: readonly unknown[] | undefined, wanted: readonly unknown[] | undefined): boolean {
  if (shown === undefined) return true;
  return wanted !== undefined && wanted.every((value) => shown.includes(value));
}
