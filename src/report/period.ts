import { isBetween, isPeriod, NAMED_PERIODS } from '../analysis/period.js';
import type { Period } from '../analysis/types.js';
import { addDays, isDate } from '../zone.js';

/** What was asked for on the command line. */
export interface PeriodFlags {
  readonly from?: string;
  readonly to?: string;
  /** A `Period`, or `month`: the last whole one. */
  readonly period?: string;
}

/** `begins`: the period is meant to begin with the lake; its first day stands for none. */
interface Asked {
  readonly period: Period;
  readonly begins?: true;
}

/** The period that is meant, 30 days without any word of it; what is wrong with the flags otherwise. `today`: `YYYY-MM-DD`. */
export function periodOf({ from, to, period }: PeriodFlags, today: string): Asked | { readonly wrong: string } {
  for (const [name, date] of Object.entries({ from, to }))
    if (date !== undefined && !isDate(date)) return { wrong: `--${name} must be a date such as 2024-07-01.` };
  if (period !== undefined && (from !== undefined || to !== undefined)) return { wrong: 'Give --period, or --from and --to, not both.' };
  if (from !== undefined || to !== undefined) {
    const last = to ?? today;
    const first = from ?? last;
    if (first > last) return { wrong: `--from must not be after ${to === undefined ? 'today' : '--to'}.` };
    const between = `${first}..${last}`;
    return isBetween(between)
      ? { period: between, ...(from === undefined && { begins: true }) }
      : { wrong: '--from and --to must lie in the years 1970 to 2099.' };
  }
  if (period === 'month') return { period: lastMonth(today) };
  if (period === undefined) return { period: '30d' };
  if (isPeriod(period)) return { period };
  return { wrong: `--period must be month, ${NAMED_PERIODS.join(', ')}, or two dates: 2024-07-01..2024-07-31.` };
}

function lastMonth(today: string): Period {
  const last = addDays(`${today.slice(0, 7)}-01`, -1);
  return `${last.slice(0, 7)}-01..${last}`;
}
