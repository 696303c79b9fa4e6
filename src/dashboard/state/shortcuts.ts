import { signal } from '@preact/signals';
import { onPage, type PageName } from './address.js';
import { paused, setPaused } from './live.js';
import { go, place } from './route.js';
import { keep, kept } from './settings.js';

/** Pages in the order of their keys, 1 first. */
export const PAGE_KEYS: readonly PageName[] = ['overview', 'questions', 'messages', 'sql', 'health'];

/** Whether keys without Ctrl or Alt do something: who speaks to the computer turns them off. */
export const shortcuts = signal(kept('shortcuts') !== 'no');
export const helping = signal(false);
/** Whether the search box is to take the focus as soon as it is there. */
export const seeking = signal(false);

export function setShortcuts(value: boolean): void {
  shortcuts.value = value;
  keep('shortcuts', value ? null : 'no');
}

const FIELDS = 'input,select,textarea,[contenteditable="true"],dialog';

/** Whether a key is pressed where text is written: in a shadow tree as well, whose elements are not the event's target. */
const isWriting = (event: Event): boolean => event.composedPath().some((node) => node instanceof Element && node.matches(FIELDS));

const ACTIONS: Readonly<Record<string, () => void>> = {
  '?': () => (helping.value = true),
  '/': () => {
    seeking.value = true;
    go(onPage(place.value, 'messages'));
  },
  f: () => document.querySelector<HTMLButtonElement>('.filters .add')?.click(),
  p: () => setPaused(!paused.value),
  ...Object.fromEntries(PAGE_KEYS.map((page, index) => [String(index + 1), () => go(onPage(place.value, page))])),
};

/** Keys that work everywhere but where text is written. */
export function listenForKeys(allowed: () => boolean): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isWriting(event)) return;
    const act = ACTIONS[event.key];
    if (act === undefined || !shortcuts.value || !allowed()) return;
    event.preventDefault();
    act();
  });
}
