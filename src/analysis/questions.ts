import { createHash } from 'node:crypto';
import type { Zone } from '../zone.js';
import { type Block, NEVER } from './cache/block.js';
import type { Snapshot } from './cache/cache.js';
import { FACT_SOURCES } from './cache/facts.js';
import { type Bucket, bucketOf, bucketStarts, dayOf, startOfBucket } from './calendar.js';
import { rangeBefore, rangeOf } from './filters.js';
import type { Grouping } from './questions-groups.js';
import { questionsSql } from './questions-sql.js';
import { QUESTION_NOTES } from './questions-notes.js';
import { blocksIn, passing, type Selection, selectionOf } from './tally/selection.js';
import type { Filters, Language, QuestionGroup, QuestionsView, Range } from './types.js';
import { boundsOf } from './view.js';

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
  const range = rangeOf(filters.period, zone.dateAt(now / 1000), boundsOf(snapshot));
  const before = rangeBefore(filters.period, range);
  const selection = selectionOf(snapshot, filters, range);
  const counts = countGroups(snapshot, selection, grouping);
  const countsBefore = before === null ? null : countGroups(snapshot, selectionOf(snapshot, filters, before), grouping);
  const shown = mostAsked(counts, snapshot);
  const answerable = answerableIn(snapshot);
  const details = detailsOf(snapshot, selection, grouping, shown, range, answerable);
  const silent = answerable.some((has, channel) => !has && hasQuestions(snapshot, selection, channel));
  return {
    range,
    total: counts.reduce((sum, count) => sum + count, 0),
    groups: shown.map((leader) => groupOf(snapshot, details.get(leader) as Detail, leader, countsBefore)),
    ...(silent && { note: QUESTION_NOTES[language].oneSided }),
    sql: questionsSql(filters, range, zone),
  };
}

function eachQuestion(snapshot: Snapshot, selection: Selection, see: See): void {
  for (const block of blocksIn(snapshot, selection)) {
    const { row } = block.questions;
    if (row.length === 0) continue;
    const ok = passing(block, selection);
    for (let at = 0; at < row.length; at += 1) if (ok === null || ok[row[at] as number] === 1) see(block, at);
  }
}

/** Questions by the form that leads their group. */
function countGroups(snapshot: Snapshot, selection: Selection, grouping: Grouping): Uint32Array {
  const counts = new Uint32Array(grouping.length);
  eachQuestion(snapshot, selection, ({ questions }, at) => {
    const leader = grouping[questions.form[at] as number] as number;
    counts[leader] = (counts[leader] as number) + 1;
  });
  return counts;
}

function mostAsked(counts: Uint32Array, { names }: Snapshot): number[] {
  const textOf = (form: number) => names.questions.values[form]?.text ?? '';
  const asked: number[] = [];
  for (let form = 1; form < counts.length; form += 1) if (counts[form] !== 0) asked.push(form);
  return asked.sort((a, b) => (counts[b] as number) - (counts[a] as number) || (textOf(a) < textOf(b) ? -1 : 1)).slice(0, GROUPS);
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

/** What is gathered of one group. */
interface Detail {
  count: number;
  /** Of those whose answers would be known. */
  answerable: number;
  readonly waits: number[];
  readonly people: Set<number>;
  readonly forms: Map<number, number>;
  readonly spark: number[];
}

function detailsOf(
  snapshot: Snapshot,
  selection: Selection,
  grouping: Grouping,
  shown: readonly number[],
  range: Range,
  answerable: Answerable,
): Map<number, Detail> {
  const bucket = bucketOf(range);
  const places = bucketPlaces(bucket, range);
  const buckets = new Set(places.values()).size;
  const details = new Map<number, Detail>();
  const byForm: (Detail | undefined)[] = Array.from({ length: grouping.length });
  for (const leader of shown) {
    const detail = {
      count: 0,
      answerable: 0,
      waits: [],
      people: new Set<number>(),
      forms: new Map<number, number>(),
      spark: zeros(buckets),
    };
    details.set(leader, detail);
    byForm[leader] = detail;
  }
  eachQuestion(snapshot, selection, (block, at) => {
    const form = block.questions.form[at] as number;
    const detail = byForm[grouping[form] as number];
    if (detail === undefined) return;
    const wait = block.questions.wait[at] as number;
    const place = places.get(block.day) ?? 0;
    detail.count += 1;
    if (answerable[block.channel] === true) detail.answerable += 1;
    if (wait !== NEVER) detail.waits.push(wait);
    detail.people.add(block.person[block.questions.row[at] as number] as number);
    detail.forms.set(form, (detail.forms.get(form) ?? 0) + 1);
    detail.spark[place] = (detail.spark[place] ?? 0) + 1;
  });
  return details;
}

const zeros = (length: number): number[] => Array.from({ length }, () => 0);

/** Place of each day's bucket in a range. */
function bucketPlaces(bucket: Bucket, range: Range): Map<number, number> {
  const starts = new Map(bucketStarts(bucket, range).map((start, place) => [start, place]));
  const places = new Map<number, number>();
  for (let day = dayOf(range.from); day <= dayOf(range.to); day += 1) places.set(day, starts.get(startOfBucket(bucket, day)) ?? 0);
  return places;
}

function groupOf({ names }: Snapshot, detail: Detail, leader: number, countsBefore: Uint32Array | null): QuestionGroup {
  const form = (number: number) => names.questions.values[number] ?? { text: '', message: '' };
  const examples = [...detail.forms]
    .map(([number, count]) => ({ ...form(number), count }))
    .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
  return {
    id: createHash('sha256').update(form(leader).text).digest('hex').slice(0, 12),
    example: examples[0]?.text ?? '',
    count: detail.count,
    before: countsBefore === null ? null : (countsBefore[leader] as number),
    wordings: detail.forms.size,
    spark: detail.spark,
    answered: detail.answerable === 0 ? null : detail.waits.length / detail.answerable,
    median: medianOf(detail.waits),
    people: detail.people.size,
    examples: examples.slice(0, EXAMPLES).map(({ text, count, message }) => ({ text, count, message })),
  };
}

function medianOf(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.sort((a, b) => a - b);
  const at = (rank: number) => sorted[rank - 1] as number;
  return (at(Math.floor((sorted.length + 1) / 2)) + at(Math.floor((sorted.length + 2) / 2))) / 2;
}
