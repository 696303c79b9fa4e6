import { type Asked, askedIn } from './answers.js';
import type { CountRequest, Counting, PanelSpec } from './panels/panel.js';
import { addBefore } from './tally/add.js';
import { addCounts, type Counts } from './tally/counts.js';
import { hourlySparks } from './tally/hours.js';
import { type Sparks, sparksOf } from './tally/sparks.js';
import { type Tally, tallyOf } from './tally/tally.js';

/** What is counted for a view. */
export interface Counted {
  readonly tally: Tally;
  /** In the order of the panels. */
  readonly panels: readonly Counting[];
  readonly asked: Asked;
  readonly sparks: Sparks;
}

/** The same without what makes rows of it: what a thread can hand over to another. */
export interface Handed {
  readonly tally: Tally;
  readonly counts: readonly Counts[];
}

/** Counts what a request selects, for panels and for what stands beside them. `forms`: how many forms questions have. */
export function countedFor(request: CountRequest, panels: readonly PanelSpec[], forms: number): Counted {
  const { snapshot, selection } = request;
  const counting = panels.map((panel) => panel.count(request));
  const asked = askedIn(snapshot, forms);
  const sparks = request.bucket === 'hour' ? hourlySparks(snapshot) : sparksOf(request.bucket, request.range);
  const visitors = [sparks, asked, ...counting].flatMap(({ visitor }) => visitor ?? []);
  return { tally: tallyOf(snapshot, selection, visitors), panels: counting, asked, sparks };
}

const countsIn = ({ sparks, asked, panels }: Counted): Counts[] => [sparks, asked, ...panels].map(({ counts }) => counts?.() ?? []);

export const handed = (counted: Counted): Handed => ({ tally: counted.tally, counts: countsIn(counted) });

/** Adds what was counted of the days before. */
export function withBefore(counted: Counted, before: Handed): Counted {
  for (const [at, counts] of countsIn(counted).entries()) addCounts(counts, before.counts[at] ?? []);
  return { ...counted, tally: addBefore(counted.tally, before.tally) };
}
