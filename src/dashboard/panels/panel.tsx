import type { Cell, Panel, PanelColumn } from '../../analysis/types.js';
import { Bars, type Bar } from '../charts/bars.js';
import { Series, type Line } from '../charts/series.js';
import { durationTicksTo, ticksTo, wholeTicksTo } from '../charts/scale.js';
import { cellText } from '../format/cell.js';
import * as dates from '../format/date.js';
import * as numbers from '../format/number.js';
import { speech, view } from '../state/view.js';
import { words } from '../words/use.js';
import { Card, type Legend } from './card.js';
import { colorOf } from './colors.js';
import { GridPanel, HeatPanel } from './fields.js';
import type { Placing } from './layout.js';
import { pickOf } from './pick.js';
import { drawingFor, pivot, rowsOf } from './read.js';
import { PanelTable } from './table.js';

interface PanelProps {
  readonly panel: Panel;
  /** The same in the period before, to compare with. */
  readonly before?: Panel | undefined;
  readonly placing: Omit<Placing, 'id'>;
}

/** A panel drawn as it is placed, or as its columns suggest. */
export function PanelView({ panel, before, placing }: PanelProps) {
  const drawing = placing.drawing ?? drawingFor(panel);
  if (panel.rows.length === 0) return <Card panel={panel} placing={placing} children={null} />;
  switch (drawing) {
    case 'columns':
    case 'lines':
      return <SeriesPanel panel={panel} before={before} placing={placing} lines={drawing === 'lines'} />;
    case 'heat':
      return <HeatPanel panel={panel} placing={placing} />;
    case 'grid':
      return <GridPanel panel={panel} placing={placing} />;
    case 'bars':
    case 'wash':
      return <BarsPanel panel={panel} placing={placing} wash={drawing === 'wash'} />;
    case 'table':
      return (
        <Card panel={panel} placing={placing}>
          <PanelTable panel={panel} height={placing.height} />
        </Card>
      );
  }
}

/** How the numbers of a column stand on an axis. */
export function axisOf(column: PanelColumn): { ticks: (most: number) => readonly number[]; tickText: (value: number) => string } {
  const { language } = speech.value;
  switch (column.kind) {
    case 'share':
      return { ticks: (most) => ticksTo(Math.min(Math.max(most, 0.01), 1)), tickText: (value) => numbers.share(language, value) };
    case 'seconds':
      return { ticks: durationTicksTo, tickText: (value) => numbers.duration(language, value) };
    case 'number':
      return { ticks: ticksTo, tickText: (value) => numbers.compact(language, value) };
    default:
      return { ticks: wholeTicksTo, tickText: (value) => numbers.compact(language, value) };
  }
}

/** A bucket's words: short under the axis, long in the tip. */
export function bucketWords(column: PanelColumn, value: Cell): { label: string; long: string } {
  const { language } = speech.value;
  const text = String(value);
  switch (column.kind) {
    case 'date':
      return { label: dates.day(language, text), long: dates.dayLong(language, text) };
    case 'week':
      return { label: dates.day(language, text), long: dates.range(language, text, dates.addDays(text, 6)) };
    case 'month':
      return { label: dates.month(language, text), long: dates.monthLong(language, text) };
    case 'weekday':
      return { label: dates.weekday(language, Number(value)), long: dates.weekday(language, Number(value), 'long') };
    default: {
      const shown = cellText(column, value, speech.value);
      return { label: shown, long: shown };
    }
  }
}

/** All parts of the period before in one dashed line; its first bucket lies under the first of this one. */
function comparison(before: Panel | undefined, length: number): Line[] {
  const range = view.data.value?.before ?? null;
  if (before === undefined || before.rows.length === 0 || range === null) return [];
  const { parts } = pivot(before, range);
  const sums = Array.from({ length }, (_, index) =>
    parts.some(({ values }) => index < values.length) ? parts.reduce((sum, { values }) => sum + (values[index] ?? 0), 0) : null,
  );
  return [{ name: 'before', label: words.value.before, color: 'var(--ink)', values: sums, dashed: true }];
}

function SeriesPanel({ panel, before, placing, lines }: PanelProps & { readonly lines: boolean }) {
  const { along, column, parts } = pivot(panel, view.data.value?.range);
  const measure = parts[0]?.column ?? column;
  const drawn = parts.map(({ name, key, keyColumn, column: own, values }, index): Line => ({
    name,
    label: keyColumn === undefined ? own.label : cellText(keyColumn, key ?? null, speech.value),
    color: parts.length === 1 && keyColumn === undefined ? 'var(--accent)' : colorOf(name, index),
    values,
  }));
  const dashed = comparison(before, along.length);
  const legend = [...drawn, ...dashed].map((line): Legend => ({ label: line.label, color: line.color, dashed: line.dashed ?? false }));
  return (
    <Card panel={panel} placing={placing} legend={legend}>
      <Series
        title={panel.title}
        height={placing.height}
        buckets={along.map((value) => ({ ...bucketWords(column, value), ...pickOf(column, value) }))}
        columns={lines ? [] : drawn}
        lines={lines ? drawn : dashed}
        {...axisOf(measure)}
        valueText={(value) => cellText(measure, value, speech.value)}
        total={words.value.total}
      />
    </Card>
  );
}

const FULL_SHARE = 1;

function BarsPanel({ panel, placing, wash }: PanelProps & { readonly wash: boolean }) {
  const read = rowsOf(panel);
  const names = new Set(panel.rows.map((row) => String(row[read.keyIndex] ?? '')));
  const bars = panel.rows.map((row, index): Bar => {
    const label = cellText(read.label, row[read.labelIndex] ?? null, speech.value);
    const value = row[read.valueIndex] ?? null;
    const aside = read.aside === undefined ? undefined : cellText(read.aside, row[read.asideIndex] ?? null, speech.value);
    const rows = panel.columns.flatMap((column, at) =>
      at === read.labelIndex || at === read.keyIndex
        ? []
        : [{ label: column.label, value: cellText(column, row[at] ?? null, speech.value) }],
    );
    return {
      key: `${index} ${String(row[read.keyIndex] ?? label)}`,
      label,
      value: value === null ? null : Number(value),
      shown: cellText(read.value, value, speech.value),
      aside,
      color: read.key?.filter === 'channel' && names.size > 1 ? colorOf(String(row[read.keyIndex]), index) : undefined,
      tip: rows,
      ...pickOf(read.key, row[read.keyIndex] ?? null, label),
    };
  });
  // Numbers without an axis say in the title line what they are.
  const note =
    panel.note ?? (read.aside === undefined ? undefined : `${read.value.label.toLowerCase()}, ${read.aside.label.toLowerCase()}`);
  return (
    <Card panel={note === undefined ? panel : { ...panel, note }} placing={placing}>
      <Bars
        title={panel.title}
        bars={bars}
        style={wash ? 'wash' : 'beside'}
        first={Math.max(4, Math.floor((placing.height + 4) / 32))}
        number={(value) => numbers.count(speech.value.language, value)}
        {...(read.value.kind === 'share' ? { most: FULL_SHARE } : {})}
      />
    </Card>
  );
}
