import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Period } from '../../src/analysis/types.js';
import { addressOf, apiQuery, type Place, placeAt } from '../../src/dashboard/state/address.js';
import { clipped, opens, opensPeriod, type Shared } from '../../src/dashboard/state/shared.js';
import { daysOf, filtersIn } from '../../src/server/filters.js';
import { linkOpens } from '../../src/server/links.js';
import { type Zone, zoneOf } from '../../src/zone.js';

const ZONE = zoneOf('America/Sao_Paulo') as Zone;
const NOW = Date.UTC(2024, 5, 30, 15);

const DAYS = ['2023-07-02', '2024-04-30', '2024-06-01', '2024-06-24', '2024-06-30'];
const periods = fc.oneof(
  fc.constantFrom<Period>('today', '7d', '30d', '90d', '12m', 'all'),
  fc.tuple(fc.nat(4), fc.nat(4)).map(([a, b]): Period => `${DAYS[Math.min(a, b)] as string}..${DAYS[Math.max(a, b)] as string}`),
);
const some = (values: readonly string[]) => fc.subarray([...values], { minLength: 1 });
const places = fc.record({
  page: fc.constant('overview' as const),
  period: periods,
  limits: fc.record(
    { person: some(['telegram:1', 'telegram:2']), kind: some(['text', 'photo']), hour: some(['9', '10']) },
    { requiredKeys: [] },
  ),
  extras: fc.constant({}),
});

/** A link to a place, as the server tells of it. */
function linkTo(place: Place): Shared {
  const { from = null, to = null } = daysOf(filtersIn(apiQuery(place)).period, ZONE, NOW);
  return { place: placeAt(new URL(addressOf(place), 'http://page')), from, to };
}

it('a visitor by a link is offered what the server answers, and nothing else', () => {
  fc.assert(
    fc.property(places, places, (shown, asked) => {
      const answered = linkOpens(addressOf(shown), new URL(`/api/view?${apiQuery(asked).toString()}`, 'http://page'), ZONE, NOW);
      expect(opens(linkTo(shown), asked)).toBe(answered);
    }),
    { numRuns: 2000 },
  );
});

it('a bucket is cut to the days of the link', () => {
  const shared = linkTo(placeAt(new URL('http://page/?period=7d')));
  expect(clipped(shared, '2024-06-01..2024-06-30')).toBe('2024-06-24..2024-06-30');
  expect(clipped(shared, '2024-06-26..2024-06-26')).toBe('2024-06-26..2024-06-26');
  expect(clipped(shared, '2024-05-01..2024-05-31')).toBeUndefined();
  expect(opensPeriod(shared, 'today')).toBe(true);
});

it('no conversation is opened, and no other page', () => {
  const shared = linkTo(placeAt(new URL('http://page/messages')));
  expect(opens(shared, placeAt(new URL('http://page/messages?q=oi')))).toBe(true);
  expect(opens(shared, placeAt(new URL('http://page/messages?open=telegram:1:2')))).toBe(false);
  expect(opens(shared, placeAt(new URL('http://page/')))).toBe(false);
});
