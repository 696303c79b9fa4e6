import { computed, effect, untracked } from '@preact/signals';
import { needsYear } from '../../analysis/calendar.js';
import type { AnalysisView, Range } from '../../analysis/types.js';
import type { Speech } from '../format/cell.js';
import { words } from '../words/use.js';
import { apiQuery, type Place } from './address.js';
import { rememberThose } from './names.js';
import { resource } from './resource.js';
import { place } from './route.js';
import { language } from './settings.js';

/** What the overview shows. */
export const view = resource<AnalysisView>();

export const DEFAULT_TARGET = '10';

/** The address of the API that answers a place; `panels` limits what is computed. */
export function viewAddress(at: Pick<Place, 'period' | 'limits' | 'extras'>, panels?: string): string {
  const query = apiQuery(at);
  query.set('lang', language.value);
  query.set('target', at.extras.target ?? DEFAULT_TARGET);
  if (panels !== undefined) query.set('panels', panels);
  return `/api/view?${query}`;
}

const address = computed(() => viewAddress(place.value));

/** Asks for the view whenever a filter or the language changes; the filter bar of every page reads it. */
export function watchView(): void {
  effect(() => {
    const asked = address.value;
    // What loading reads is no reason to load again.
    untracked(() => void view.load(asked));
  });
  effect(() => {
    const shown = view.data.value?.panels ?? [];
    untracked(() => shown.forEach(rememberThose));
  });
}

/** The days that are shown, once they are known. */
export const shownRange = (): Range | null => view.data.value?.range ?? null;

/** The zone of the lake, once it is known. */
export const zone = computed(() => view.data.value?.timezone ?? 'UTC');

/**
 * The first day of the lake, when the period before begins earlier: a change against days that nobody kept would say nothing.
 * Null when the two periods can be compared, or there is nothing to compare with.
 */
export const beginsLate = computed<string | null>(() => {
  const now = view.data.value;
  if (now === null || now.before === null || now.bounds === null) return null;
  return now.bounds.from > now.before.from ? now.bounds.from : null;
});

/** Whether values are to be compared with the period before: not with days that nobody kept, nor a day that goes on with a whole one. */
export const comparable = computed<boolean>(() => beginsLate.value === null && view.data.value?.underway === false);

/** How values are written just now. */
export const speech = computed<Speech>(() => {
  const range = shownRange();
  // What a statement gives may be of any year.
  const withYear = place.value.page === 'sql' || (range !== null && needsYear(range));
  return { language: language.value, words: words.value, zone: zone.value, withYear };
});
