import type { Cell, PanelColumn } from '../../analysis/types.js';
import { LISTS, type ListName, periodOf, type Place, toggled } from '../state/address.js';
import { go, place, toggle } from '../state/route.js';
import { remember } from '../state/names.js';
import { mayGo, shared } from '../state/session.js';
import { clipped } from '../state/shared.js';

interface Pick {
  readonly selected: boolean;
  readonly pick: (() => void) | undefined;
}

const NONE: Pick = { selected: false, pick: undefined };
const isList = (name: string): name is ListName => (LISTS as readonly string[]).includes(name);

/** Nothing can be picked that a shared link does not show. */
const ifOpen = (to: Place, pick: () => void): (() => void) | undefined => (mayGo(to) ? pick : undefined);

/** What a click on a value does, and whether it is filtered by already. */
export function pickOf(column: PanelColumn | undefined, value: Cell, label?: string): Pick {
  if (column?.filter === undefined || value === null || value === '') return NONE;
  const text = String(value);
  if (column.filter === 'period') {
    if (column.kind !== 'date' && column.kind !== 'week' && column.kind !== 'month') return NONE;
    const whole = periodOf(column.kind, text);
    const period = shared.value === null ? whole : clipped(shared.value, whole);
    if (period === undefined) return NONE;
    const to = { ...place.value, period };
    return { selected: place.value.period === period, pick: ifOpen(to, () => go(to)) };
  }
  const name = column.filter;
  if (!isList(name)) return NONE;
  return {
    selected: place.value.limits[name]?.includes(text) ?? false,
    pick: ifOpen(toggled(place.value, name, text), () => {
      if (label !== undefined) remember(name, text, label);
      toggle(name, text);
    }),
  };
}

/** Filters by a weekday and an hour at once, as a cell of their field stands for both. */
export function pickMoment(weekday: number, hour: number): Pick {
  const { limits } = place.value;
  const days = limits.weekday ?? [];
  const hours = limits.hour ?? [];
  const selected = days.includes(String(weekday)) && hours.includes(String(hour));
  const next = { ...limits };
  if (selected && days.length === 1 && hours.length === 1) {
    delete next.weekday;
    delete next.hour;
  } else {
    next.weekday = [String(weekday)];
    next.hour = [String(hour)];
  }
  const to = { ...place.value, limits: next };
  return { selected, pick: ifOpen(to, () => go(to)) };
}
