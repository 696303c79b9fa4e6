import type { ComponentChildren } from 'preact';
import { cutOf, partOf } from '../../analysis/cut.js';
import { ticksTo } from '../../analysis/ticks.js';
import type { Cell, Panel, PanelColumn, Range } from '../../analysis/types.js';
import { type Bucket, type Line, Series } from '../charts/series.js';
import { cellText } from '../format/cell.js';
import * as dates from '../format/date.js';
import * as numbers from '../format/number.js';
import { withExtra } from '../state/address.js';
import { go, place } from '../state/route.js';
import { beginsLate, shownRange, speech, view, viewAddress } from '../state/view.js';
import { words } from '../words/use.js';
import { Card, type Legend, type PanelProps } from './card.js';
import { colorOf } from './colors.js';
import { useCut } from './cut.js';
import { SERIES_BY_KIND } from './layout.js';
import { pickOf } from './pick.js';
import { indexOf, type Pivot, pivot } from './read.js';
import { TargetControl } from './target.js';

/** How the numbers of a column stand on an axis; that of shares always goes up to all. */
function axisOf({ kind }: PanelColumn): { ticks: (most: number) => readonly number[]; tickText: (value: number) => string } {
  const { language } = speech.value;
  const write = kind === 'share' ? numbers.share : kind === 'seconds' ? numbers.duration : numbers.compact;
  return { ticks: (most) => ticksTo(kind, kind === 'share' ? 1 : most), tickText: (value) => write(language, value) };
}

type BucketWords = Pick<Bucket, 'label' | 'long' | 'partial'>;

/** A bucket's words: short under the axis, long in the tip. */
function bucketWords(column: PanelColumn, value: Cell, range: Range | null): BucketWords {
  const { language, withYear } = speech.value;
  const text = String(value);
  switch (column.kind) {
    case 'date':
      return { label: dates.day(language, text, withYear), long: dates.dayLong(language, text) };
    case 'week':
      return sayingHowMuch('week', text, range, {
        label: dates.day(language, text, withYear),
        long: `${words.value.week(dates.weekOfYear(text))}: ${dates.range(language, text, dates.addDays(text, 6))}`,
      });
    case 'month':
      return sayingHowMuch('month', text, range, { label: dates.month(language, text), long: dates.monthLong(language, text) });
    case 'weekday':
      return { label: dates.weekday(language, Number(value)), long: dates.weekday(language, Number(value), 'long') };
    default: {
      const shown = cellText(column, value, speech.value);
      return { label: shown, long: shown };
    }
  }
}

/** A week or month of which the range has a part says so. */
function sayingHowMuch(kind: 'week' | 'month', start: string, range: Range | null, bucket: BucketWords): BucketWords {
  const cut = range && cutOf(kind, start, range);
  return cut === null ? bucket : { ...bucket, long: `${bucket.long} (${partOf(speech.value.language, cut)})`, partial: true };
}

const bucketsOf = ({ along, column }: Pivot, range: Range | null): Bucket[] =>
  along.map((value) => ({ ...bucketWords(column, value, range), ...pickOf(column, value) }));

/** What is least comes on top, and what has no name of its own above it. */
function stacked(parts: Pivot['parts']): Pivot['parts'] {
  if (parts[0]?.keyColumn?.filter !== 'kind') return parts;
  const size = ({ values }: Pivot['parts'][number]) => values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  return [...parts].sort((a, b) => Number(a.key === null) - Number(b.key === null) || size(b) - size(a));
}

function linesOf({ parts }: Pivot): Line[] {
  return stacked(parts).map(({ name, key, keyColumn, column, values }, index) => ({
    name,
    label: keyColumn === undefined ? column.label : key === null ? words.value.other : cellText(keyColumn, key ?? null, speech.value),
    color: parts.length === 1 && keyColumn === undefined ? 'var(--accent)' : key === null ? 'var(--c6)' : colorOf(name, index),
    values,
  }));
}

const legendOf = (lines: readonly Line[]): readonly Legend[] =>
  lines.map(({ label, color, dashed }) => ({ label, color, dashed: dashed ?? false }));

/** All parts of the period before in one dashed line; its first bucket lies under the first of this one. */
function comparison(before: Panel | undefined, length: number): Line[] {
  const range = view.data.value?.before ?? null;
  if (before === undefined || before.rows.length === 0 || range === null || beginsLate.value !== null) return [];
  const { parts } = pivot(before, range);
  const sums = Array.from({ length }, (_, index) =>
    parts.some(({ values }) => index < values.length) ? parts.reduce((sum, { values }) => sum + (values[index] ?? 0), 0) : null,
  );
  return [{ name: 'before', label: words.value.before, color: 'var(--ink)', values: sums, dashed: true }];
}

/** How the columns of the series are stacked, by the panel that has them so. */
const STACKS = { channel: undefined, kind: SERIES_BY_KIND } as const;
type Stack = keyof typeof STACKS;
const NAMED_STACKS = Object.keys(STACKS) as Stack[];

/** The series, stacked as the address says. */
export function StackedSeries(props: PanelProps) {
  const { stackBy, names } = words.value;
  const stack = NAMED_STACKS.find((name) => name === place.value.extras.stack) ?? 'channel';
  const cut = useCut(props.panel, STACKS[stack] === undefined ? undefined : viewAddress(place.value, STACKS[stack]));
  const controls = (
    <span class="seg small card-controls" role="group" aria-label={stackBy}>
      {NAMED_STACKS.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === stack}
          onClick={() => go(withExtra(place.value, 'stack', name === 'channel' ? undefined : name), { replace: true })}
        >
          {names[name]}
        </button>
      ))}
    </span>
  );
  return <SeriesPanel {...props} panel={{ ...cut.panel, id: props.panel.id }} range={cut.range} controls={controls} lines={false} />;
}

interface SeriesPanelProps extends PanelProps {
  readonly lines: boolean;
  readonly controls?: ComponentChildren;
}

/** Columns or lines along time. */
export function SeriesPanel({ panel, before, placing, lines, range = shownRange(), controls }: SeriesPanelProps) {
  const read = pivot(panel, range);
  const drawn = linesOf(read);
  // Among shares and seconds, counts are for the tip and the table.
  const measures = lines ? drawn.filter((_, index) => read.parts[index]?.column.kind !== 'count') : drawn;
  const chosen = measures.length > 0 ? measures : drawn;
  const measure = read.parts.find(({ name }) => name === chosen[0]?.name)?.column ?? read.column;
  const dashed = comparison(before, read.along.length);
  return (
    <Card
      panel={panel}
      placing={placing}
      range={range}
      legend={legendOf([...chosen, ...dashed])}
      controls={panel.id === 'target' ? <TargetControl /> : controls}
    >
      <Series
        title={panel.title}
        height={placing.height}
        buckets={bucketsOf(read, range)}
        columns={lines ? [] : drawn}
        lines={lines ? chosen.map((line) => ({ ...line, color: chosen.length === 1 ? 'var(--accent)' : line.color })) : dashed}
        {...axisOf(measure)}
        valueText={(value) => cellText(measure, value, speech.value)}
        total={words.value.total}
      />
    </Card>
  );
}

/** What came above the line, what went below it; a third column of numbers is told in the table. */
export function ChangePanel({ panel, placing }: PanelProps) {
  const read = pivot(panel, shownRange());
  const [come, gone] = linesOf(read);
  if (come === undefined || gone === undefined) return <SeriesPanel panel={panel} placing={placing} lines={false} />;
  const measure = read.parts[0]?.column ?? read.column;
  return (
    <Card panel={panel} placing={placing} legend={legendOf([come, gone])}>
      <Series
        title={panel.title}
        height={placing.height}
        buckets={bucketsOf(read, shownRange())}
        columns={[come]}
        below={[gone]}
        {...axisOf(measure)}
        tickText={(value) => numbers.compact(speech.value.language, Math.abs(value))}
        valueText={(value) => cellText(measure, value, speech.value)}
      />
    </Card>
  );
}

const UNITS = ['day', 'week', 'month'] as const;
type Unit = (typeof UNITS)[number];
const KINDS = { day: 'date', week: 'week', month: 'month' } as const;

/** The unit that the address names; without one that of the series, so that a year is not drawn in days. */
function chosenUnit(): Unit {
  const bucket = view.data.value?.bucket;
  return UNITS.find((unit) => unit === place.value.extras.unit) ?? UNITS.find((unit) => unit === bucket) ?? 'day';
}

/** Rows of several units of time, one unit at a time. */
export function UnitsPanel({ panel, placing }: PanelProps) {
  const unit = chosenUnit();
  const { keys, unitBy } = words.value;
  const at = indexOf(panel, ({ name }) => name === 'unit');
  const columns = panel.columns
    .filter((_, index) => index !== at)
    .map((column): PanelColumn => (column.kind === 'date' ? { ...column, kind: KINDS[unit] } : column));
  const rows = panel.rows.filter((row) => row[at] === unit).map((row) => row.filter((_, index) => index !== at));
  const read = pivot({ ...panel, columns, rows }, shownRange());
  const measure = read.parts[0]?.column ?? read.column;
  const controls = (
    <span class="seg small card-controls" role="group" aria-label={unitBy}>
      {UNITS.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === unit}
          onClick={() => go(withExtra(place.value, 'unit', one), { replace: true })}
        >
          {keys['unit']?.[one]}
        </button>
      ))}
    </span>
  );
  return (
    <Card panel={panel} placing={placing} controls={controls}>
      <Series
        title={panel.title}
        height={placing.height}
        buckets={bucketsOf(read, shownRange())}
        columns={linesOf(read)}
        {...axisOf(measure)}
        valueText={(value) => cellText(measure, value, speech.value)}
      />
    </Card>
  );
}
