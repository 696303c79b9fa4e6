import { computed } from '@preact/signals';
import { language } from '../state/settings.js';
import { en, type Words } from './en.js';
import { es } from './es.js';
import { pt } from './pt.js';

const ALL = { 'pt-BR': pt, en, es } satisfies Record<string, Words>;

/** The words of the chosen language; a component that reads it is drawn again when the language changes. */
export const words = computed<Words>(() => ALL[language.value]);
