import type { Language } from '../analysis/types.js';
import { ES } from './words/es.js';
import { PT_BR } from './words/pt-br.js';

type Value = string | number | Said;

/** English with places in it, so that other languages can say the same. */
export interface Said {
  /** The English, its places as `{0}`, `{1}`: what translations are found by. */
  readonly key: string;
  readonly values: readonly Value[];
}

const TRANSLATIONS: Readonly<Partial<Record<Language, Readonly<Record<string, string>>>>> = { 'pt-BR': PT_BR, es: ES };

/** A template tag: say`${free} GiB free at ${place}`. */
export const say = (texts: TemplateStringsArray, ...values: readonly Value[]): Said => ({
  key: texts.reduce((key, text, at) => `${key}{${at - 1}}${text}`),
  values,
});

/** What was said, in a language: in English where nobody translated it. */
export function worded({ key, values }: Said, language: Language): string {
  return (TRANSLATIONS[language]?.[key] ?? key).replaceAll(/\{(\d+)\}/g, (_, at: string) => {
    const value = values[Number(at)] ?? '';
    if (typeof value === 'number') return new Intl.NumberFormat(language, { useGrouping: false }).format(value);
    return typeof value === 'object' ? worded(value, language) : value;
  });
}

/** What of it some language has no words for. A text that is nothing but a place needs none. */
export const untranslated = ({ key, values }: Said): string[] => [
  ...(key !== '{0}' && Object.values(TRANSLATIONS).some((table) => !(key in table)) ? [key] : []),
  ...values.flatMap((value) => (typeof value === 'object' ? untranslated(value) : [])),
];
