import { calledBy, seen } from '../../analysis/text/seen.js';
import type { Cell, Panel } from '../../analysis/types.js';
import { Bars, type Bar } from '../charts/bars.js';
import { cellText } from '../format/cell.js';
import { onPage } from '../state/address.js';
import { nameOf } from '../state/names.js';
import { go, place } from '../state/route.js';
import { mayGo } from '../state/session.js';
import { speech } from '../state/view.js';
import { words } from '../words/use.js';
import { Card, type PanelProps } from './card.js';
import { colorOf } from './colors.js';
import { pickOf } from './pick.js';
import { indexOf, rowsOf } from './read.js';

const ROW = 32;
const FULL_SHARE = 1;

/** How many rows fit above “show all”. */
const fits = (height: number): number => Math.max(4, Math.floor((height + 4) / ROW));

const cellNamed = (panel: Panel, row: readonly Cell[], name: string): Cell => row[indexOf(panel, (column) => column.name === name)] ?? null;

/** What a row is called. Some panels name it by more than one column. */
function labelOf(panel: Panel, row: readonly Cell[]): string {
  const { messages, keys } = words.value;
  const read = rowsOf(panel);
  const name = row[read.labelIndex] ?? null;
  const key = read.keyIndex >= 0 ? (row[read.keyIndex] ?? null) : null;
  const label =
    name === null || seen(String(name)) === null
      ? calledBy(null, key === null ? null : String(key), words.value.noName)
      : cellText(read.label, name, speech.value);
  switch (panel.id) {
    case 'topics':
      // The topic first: names of groups are long, and the end of a long label is cut.
      return `${label} · ${nameOf('conversation', String(row[read.keyIndex]))}`;
    case 'delivery': {
      const status = keys['status']?.[String(cellNamed(panel, row, 'status'))] ?? String(cellNamed(panel, row, 'status'));
      const reason = cellNamed(panel, row, 'reason') ?? cellNamed(panel, row, 'code');
      return reason === null ? status : `${status}: ${reason}`;
    }
    case 'responders':
      return cellNamed(panel, row, 'bot') === true ? (row[read.labelIndex] === null ? messages.bot : `${label} · ${messages.bot}`) : label;
    default:
      return label;
  }
}

/** Panels of texts: a click looks for the messages that hold one. */
const SEARCHED: ReadonlySet<string> = new Set(['contents', 'words', 'hashtags', 'commands']);

function pickFor(panel: Panel, row: readonly Cell[]) {
  const read = rowsOf(panel);
  if (!SEARCHED.has(panel.id)) {
    // A topic's row filters by its conversation, whose name is another.
    const name = read.label.name === 'name' ? seen(String(row[read.labelIndex] ?? '')) : null;
    return pickOf(read.key, row[read.keyIndex] ?? null, name || undefined);
  }
  const text = String(row[read.labelIndex]).replaceAll('"', ' ');
  const to = onPage(place.value, 'messages', { q: panel.id === 'contents' ? `"${text}"` : text });
  return { selected: false, pick: mayGo(to) ? () => go(to) : undefined };
}

/** Rows with a bar each. */
export function BarsPanel({ panel, placing, range, wash }: PanelProps & { readonly wash: boolean }) {
  const read = rowsOf(panel);
  const bars = panel.rows.map((row, index): Bar => {
    const label = labelOf(panel, row);
    const value = row[read.valueIndex] ?? null;
    const rest = panel.columns.flatMap((column, at) =>
      at === read.labelIndex || at === read.keyIndex || row[at] === null || column.name === 'bot'
        ? []
        : [{ label: column.label, value: cellText(column, row[at] ?? null, speech.value) }],
    );
    return {
      key: `${index} ${String(row[read.keyIndex] ?? label)}`,
      label,
      value: value === null ? null : Number(value),
      shown: cellText(read.value, value, speech.value),
      aside: read.aside === undefined ? undefined : cellText(read.aside, row[read.asideIndex] ?? null, speech.value),
      color:
        read.key?.filter === 'channel'
          ? colorOf(String(row[read.keyIndex]), index)
          : row[0] === 'failed'
            ? wash
              ? 'var(--warn-wash)'
              : colorOf('failed', 0)
            : undefined,
      tip: rest,
      ...pickFor(panel, row),
    };
  });
  // Numbers without an axis say in the title line what they are.
  const { value, aside } = read;
  const note = panel.note ?? (aside === undefined ? undefined : `${value.label.toLowerCase()}, ${aside.label.toLowerCase()}`);
  return (
    <Card panel={note === undefined ? panel : { ...panel, note }} placing={placing} range={range}>
      <Bars
        title={panel.title}
        bars={bars}
        style={wash ? 'wash' : 'beside'}
        first={fits(placing.height)}
        {...(value.kind === 'share' ? { most: FULL_SHARE } : {})}
      />
    </Card>
  );
}

const NONE = 'none';

/** Rows with a bar in pieces: the second column tells the pieces of the first apart. */
export function PartsPanel({ panel, placing }: PanelProps) {
  const [rowColumn, partColumn, measure] = panel.columns;
  if (rowColumn === undefined || partColumn === undefined || measure === undefined) return null;
  const named = (cell: Cell): string => String(cell ?? NONE);
  const parts = [...new Set(panel.rows.map((row) => named(row[1] ?? null)))];
  const partWord = (name: string) => words.value.keys[partColumn.name]?.[name] ?? name;
  const bars = [...new Set(panel.rows.map((row) => String(row[0])))].map((name): Bar => {
    const rows = panel.rows.filter((row) => String(row[0]) === name);
    const sum = rows.reduce((total, row) => total + Number(row[2]), 0);
    return {
      key: name,
      label: cellText(rowColumn, name, speech.value),
      value: sum,
      shown: cellText(measure, sum, speech.value),
      parts: rows.map((row) => ({ value: Number(row[2]), color: colorOf(named(row[1] ?? null), 0) })),
      tip: rows.map((row) => ({
        label: partWord(named(row[1] ?? null)),
        value: cellText(measure, row[2] ?? null, speech.value),
        color: colorOf(named(row[1] ?? null), 0),
      })),
    };
  });
  return (
    <Card panel={panel} placing={placing} legend={parts.map((name) => ({ label: partWord(name), color: colorOf(name, 0) }))}>
      <Bars title={panel.title} bars={bars} first={fits(placing.height)} />
    </Card>
  );
}
