import { createHash } from 'node:crypto';
import type { Zone } from '../../zone.js';
import type { Block } from '../cache/block.js';
import { NEVER } from '../cache/responses.js';
import type { Snapshot } from '../cache/snapshot.js';
import { FACT_SOURCES } from '../facts/sources.js';
import { type Bucket, bucketOf, bucketStarts, dayOf, startOfBucket } from '../calendar.js';
import { rangeBefore, rangeOf } from '../filters.js';
import { byGroup, type Grouping } from './groups.js';
import { questionsSql } from './sql.js';
import { most } from '../panels/most.js';
import { QUESTION_NOTES } from './notes.js';
import { type Gathered, gather, medianOfGathered, put } from '../tally/median.js';
import { passing } from '../tally/passing.js';
import { blocksIn, type Selection, selectionOf } from '../tally/selection.js';
import type { Filters, Language, QuestionGroup, QuestionsView, Range } from '../types.js';
import { extentOf } from '../view.js';

/** Groups shown, and wordings of each. */
const GROUPS = 100;
const EXAMPLES = 5;

/** Channels whose answers are in the lake at all: where nobody ever answered, nothing can be said of answers. */
type Answerable = readonly boolean[];

/** A question that passes the filters. */
type See = (block: Block, at: number) => void;

/** The recurring questions of a period, most asked first, from one snapshot and its groups. */
export function questionsView(
  snapshot: Snapshot,
  grouping: Grouping,
  filters: Filters,
  { language }: { readonly language: Language },
  { zone, now }: { readonly zone: Zone; /** Epoch milliseconds. */ readonly now: number },
): QuestionsView {
  const range = rangeOf(filters.period, zone.dateAt(now / 1000), extentOf(snapshot));
  const before = rangeBefore(filters.period, range);
  const selection = selectionOf(snapshot, filters, range);
  const forms = countForms(snapshot, selection, grouping);
  const counts = byGroup(forms, grouping);
  const countsBefore = before === null ? null : byGroup(countForms(snapshot, selectionOf(snapshot, filters, before), grouping), grouping);
  const shown = most(counts, GROUPS, (form) => snapshot.names.questions.values[form]?.text ?? '').map(({ number }) => number);
  const answerable = answerableIn(snapshot);
  const outcomes = outcomesOf(snapshot, selection, grouping, shown, range, answerable);
  const wordings = wordingsOf(forms, grouping, shown);
  const silent = answerable.some((has, channel) => !has && hasQuestions(snapshot, selection, channel));
  return {
    range,
    total: counts.reduce((sum, count) => sum + count, 0),
    groups: shown.map((leader, place) => ({
      ...asked(snapshot, leader, wordings.get(leader) ?? []),
      count: counts[leader] as number,
      before: countsBefore === null ? null : (countsBefore[leader] as number),
      ...outcomes(place),
    })),
    ...(silent && { note: QUESTION_NOTES[language].oneSided }),
    sql: questionsSql(filters, range, zone),
  };
}

function eachQuestion(snapshot: Snapshot, selection: Selection, see: See): void {
  for (const block of blocksIn(snapshot, selection)) {
    const { row } = block.questions;
    const passed = row.length === 0 ? undefined : passing(block, selection);
    if (passed === undefined) continue;
    const { ok } = passed;
    for (let at = 0; at < row.length; at += 1) if (ok === null || ok[row[at] as number] === 1) see(block, at);
  }
}

/** Questions by form. */
function countForms(snapshot: Snapshot, selection: Selection, grouping: Grouping): Uint32Array {
  const counts = new Uint32Array(grouping.length);
  eachQuestion(snapshot, selection, ({ questions: { form } }, at) => {
    const asked = form[at] as number;
    counts[asked] = (counts[asked] as number) + 1;
  });
  return counts;
}

function answerableIn({ blocks }: Snapshot): Answerable {
  return FACT_SOURCES.map((_, channel) =>
    blocks.some((block) => block.channel === channel && block.questions.wait.some((wait) => wait !== NEVER)),
  );
}

function hasQuestions(snapshot: Snapshot, selection: Selection, channel: number): boolean {
  let found = false;
  eachQuestion(snapshot, selection, (block) => {
    if (block.channel === channel) found = true;
  });
  return found;
}

/** How groups were asked and answered, by their place among those shown. */
function outcomesOf(
  snapshot: Snapshot,
  selection: Selection,
  grouping: Grouping,
  shown: readonly number[],
  range: Range,
  answerable: Answerable,
): (place: number) => Pick<QuestionGroup, 'spark' | 'answered' | 'median' | 'people'> {
  const buckets = bucketPlaces(bucketOf(range), range);
  const length = new Set(buckets.values()).size;
  const placeOf = new Int16Array(grouping.length).fill(-1);
  for (const [place, leader] of shown.entries()) placeOf[leader] = place;
  const spark = new Uint32Array(shown.length * length);
  const known = new Uint32Array(shown.length);
  const waits = shown.map(() => gather(8));
  // A bit for each person and group: has asked.
  const everybody = Math.ceil(snapshot.names.people.values.length / 8);
  const met = new Uint8Array(shown.length * everybody);
  const people = new Uint32Array(shown.length);
  eachQuestion(snapshot, selection, ({ questions, day, channel }, at) => {
    const place = placeOf[grouping[questions.form[at] as number] as number] as number;
    if (place < 0) return;
    const bucket = place * length + (buckets.get(day) ?? 0);
    spark[bucket] = (spark[bucket] as number) + 1;
    if (answerable[channel] === true) known[place] = (known[place] as number) + 1;
    const wait = questions.wait[at] as number;
    if (wait !== NEVER) put(waits[place] as Gathered, wait);
    const who = questions.person[at] as number;
    const bits = place * everybody + (who >> 3);
    if (((met[bits] as number) & (1 << (who & 7))) === 0) people[place] = (people[place] as number) + 1;
    met[bits] = (met[bits] as number) | (1 << (who & 7));
  });
  return (place) => {
    const [all, some] = [known[place] as number, waits[place] as Gathered];
    return {
      spark: [...spark.subarray(place * length, (place + 1) * length)],
      answered: all === 0 ? null : some.count / all,
      median: medianOfGathered(some),
      people: people[place] as number,
    };
  };
}

/** Forms that were asked, by the leader of their group. */
function wordingsOf(forms: Uint32Array, grouping: Grouping, shown: readonly number[]): Map<number, [form: number, count: number][]> {
  const wordings = new Map(shown.map((leader): [number, [number, number][]] => [leader, []]));
  for (let form = 1; form < forms.length; form += 1) {
    const count = forms[form] as number;
    if (count > 0) wordings.get(grouping[form] as number)?.push([form, count]);
  }
  return wordings;
}

/** Place of each day's bucket in a range. */
function bucketPlaces(bucket: Bucket, range: Range): Map<number, number> {
  const starts = new Map(bucketStarts(bucket, range).map((start, place) => [start, place]));
  const places = new Map<number, number>();
  for (let day = dayOf(range.from); day <= dayOf(range.to); day += 1) places.set(day, starts.get(startOfBucket(bucket, day)) ?? 0);
  return places;
}

/** How a group is worded. */
function asked(
  { names }: Snapshot,
  leader: number,
  wordings: readonly (readonly [form: number, count: number])[],
): Pick<QuestionGroup, 'id' | 'example' | 'wordings' | 'examples'> {
  const form = (number: number) => names.questions.values[number] ?? { text: '', message: '' };
  const examples = wordings
    .map(([number, count]) => ({ ...form(number), count }))
    .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
  return {
    id: createHash('sha256').update(form(leader).text).digest('hex').slice(0, 12),
    example: examples[0]?.text ?? '',
    wordings: wordings.length,
    examples: examples.slice(0, EXAMPLES).map(({ text, count, message }) => ({ text, count, message })),
  };
}
