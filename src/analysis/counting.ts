import { type Counted, countedFor, type Sums, sumsOf, withBefore } from './counted.js';
import type { PanelSpec, Request } from './panels/panel.js';
import { inTwo, rowsOf } from './tally/parts.js';
import { blocksIn, type Selection, selectionOf } from './tally/selection.js';
import { type Tally, tallyOf } from './tally/tally.js';
import type { Twin } from './twin/twin.js';

export interface Counting {
  readonly counted: Counted;
  /** Null where there is no period before. */
  readonly tallyBefore: Tally | null;
}

/** Who counts a part: undefined where nobody does, or did. */
type Beside = (selection: Selection, panels: readonly PanelSpec[]) => (() => Sums | undefined) | undefined;

/** Counts the range of a request and the one before; where there is much to count, one half of it in another thread. `forms`: as in `countedFor`. */
export function counting(
  request: Request,
  panels: readonly PanelSpec[],
  forms: number,
  twin: Pick<Twin, 'ask' | 'least'> | undefined,
): Counting {
  const { snapshot, range, bucket, targetMinutes, filters, before } = request;
  const beside: Beside = (part, those) =>
    twin?.ask({ request: { range, bucket, targetMinutes, selection: part }, panels: those.map(({ id }) => id), forms });
  const least = twin?.least ?? Infinity;
  if (before === null) return { counted: inParts(request, panels, forms, { beside, least }), tallyBefore: null };
  const selectionBefore = selectionOf(snapshot, filters, before);
  const asked = rowsOf(blocksIn(snapshot, selectionBefore)) < least ? undefined : beside(selectionBefore, []);
  const counted = countedFor(request, panels, forms);
  return { counted, tallyBefore: asked?.()?.tally ?? tallyOf(snapshot, selectionBefore) };
}

function inParts(
  request: Request,
  panels: readonly PanelSpec[],
  forms: number,
  { beside, least }: { readonly beside: Beside; readonly least: number },
): Counted {
  const { snapshot, selection } = request;
  const parts = inTwo(snapshot, selection, least);
  const asked = parts && beside(parts[0], panels);
  if (parts === undefined || asked === undefined) return countedFor(request, panels, forms);
  const [first, second] = parts;
  const counted = countedFor({ ...request, selection: second }, panels, forms);
  return withBefore(counted, asked() ?? sumsOf(countedFor({ ...request, selection: first }, panels, forms)));
}
