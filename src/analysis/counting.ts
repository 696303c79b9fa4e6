import { type Counted, countedFor, handed, type Handed, withBefore } from './counted.js';
import type { PanelSpec, Request } from './panels/panel.js';
import { inTwo, rowsOf } from './tally/parts.js';
import { blocksIn, type Selection, selectionOf } from './tally/selection.js';
import { type Tally, tallyOf } from './tally/tally.js';
import type { Twin } from './twin/twin.js';

/** The counts of a request's range, and of the period before it: null where there is none. */
export interface ViewCounts {
  readonly counted: Counted;
  readonly tallyBefore: Tally | null;
}

/** Who counts beside this thread. */
export type Beside = Pick<Twin, 'ask' | 'least'>;

/** Counts for a view; where there is much to count, the period before or a part of the range in another thread. `forms`: as in `countedFor`. */
export function countsOf(request: Request, panels: readonly PanelSpec[], forms: number, twin: Beside | undefined): ViewCounts {
  const { snapshot, filters, before } = request;
  const alone = () => countedFor(request, panels, forms);
  const inParts = () => (twin === undefined ? undefined : countedInParts(request, panels, forms, twin)) ?? alone();
  if (before === null) return { counted: inParts(), tallyBefore: null };
  const selection = selectionOf(snapshot, filters, before);
  const asked = twin === undefined || rowsOf(blocksIn(snapshot, selection)) < twin.least ? undefined : twin.ask(snapshot, { selection });
  const [counted, answer] = asked === undefined ? [inParts()] : both(alone, asked);
  return { counted, tallyBefore: answer?.tally ?? tallyOf(snapshot, selection) };
}

/** Undefined where the range is not worth it, or nobody helps. */
function countedInParts(request: Request, panels: readonly PanelSpec[], forms: number, { ask, least }: Beside): Counted | undefined {
  const { snapshot, range, bucket, targetMinutes } = request;
  const parts = inTwo(snapshot, request.selection, least);
  if (parts === undefined) return undefined;
  const [first, second] = parts;
  const part = (selection: Selection) => countedFor({ ...request, selection }, panels, forms);
  const asked = ask(snapshot, { request: { range, bucket, targetMinutes, selection: first }, panels: panels.map(({ id }) => id), forms });
  if (asked === undefined) return undefined;
  const [counted, answer] = both(() => part(second), asked);
  return withBefore(counted, answer ?? handed(part(first)));
}

/** What this thread counts, and the other's answer: it is waited for whatever happens here. */
function both(count: () => Counted, asked: () => Handed | undefined): [Counted, Handed | undefined] {
  let answer: Handed | undefined;
  let counted: Counted;
  try {
    counted = count();
  } finally {
    answer = asked();
  }
  return [counted, answer];
}
