import type { Zone } from '../zone.js';
import type { Snapshot } from './cache/snapshot.js';
import { answersOf } from './answers.js';
import { bucketOf, dateOfDay } from './calendar.js';
import { type Beside, countsOf } from './counting.js';
import { figuresOf } from './figures.js';
import { rangeBefore, rangeOf } from './filters.js';
import { PANELS } from './panels/all.js';
import type { PanelSpec, Request } from './panels/panel.js';
import type { Grouping } from './questions/groups.js';
import { selectionOf } from './tally/selection.js';
import type { AnalysisView, Cell, Filters, Language, Panel, Range } from './types.js';
import type { Words } from './words/types.js';
import { wordsOf } from './words/words.js';

export interface ViewOptions {
  readonly language: Language;
  /** Minutes within which a first response is in time. */
  readonly targetMinutes: number;
  /** Ids of the panels wanted; without, all but those that are another cut of one. */
  readonly panels?: readonly string[];
}

/** Days with messages in a snapshot; null for an empty one. */
export function boundsOf({ blocks }: Snapshot): Range | null {
  const first = blocks.find(({ count }) => count > 0);
  const last = blocks.findLast(({ count }) => count > 0);
  return first && last ? { from: dateOfDay(first.day), to: dateOfDay(last.day) } : null;
}

/** Days of which a snapshot holds anything: messages, or what happened beside them; null for an empty one. */
export function extentOf(snapshot: Snapshot): Range | null {
  const { sides } = snapshot;
  const bounds = boundsOf(snapshot);
  const days = [sides[0], sides.at(-1)].flatMap((side) => (side === undefined ? [] : [dateOfDay(side.day)]));
  const dates = [...days, ...(bounds === null ? [] : [bounds.from, bounds.to])].sort();
  const [from, to] = [dates[0], dates.at(-1)];
  return from === undefined || to === undefined ? null : { from, to };
}

/** What a view is made with. */
export interface Given {
  readonly zone: Zone;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly grouping: Grouping;
  /** Who counts beside this thread. */
  readonly twin?: Beside | undefined;
}

/** Everything the first page shows, from one snapshot: the same snapshot, filters and day give the same view. */
export function analyse(snapshot: Snapshot, filters: Filters, options: ViewOptions, { zone, now, grouping, twin }: Given): AnalysisView {
  const bounds = boundsOf(snapshot);
  const today = zone.dateAt(now / 1000);
  const range = rangeOf(filters.period, today, extentOf(snapshot));
  const before = rangeBefore(filters.period, range);
  const selection = selectionOf(snapshot, filters, range);
  const bucket = bucketOf(range);
  const words = wordsOf(options.language);
  const request: Request = {
    snapshot,
    filters,
    range,
    before,
    bucket,
    selection,
    zone,
    targetMinutes: options.targetMinutes,
    errors: words.errors,
  };

  const wanted = PANELS.filter(({ id, aside = false }) => (options.panels === undefined ? !aside : options.panels.includes(id)));
  const { counted, tallyBefore } = countsOf(request, wanted, grouping.length, twin);
  const { tally, asked, sparks } = counted;
  const underway = range.from === range.to && range.to >= today;
  return {
    timezone: zone.name,
    version: snapshot.version,
    asOf: now,
    filters,
    range,
    before,
    underway,
    bounds,
    bucket,
    answers: answersOf({
      request,
      begins: bounds?.from ?? null,
      tally,
      before: tallyBefore,
      underway,
      asked,
      grouping,
      words,
      language: options.language,
    }),
    figures: figuresOf(request, { tally, before: tallyBefore, courses: sparks.courses(tally), underway, words: words.figures }),
    panels: wanted.map((panel, at) =>
      panelOf(panel, request, counted.panels[at]?.rows({ request, tally, before: tallyBefore }) ?? [], words),
    ),
  };
}

function panelOf(spec: PanelSpec, request: Request, rows: readonly (readonly Cell[])[], { panels, columns }: Words): Panel {
  const words = panels[spec.id];
  return {
    id: spec.id,
    title: words?.title(request) ?? spec.id,
    ...(words?.note !== undefined && { note: words.note }),
    columns: spec.columns(request).map((column) => ({ ...column, label: columns[column.name] ?? column.name })),
    rows,
    ...(rows.length === 0 && words !== undefined && { empty: words.empty }),
    sql: spec.sql(request),
  };
}
