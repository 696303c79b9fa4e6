import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressOf,
  EXTRAS,
  LISTS,
  PATHS,
  periodOf,
  type Place,
  placeAt,
  stretched,
  toggled,
  withFilters,
} from '../../src/dashboard/state/address.js';

const at = (address: string): Place => placeAt(new URL(address, 'http://lake'));
const text = fc.string({ minLength: 1, maxLength: 20 });
const some = (value: fc.Arbitrary<string>) => fc.uniqueArray(value, { minLength: 1, maxLength: 3 });
const places: fc.Arbitrary<Place> = fc.record({
  page: fc.constantFrom(...(Object.keys(PATHS) as (keyof typeof PATHS)[])),
  period: fc.constantFrom('today' as const, '7d' as const, '30d' as const, 'all' as const, '2024-01-31..2024-02-29' as const),
  limits: fc.record(
    {
      ...Object.fromEntries(LISTS.map((name) => [name, some(text)])),
      direction: some(fc.constantFrom('in', 'out')),
      hour: some(fc.integer({ min: 0, max: 23 }).map(String)),
      weekday: some(fc.integer({ min: 1, max: 7 }).map(String)),
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
  extras: fc.dictionary(fc.constantFrom(...EXTRAS), text, { noNullPrototype: true }),
});

describe('the address of a view', () => {
  it('gives back the view it was made from, whatever names and texts are in it', () => {
    fc.assert(
      fc.property(places, (place) => {
        expect(at(addressOf(place))).toEqual(place);
      }),
    );
  });

  it('leaves out what it does not know', () => {
    expect(at('/?period=forever&planet=mars&kind=')).toEqual({ page: 'overview', period: '30d', limits: {}, extras: {} });
    expect(addressOf(at('/'))).toBe('/');
  });

  it.each([
    'period=9999-99-99..0000-00-00',
    'period=0001-01-01..2024-03-01',
    'period=2024-02-30..2024-03-01',
    'period=2024-03-02..2024-03-01',
    'hour=24&hour=-1&hour=1e1',
    'weekday=0&weekday=8',
    'direction=up',
  ])('leaves out what no server would answer: %s', (query) => {
    expect(at(`/?${query}`)).toEqual(at('/'));
    expect(at(`/?${query}&hour=7&weekday=7`).limits).toEqual({ hour: ['7'], weekday: ['7'] });
  });

  it('adds a filter, and takes it away when it is there', () => {
    const one = toggled(at('/'), 'person', 'telegram:42');
    expect(addressOf(one)).toBe('/?person=telegram:42');
    expect(toggled(one, 'person', 'telegram:42')).toEqual(at('/'));
    expect(toggled(one, 'person', 'telegram:43').limits.person).toEqual(['telegram:42', 'telegram:43']);
  });

  it('takes the filters of an answer in place of its own of the same name', () => {
    const place = withFilters(at('/?hour=3&kind=text'), { period: '7d', hour: [19] });
    expect(addressOf(place)).toBe('/?period=7d&kind=text&hour=19');
  });

  it.each([
    ['date', '2024-02-29', '2024-02-29..2024-02-29'],
    ['week', '2024-02-26', '2024-02-26..2024-03-03'],
    ['month', '2024-02-01', '2024-02-01..2024-02-29'],
  ] as const)('knows the days of a %s', (kind, date, period) => expect(periodOf(kind, date)).toBe(period));

  it.each([
    ['month=2024-02', '2024-02-01..2024-02-29'],
    ['week=2024-02-26', '2024-02-26..2024-03-03'],
    ['week=2024-02-27', undefined],
    ['week=2024-02-26&month=2024-01', '2024-02-26..2024-03-03'],
    ['month=2024-13', undefined],
    ['month=2024-02-01', undefined],
    ['', undefined],
  ])('cuts a chart down to a month, or to a week by its Monday: %s', (query, period) => {
    expect(stretched(at(`/?period=all&kind=text&${query}`))).toEqual(period && { ...at(`/?kind=text&${query}`), period });
  });
});
