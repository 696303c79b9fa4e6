import type { Language } from '../types.js';
import { EN } from './en.js';
import { ES } from './es.js';
import { PT_BR } from './pt-br.js';
import type { Words } from './types.js';

const CATALOGUES: Readonly<Record<Language, Words>> = { 'pt-BR': PT_BR, en: EN, es: ES };

export const wordsOf = (language: Language): Words => CATALOGUES[language];
