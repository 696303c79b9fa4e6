import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateIn } from '../src/etl/compile.js';
import { addDays, zoneOf } from '../src/zone.js';
import { seconds, zoneNamed } from './support/lake.js';
import { ask } from './support/rows.js';

const ZONES = [
  'America/Sao_Paulo',
  'America/New_York',
  'Europe/Lisbon',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Africa/Casablanca',
  'UTC',
  '-03:00',
  '+05:45',
  '+14:00',
];
const FIRST = seconds('1971-01-01T00:00:00Z');
const LAST = seconds('2100-12-31T23:59:59Z');

describe('zoneOf', () => {
  it.each(ZONES)('knows %s', (name) => expect(zoneOf(name)?.name).toBe(name));
  it.each(['', 'Nowhere/City', 'America/Sao Paulo', '+15:00', '-3', '+03:60', 'GMT+25', '3', "UTC'; DROP TABLE x; --"])(
    'has no zone called %j',
    (name) => {
      expect(zoneOf(name)).toBeUndefined();
    },
  );

  it('gives the date of an instant in an independent reading of the zone, too', () => {
    fc.assert(
      fc.property(fc.integer({ min: FIRST, max: LAST }), fc.constantFrom(...ZONES.filter((name) => /^[A-Z]/.test(name))), (at, name) => {
        const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short' }).format(at * 1000);
        expect(zoneNamed(name).dateAt(at)).toBe(parts);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['UTC', 'Asia/Tokyo', 'Pacific/Kiritimati'])('does not depend on the zone of the machine (%s)', (machine) => {
    const script = `import { zoneOf } from './src/zone.ts'; console.log(zoneOf('America/Sao_Paulo').dateAt(1541300400 - 1), zoneOf('-03:00').dateAt(0));`;
    const out = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      env: { ...process.env, TZ: machine },
      encoding: 'utf8',
    });
    expect(out.trim()).toBe('2018-11-03 1969-12-31');
  });
});

describe('startOf', () => {
  it.each([
    ['America/Sao_Paulo', '2024-07-02', '2024-07-02T03:00:00Z'],
    ['-03:00', '2024-07-02', '2024-07-02T03:00:00Z'],
    ['+05:45', '2024-07-02', '2024-07-01T18:15:00Z'],
    ['America/New_York', '2024-03-10', '2024-03-10T05:00:00Z'],
    ['America/New_York', '2024-03-11', '2024-03-11T04:00:00Z'],
    ['America/New_York', '2024-11-04', '2024-11-04T05:00:00Z'],
  ])('%s begins %s at %s', (name, date, instant) => {
    expect(zoneNamed(name).startOf(date)).toBe(seconds(instant));
  });

  it('is one in the morning where the clocks jump over midnight', () => {
    expect(zoneNamed('America/Sao_Paulo').startOf('2018-11-04')).toBe(seconds('2018-11-04T03:00:00Z'));
    expect(zoneNamed('America/Sao_Paulo').dateAt(seconds('2018-11-04T02:59:59Z'))).toBe('2018-11-03');
  });

  it.each([
    ['America/New_York', '2024-03-10', 23],
    ['America/New_York', '2024-11-03', 25],
    ['Europe/Lisbon', '2024-03-31', 23],
    ['Europe/Lisbon', '2024-10-27', 25],
    ['Australia/Lord_Howe', '2024-04-07', 24.5],
    ['Australia/Lord_Howe', '2024-10-06', 23.5],
    ['America/Sao_Paulo', '2018-11-04', 23],
    ['America/Sao_Paulo', '2019-02-16', 25],
  ])('%s has on %s a day of %s hours', (name, date, hours) => {
    const zone = zoneNamed(name);
    expect((zone.startOf(addDays(date, 1)) - zone.startOf(date)) / 3600).toBe(hours);
  });

  it('is the first second of its date, for any date', () => {
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 47_000 }), fc.constantFrom(...ZONES), (day, name) => {
        const zone = zoneNamed(name);
        const date = addDays('1970-01-01', day);
        // Apia left out 2011-12-30: no second has that date.
        fc.pre(!(name === 'Pacific/Apia' && date === '2011-12-30'));
        const start = zone.startOf(date);
        expect(zone.dateAt(start)).toBe(date);
        expect(zone.dateAt(start - 1) < date).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('dateIn', () => {
  it('gives in SQL the date that the zone gives, whatever day is being processed', async () => {
    const instants = fc.oneof(
      fc.integer({ min: FIRST, max: LAST }),
      fc.integer({ min: 500, max: 47_000 }).map((day) => day * 86_400 - 3 * 3600),
    );
    const near = fc.tuple(
      fc.integer({ min: 500, max: 47_000 }),
      fc.array(fc.integer({ min: -50 * 86_400, max: 5 * 86_400 }), { minLength: 20, maxLength: 20 }),
    );
    for (const name of ZONES) {
      const zone = zoneNamed(name);
      const samples = [
        ...fc.sample(fc.tuple(fc.integer({ min: 500, max: 47_000 }), fc.array(instants, { minLength: 20, maxLength: 20 })), 15),
        ...fc.sample(near, 25).map(([day, offsets]) => [day, offsets.map((offset) => Math.max(FIRST, day * 86_400 + offset))] as const),
      ];
      for (const [day, seen] of samples) {
        const date = addDays('1970-01-01', day);
        const rows = await ask(
          `SELECT CAST(${dateIn(zone, 's', date)} AS VARCHAR) AS date FROM (SELECT unnest([${seen.join(', ')}]::BIGINT[]) AS s)`,
        );
        expect(
          rows.map((row) => row['date']),
          `${name}, while processing ${date}`,
        ).toEqual(seen.map((at) => zone.dateAt(at)));
      }
    }
  });
});
