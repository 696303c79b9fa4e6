import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Cache, openCache } from '../../src/analysis/cache/cache.js';
import type { Snapshot } from '../../src/analysis/cache/snapshot.js';
import { RETENTION } from '../../src/analysis/panels/activity.js';
import { SERIES_KINDS } from '../../src/analysis/panels/kinds.js';
import { COMMANDS, CONTENTS, HASHTAGS, LANGUAGES_PANEL, TOPICS, WORDS } from '../../src/analysis/panels/texts.js';
import type { Request } from '../../src/analysis/panels/panel.js';
import { rolledIn } from '../../src/analysis/tally/large.js';
import { selectionOf } from '../../src/analysis/tally/selection.js';
import { standingIn } from '../../src/analysis/tally/standing.js';
import { tallyOf } from '../../src/analysis/tally/tally.js';
import type { Filters, Range } from '../../src/analysis/types.js';
import { fileStore } from '../../src/lake/file.js';
import { addDays } from '../../src/zone.js';
import { addRow, DAYS, LAST_DAY, newRoot, randomRows, type Rows, writeLake, ZONE } from './lake.js';

const ROUNDS = Number(process.env['CHATLAKE_ROUNDS'] ?? 1);
const FIRST_DAY = addDays(LAST_DAY, 1 - DAYS);

let root: string;
let rows: Rows;
/** Few heads, so that lists must look beyond them, and enough. */
let caches: readonly Cache[];

beforeAll(async () => {
  root = await newRoot();
  rows = randomRows('closed', 900);
  caches = await Promise.all(
    [3, 1000].map((heads) => openCache({ enriched: fileStore(root), zone: ZONE, heads, large: LARGE, alone: 2 * LARGE })),
  );
});
afterAll(async () => {
  await Promise.all(caches.map((cache) => cache.close()));
  await rm(root, { recursive: true, force: true });
});

/** Some of the conversations below are larger than this in some of the stretches; the first had another id before. */
const LARGE = 25;
const CONVERSATIONS = ['telegram:-1001000', 'telegram:-1002000', 'telegram:-100', 'telegram:501', 'whatsapp:5511900000002'];

const some = <T>(...values: readonly T[]) => fc.option(fc.subarray([...values], { minLength: 1 }), { nil: [] });
const filters = fc.record({
  channel: some('telegram', 'whatsapp'),
  kind: some('text', 'photo', 'voice', 'image'),
  direction: some<'in' | 'out'>('in', 'out'),
  hour: fc.constantFrom<number[]>([], [], [], [9, 10, 11]),
  weekday: fc.constantFrom<number[]>([], [], [], [1, 5]),
  conversation: fc.oneof(
    fc.constant([]),
    fc.subarray(CONVERSATIONS.slice(0, 2), { minLength: 1 }),
    fc.subarray(CONVERSATIONS, { minLength: 1, maxLength: 2 }),
  ),
  person: fc.constantFrom<string[]>([], [], [], ['telegram:1', 'telegram:3']),
});
const ranges = fc
  .tuple(fc.nat({ max: DAYS + 60 }), fc.nat({ max: DAYS + 60 }))
  .map((days) => days.sort((a, b) => a - b).map((day) => addDays(FIRST_DAY, day - 40)) as [string, string])
  .map(([from, to]): Range => ({ from, to }));

/** The counts that are not 0, by place. */
function nonZero(counts: Uint32Array): [at: number, count: number][] {
  const found: [number, number][] = [];
  for (let at = 0; at < counts.length; at += 1) if (counts[at] !== 0) found.push([at, counts[at] as number]);
  return found;
}

/** What is counted in a range, as text: of lists of numbers those that are not 0. */
function counts(snapshot: Snapshot, given: Omit<Filters, 'period'>, range: Range): string {
  const selection = selectionOf(snapshot, { period: `${range.from}..${range.to}`, ...given }, range);
  const { bucket } = selection;
  const said = [WORDS, CONTENTS, LANGUAGES_PANEL, TOPICS, HASHTAGS, COMMANDS, SERIES_KINDS, RETENTION].map((panel) =>
    panel.count({ snapshot, selection, bucket, range } as Request),
  );
  const counted = tallyOf(
    snapshot,
    selection,
    said.flatMap(({ visitor = [] }) => visitor),
  );
  const { talks, active, ...tally } = counted;
  const wrote = Object.entries(active).map(([unit, stretches]) => [unit, stretches.filter(({ people }) => people > 0)]);
  const conversations = [...talks.conversations].sort(([a], [b]) => a - b);
  const lists = said.map(({ rows }) => rows({ request: { snapshot, selection } as Request, tally: counted, before: null }));
  return JSON.stringify({ ...tally, selection: [], wrote, rows: talks.rows, conversations, lists }, (_, value: unknown) =>
    ArrayBuffer.isView(value) ? nonZero(value as Uint32Array) : value,
  );
}

const byBlock = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  closed: { ...snapshot.closed, written: [], presences: [] },
  rollups: { ...snapshot.rollups, list: [], large: [] },
});

it('what is counted beforehand of closed stretches gives the counts of their blocks, while the lake grows and changes', async () => {
  const days = [...new Set([...rows.values()].flatMap((table) => [...table.keys()]))].sort();
  // Newer days, then older ones with people who are new no more, then days in the middle once more with fewer messages.
  const parts = [days.slice(20, 30), days.slice(30), days.slice(0, 20), days.slice(24, 27)];
  let stood = 0;
  let large = 0;
  let alone = 0;
  for (const [at, part] of parts.entries()) {
    if (at === parts.length - 1) for (const table of rows.values()) for (const day of part) table.get(day)?.splice(1, 1);
    await writeLake(root, rows, new Set(part));
    for (const cache of caches) {
      await cache.refresh();
      const snapshot = cache.snapshot();
      fc.assert(
        fc.property(filters, ranges, (given, range) => {
          expect(counts(snapshot, given, range)).toBe(counts(byBlock(snapshot), given, range));
        }),
        { numRuns: 60 * ROUNDS },
      );
      const all = { from: FIRST_DAY, to: LAST_DAY };
      for (const conversation of [[], ...CONVERSATIONS.map((one) => [one]), CONVERSATIONS.slice(0, 2)])
        expect(counts(snapshot, { conversation }, all)).toBe(counts(byBlock(snapshot), { conversation }, all));
      stood += snapshot.closed.written.length;
      large += rolledIn(snapshot, selectionOf(snapshot, { period: 'all', conversation: CONVERSATIONS.slice(0, 2) }, all)).length;
      alone += standingIn(snapshot, selectionOf(snapshot, { period: 'all', conversation: CONVERSATIONS.slice(0, 1) }, all), Infinity).blocks
        .size;
    }
  }
  expect(stood).toBeGreaterThan(16);
  expect(large).toBeGreaterThan(12);
  expect(alone).toBeGreaterThan(100);
});

/** What `see` finds in a lake of messages of Telegram, each by a person on a day. */
async function inLake<T>(
  messages: readonly (readonly [date: string, person: number, kind: string])[],
  see: (snapshot: Snapshot) => T,
): Promise<T> {
  const folder = await newRoot();
  const lake: Rows = new Map();
  for (const [at, [date, person, kind]] of messages.entries())
    addRow(lake, ZONE, 'telegram', {
      message_id: at + 1,
      user_id: person,
      user_is_bot: false,
      user_first_name: `Pessoa ${person}`,
      chat_id: -100,
      chat_type: 'supergroup',
      data_type: kind,
      text: kind === 'text' ? 'como instala isso?' : null,
      date: ZONE.startOf(date) + at,
      direction: 'in',
    });
  await writeLake(folder, lake);
  const opened = await openCache({ enriched: fileStore(folder), zone: ZONE });
  try {
    await opened.refresh();
    return see(opened.snapshot());
  } finally {
    await opened.close();
    await rm(folder, { recursive: true, force: true });
  }
}

it('the one day of a closed quarter, drawn in hours, has its conversations', async () => {
  const day = { from: '2024-02-14', to: '2024-02-14' };
  await inLake(
    [
      [day.from, 1, 'text'],
      ['2024-05-10', 1, 'text'],
    ],
    (snapshot) => {
      expect(snapshot.closed.written).toHaveLength(1);
      expect(counts(snapshot, {}, day)).toBe(counts(byBlock(snapshot), {}, day));
    },
  );
});

it('who is chosen after a kind was has no questions of others', async () => {
  const day = '2024-02-14';
  const messages = ['text', 'photo'].flatMap((kind) =>
    [1, 2].flatMap((person) => Array.from({ length: 20 }, () => [day, person, kind] as const)),
  );
  const after = ['2024-02-15', '2024-05-10'].flatMap((date) => [[date, 1, 'text'] as const, [date, 1, 'photo'] as const]);
  await inLake([...messages, ...after], (snapshot) => {
    const range = { from: day, to: '2024-05-10' };
    const asked = (given: Omit<Filters, 'period'>) =>
      tallyOf(snapshot, selectionOf(snapshot, { period: 'all', ...given }, range)).questions.count;
    const [before, all] = [asked({ person: ['telegram:1'] }), asked({})];
    expect(before).toBeLessThan(all);
    expect(asked({ kind: ['text'] })).toBe(all);
    expect(asked({ person: ['telegram:1'] })).toBe(before);
  });
});

it('who wrote before a range within its first week did not come with the others of that week', async () => {
  const messages = [
    ['2024-12-30', 1],
    ['2025-01-02', 2],
    ['2025-01-08', 1],
    ['2025-01-08', 2],
    ['2025-05-10', 1],
  ] as const;
  await inLake(
    messages.map(([date, person]) => [date, person, 'text']),
    (snapshot) => {
      const range = { from: '2025-01-01', to: '2025-03-12' };
      expect(counts(snapshot, {}, range)).toBe(counts(byBlock(snapshot), {}, range));
    },
  );
});
