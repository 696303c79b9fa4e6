import { expect, it } from 'vitest';
import { FIGURES } from '../../src/analysis/figures.js';
import { LANGUAGES } from '../../src/analysis/filters.js';
import { PANELS } from '../../src/analysis/panels/all.js';
import type { Request } from '../../src/analysis/panels/panel.js';
import type { Phrase } from '../../src/analysis/types.js';
import { wordsOf } from '../../src/analysis/words/words.js';

const about = { bucket: 'day', targetMinutes: 10 } as const;

it.each(LANGUAGES)('%s has words for every panel, column and figure', (language) => {
  const words = wordsOf(language);
  const wordless = PANELS.filter(({ id }) => {
    const panel = words.panels[id];
    return panel === undefined || panel.title(about) === '' || panel.empty === '';
  });
  expect(wordless.map(({ id }) => id)).toEqual([]);
  const columns = PANELS.flatMap((panel) => panel.columns({ bucket: 'day' } as Request)).map(({ name }) => name);
  expect([...new Set(columns)].filter((name) => words.columns[name] === undefined)).toEqual([]);
  expect(FIGURES.filter(({ id }) => words.figures[id].label === '')).toEqual([]);
});

it('every language knows the same panels, columns and errors', () => {
  const keys = (language: (typeof LANGUAGES)[number]) => {
    const { panels, columns, errors } = wordsOf(language);
    return [panels, columns, errors].map((part) => Object.keys(part).sort());
  };
  for (const language of LANGUAGES) expect(keys(language)).toEqual(keys('en'));
});

it('durations read as a person says them', () => {
  const { duration } = wordsOf('en').answers;
  expect([0, 45, 59.6, 77, 3600, 7500, 86_400].map(duration)).toEqual(['0 s', '45 s', '1 min', '1 min', '1 h', '2 h 5 min', '24 h']);
});

/** A sentence as it is read. */
const said = (phrase: Phrase): string => phrase.map((part) => (typeof part === 'string' ? part : part.strong)).join('');

it.each([
  [
    'en',
    '1 message on 1 day',
    '2 messages on 1,200 days',
    /1 question by 1 person\.$/,
    'Only Ana wrote, for the first time.',
    /^1 of 1 person active/,
  ],
  [
    'pt-BR',
    '1 mensagem em 1 dia',
    '2 mensagens em 1.200 dias',
    /1 pergunta de 1 pessoa\.$/,
    'Só Ana escreveu, e pela primeira vez.',
    /^1 de 1 pessoa ativa .* escreveu /,
  ],
  [
    'es',
    '1 mensaje en 1 día',
    '2 mensajes en 1200 días',
    /1 pregunta de 1 persona\.$/,
    'Solo Ana escribió, y por primera vez.',
    /^1 de 1 persona activa .* escribió /,
  ],
] as const)('in %s nouns and verbs agree with their numbers', (language, one, more, asked, active, silent) => {
  const { answers } = wordsOf(language);
  expect(answers.when.evidence({ messages: 1, days: 1, timezone: 'UTC' })).toContain(one);
  expect(answers.when.evidence({ messages: 2, days: 1200, timezone: 'UTC' })).toContain(more);
  expect(answers.asked.evidence({ questions: 1, people: 1 })).toMatch(asked);
  expect(said(answers.active.sentence({ people: 1, newcomers: 1, name: 'Ana', share: '100%' }))).toBe(active);
  expect(said(answers.active.sentence({ people: 2, newcomers: 0, name: 'Ana', share: '60%' }))).toMatch(/^2 .*0 .*Ana \(60%/);
  expect(said(answers.silent.sentence({ people: 1, before: 1, share: '100%' }))).toMatch(silent);
});

it.each(['pt-BR', 'en', 'es'] as const)('in %s no share is told of responses that there are none of', (language) => {
  const { evidence } = wordsOf(language).answers.helping;
  expect(evidence({ questions: 36, bot: '31%' })).toMatch(/^36 .*31%/);
  expect(evidence({ questions: 36, bot: null })).toMatch(/^36 [^%;]*24 [^%;]*$/);
});
