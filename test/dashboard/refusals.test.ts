import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/analysis/filters.js';
import type { Note } from '../../src/import/notes.js';
import { noteText } from '../../src/dashboard/words/notes.js';
import { reasonText } from '../../src/dashboard/words/reasons.js';
import { REFUSALS } from '../../src/dashboard/words/refusals.js';

const NOTES: readonly Note[] = [
  { what: 'dates-told', order: 'dmy' },
  { what: 'dates-year-first', order: 'ymd' },
  { what: 'dates-fit', order: 'dmy', times: 1, of: 1200 },
  { what: 'dates-backward', order: 'mdy', other: 'dmy', times: 2 },
  { what: 'dates-unsure', order: 'dmy', other: 'mdy' },
  { what: 'chat', chat: 'Ana', told: true },
  { what: 'chat', chat: 'Ana', told: false },
  { what: 'timezone', timezone: 'America/Sao_Paulo' },
  { what: 'unknown-half', word: 'xm' },
  { what: 'business', author: null },
  { what: 'business', author: 'Shop' },
  { what: 'number', ending: '0000' },
  { what: 'number-unknown' },
  { what: 'many-authors' },
  { what: 'own-ids', chat: 'Ana' },
];

describe('what the server decided and refused', () => {
  it('is told in each language with its values, and without options of the command line', () => {
    const told = LANGUAGES.map((language) => NOTES.map((note) => noteText(note, language)));
    for (const sentences of told) {
      expect(sentences.filter((sentence) => /(?:^|\s)--\w|undefined/.test(sentence))).toEqual([]);
      expect(sentences.join(' ')).toMatch(/“Ana”.*“Shop”.*0000/);
    }
    for (const at of NOTES.keys()) expect(new Set(told.map((sentences) => sentences[at])).size).toBe(LANGUAGES.length);
  });

  it('has the same words in each language', () => {
    const keys = (language: (typeof LANGUAGES)[number]) => Object.keys(REFUSALS[language]).toSorted();
    for (const language of LANGUAGES) expect(keys(language)).toEqual(keys('en'));
    expect(Object.entries(REFUSALS['pt-BR']).filter(([key, text]) => REFUSALS.en[key] === text)).toEqual([]);
  });

  it.each([
    ['invalid_json', 'JSON inválido'],
    ['import: no such date (line 4)', 'Uma data que não existe'],
    ['import: a message of more than 4194304 bytes', 'Uma mensagem comprida demais'],
    ['import: 12 bytes of a line of 99 are not kept (line 3)', 'Uma linha comprida demais'],
    ['missing or impossible: date, chat_id', 'Falta ou é impossível: date, chat_id'],
    ['constructor', 'constructor'],
    ['something newer', 'something newer'],
  ])('a reason of the quarantine is worded: %s', (reason, text) => expect(reasonText(reason, 'pt-BR')).toBe(text));
});
