import { effect, signal } from '@preact/signals';
import type { Language } from '../../analysis/types.js';

export const LANGUAGES: readonly Language[] = ['pt-BR', 'en', 'es'];
export type Theme = 'auto' | 'light' | 'dark';

const read = (key: string): string | null => {
  try {
    return localStorage.getItem(`chatlake.${key}`);
  } catch {
    return null;
  }
};

/** Keeps a value in this browser; null forgets it. Silent where storage is off. */
export function keep(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`chatlake.${key}`);
    else localStorage.setItem(`chatlake.${key}`, value);
  } catch {
    // Nothing is lost but the memory of it.
  }
}

export const kept = read;

/** The first language of the list that the page speaks. */
export function spoken(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const found = LANGUAGES.find((one) => one.slice(0, 2) === wish.slice(0, 2).toLowerCase());
    if (found !== undefined) return found;
  }
  return 'en';
}

export const language = signal<Language>(spoken([read('language') ?? '', ...navigator.languages]));
export const theme = signal<Theme>((['light', 'dark'] as const).find((one) => one === read('theme')) ?? 'auto');

effect(() => {
  document.documentElement.lang = language.value;
});
effect(() => {
  const root = document.documentElement;
  if (theme.value === 'auto') delete root.dataset['theme'];
  else root.dataset['theme'] = theme.value;
});

export function speak(chosen: Language): void {
  language.value = chosen;
  keep('language', chosen);
}

export function dress(chosen: Theme): void {
  theme.value = chosen;
  keep('theme', chosen === 'auto' ? null : chosen);
}
