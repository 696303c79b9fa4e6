import { effect, signal } from '@preact/signals';
import { addressOf, type ListName, type Place, placeAt, toggled } from './address.js';

/** Where the reader is. Changes with the address, and the address with it. */
export const place = signal<Place>(placeAt(new URL(location.href)));

addEventListener('popstate', () => {
  place.value = placeAt(new URL(location.href));
});

interface GoOptions {
  /** Takes the place of the current entry of the history, for what changes with every key. */
  readonly replace?: boolean;
}

/** Goes to a place; a new entry in the history unless it is the same. */
export function go(to: Place, { replace = false }: GoOptions = {}): void {
  const address = addressOf(to);
  if (address === location.pathname + location.search) return;
  const turned = to.page !== place.value.page;
  history[replace ? 'replaceState' : 'pushState'](null, '', address);
  place.value = to;
  if (turned) {
    scrollTo({ top: 0 });
    // The page's first heading takes the focus, so that a reader of the screen hears where it is.
    requestAnimationFrame(() => document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true }));
  }
}

/** Adds a filter, or takes it away when it is set. */
export const toggle = (name: ListName, value: string): void => go(toggled(place.value, name, value));

/** Calls `run` now and whenever what it reads changes. */
export const whenever = effect;
