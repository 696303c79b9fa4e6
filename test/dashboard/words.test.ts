import { describe, expect, it } from 'vitest';
import { csv } from '../../src/dashboard/export/csv.js';
import { bytes, change, decimal, duration, share } from '../../src/dashboard/format/number.js';
import { clock, dateIn, range, weekday, weekOfYear } from '../../src/dashboard/format/date.js';
import { en } from '../../src/dashboard/words/en.js';
import { es } from '../../src/dashboard/words/es.js';
import { pt } from '../../src/dashboard/words/pt.js';
import { dump } from '../../src/dashboard/health/dump.js';

describe('numbers', () => {
  it('are written as each language does', () => {
    expect(share('en', 0.004)).toBe('0.4%');
    expect(share('pt-BR', 0.871)).toBe('87%');
    expect(decimal('pt-BR', 1234.56)).toBe('1.235');
    expect(decimal('en', 0.0272)).toBe('0.027');
    expect(bytes('en', 2_500_000)).toBe('2.5 MB');
    expect(bytes('en', 66)).toBe('66 bytes');
  });

  it('tell a change, and nothing where there was nothing', () => {
    expect(change('en', 112, 100)).toBe('+12%');
    expect(change('en', 92, 100)).toBe('−8%');
    expect(change('en', 100, 100)).toBe('±0');
    expect(change('en', 5, 0)).toBeNull();
  });

  it.each([
    [0, '0 s'],
    [0.4, '0.4 s'],
    [59.6, '1 min'],
    [125, '2 min 5 s'],
    [3600, '1 h'],
    [187_200, '2 d 4 h'],
  ])('say that %d seconds are %s', (seconds, words) => expect(duration('en', seconds)).toBe(words));
});

describe('dates', () => {
  it('are days of the lake, wherever the reader is', () => {
    const newYear = Date.UTC(2024, 0, 1, 2, 30);
    expect(dateIn(newYear, 'America/Sao_Paulo')).toBe('2023-12-31');
    expect(dateIn(newYear, '-03:00')).toBe('2023-12-31');
    expect(clock('pt-BR', newYear, '+05:30')).toBe('08:00');
    expect(weekday('pt-BR', 1)).toBe('seg');
    expect(['2020-12-28', '2024-01-01', '2024-12-30', '2026-11-23'].map(weekOfYear)).toEqual([53, 1, 1, 48]);
    expect(range('en', '2024-06-23', '2024-07-22')).toMatch(/^Jun 23.+Jul 22, 2024$/);
  });
});

describe('what is saved', () => {
  it('is CSV that a spreadsheet reads, and never runs', () => {
    expect(
      csv(
        ['a', 'b'],
        [
          ['x, "y"', 1.5],
          ['=cmd|calc!A1', null],
          ['two\nlines', true],
        ],
      ),
    ).toBe('a,b\r\n"x, ""y""",1.5\r\n\'=cmd|calc!A1,\r\n"two\nlines",true\r\n');
  });

  it('shows bytes with their place and what can be printed', () => {
    expect(dump(new Uint8Array([0x68, 0x69, 0xff]))).toMatch(/^00000000 {2}68 69 ff +hi\.$/);
  });
});

describe('nouns', () => {
  it.each([
    [en, ['1 day', '2 days', 'vs the day before', '1 row', '1,000 rows', '1 wording', '1 person']],
    [pt, ['1 dia', '2 dias', 'comparado ao dia anterior', '1 linha', '1.000 linhas', '1 forma', '1 pessoa']],
    [es, ['1 día', '2 días', 'comparado con el día anterior', '1 fila', '1000 filas', '1 forma', '1 persona']],
  ])('agree with their numbers', ({ shareDays, versus, sql, questions }, said) => {
    expect([shareDays(1), shareDays(2), versus(1), sql.rows(1), sql.rows(1000), questions.wordings(1), questions.people(1)]).toEqual(said);
  });
});

it.each([en, pt, es])('a group that lacks only what came before its first message is told so', ({ health }) => {
  expect(health.gaps(3, 2)).toMatch(/3 .*2$/);
  expect(health.gaps(0, 2)).toMatch(/^[^0]*2$/);
});
