import { expect, it } from 'vitest';
import { FIGURES } from '../../src/analysis/figures.js';
import { LANGUAGES } from '../../src/analysis/filters.js';
import { PANELS } from '../../src/analysis/panels/all.js';
import type { Request } from '../../src/analysis/panels/panel.js';
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
