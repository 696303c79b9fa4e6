import { shade } from '../analysis/shade.js';
import { ticksTo } from '../analysis/ticks.js';
import type { PanelColumn } from '../analysis/types.js';
import { type BarRow, type Bars, type Columns, type Grid, isNumeric, type Table } from './drawing.js';
import type { Format } from './format.js';
import { html, type Markup } from './html.js';

/** Width that a chart is drawn for, pixels; it scales with its card. */
export type Width = 664 | 300;

const LEFT = 44;
const TOP = 8;
const BOTTOM = 24;
/** Room a label on the axis needs, and that of a digit. */
const LABEL = 52;
const CHARACTER = 6;
const COLOURS: Readonly<Record<string, string>> = { telegram: 'tg', whatsapp: 'wa', bot: 'tg', person: 'h2', none: 'warn', never: 'warn' };
const OTHERS = ['accent', 'h2', 'warn', 'h4', 'wa', 'h3'] as const;

/** Class of each part's colour: a channel keeps its own. */
export const colourOf = (name: string, at: number): string => COLOURS[name] ?? OTHERS[at % OTHERS.length] ?? 'accent';

const fix = (value: number): number => Math.round(value * 10) / 10;

const every = (count: number, room: number, label: number): number => {
  const needed = Math.ceil(count / Math.max(1, Math.floor(room / label)));
  return [1, 2, 3, 4, 5, 7, 10, 14, 15, 20, 26, 30].find((step) => step >= needed) ?? needed;
};

const PALER = html` class="partial"`;

/** Bars standing on each other along the axis, and, dashed, the same before. */
export function columnChart(
  drawn: Columns,
  before: readonly (number | null)[] | null,
  format: Format,
  title: string,
  width: Width,
): Markup {
  const { along, cuts, parts, measure, column } = drawn;
  const height = width === 664 ? 208 : 160;
  const totals = heightsOf(drawn);
  const ticks = ticksTo(measure.kind, Math.max(...[...totals, ...(before ?? [])].map((value) => value ?? 0), 0), width === 664 ? 4 : 3);
  const top = ticks.at(-1) ?? 1;
  const floor = height - BOTTOM;
  const y = (value: number) => fix(floor - (value / top) * (floor - TOP));
  const step = (width - LEFT) / along.length;
  const bar = Math.max(1, Math.min(step - (step > 6 ? 2 : 0.5), 40));
  const x = (at: number) => fix(LEFT + at * step + (step - bar) / 2);
  const labels = along.map((cell) => format.cell(column.kind, cell));
  const widest = Math.max(...labels.map((label) => label.length)) * CHARACTER;
  const labelled = every(
    along.length,
    width - LEFT,
    Math.max(widest + 12, column.kind === 'hour' || column.kind === 'weekday' ? 32 : LABEL),
  );
  /** Where the middle of a label stands so that none of it is cut off. */
  const within = (label: string, middle: number) => {
    const half = (label.length * CHARACTER) / 2;
    return fix(Math.max(half, Math.min(width - half, middle)));
  };
  const standing = totals.map(() => 0);
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
    ${ticks.map(
      (tick) =>
        html`<line x1="${LEFT}" x2="${width}" y1="${y(tick)}" y2="${y(tick)}" class="${tick === 0 ? 'axis' : 'grid'}" /><text
            x="${LEFT - 8}"
            y="${y(tick) + 4}"
            class="end"
            >${format.short(measure.kind, tick)}</text
          >`,
    )}
    ${
      drawn.lines
        ? null
        : parts.map(
            (part, index) =>
              html`<g class="${colourOf(part.name, index)}"
                >${part.values.map((value, at) => {
                  if (!value) return null;
                  const from = standing[at] ?? 0;
                  standing[at] = from + value;
                  const high = y(from) - y(from + value);
                  return html`<rect${cuts[at] && PALER}
                    x="${x(at)}"
                    y="${y(from + value)}"
                    width="${fix(bar)}"
                    height="${fix(Math.max(high - (from > 0 && high > 2 ? 1 : 0), 0.5))}"
                    rx="${Math.min(1.5, fix(bar / 4))}"
                    ><title>${format.bucket(column.kind, along[at] ?? null, cuts[at])}: ${format.cell(measure.kind, value)}</title></rect
                  >`;
                })}</g
              >`,
          )
    }
    ${drawn.lines && parts.map((part, index) => html`<path class="line ${colourOf(part.name, index)}" d="${lineThrough(part.values, (at) => fix(x(at) + bar / 2), y)}" />`)}
    ${before === null ? null : html`<path class="before" d="${before.map((value, at) => `${at === 0 ? 'M' : 'L'}${fix(x(at) + bar / 2)},${y(value ?? 0)}`).join('')}" />`}
    ${labels.map((label, at) => (at % labelled === 0 ? html`<text x="${within(label, fix(x(at) + bar / 2))}" y="${height - 6}" class="middle">${label}</text>` : null))}
  </svg>`;
}

/** Width of a cell from which its number stands in it. */
const ROOMY = 36;

/** A table of shades; where there is room, with the numbers. */
export function gridChart(drawn: Grid, format: Format, title: string, width: Width): Markup {
  const { rows, columns, values, measure, down, across } = drawn;
  const left = Math.max(...rows.map((row) => format.cell(down.kind, row).length), 0) * 6 + 16;
  const cell = Math.min((width - left) / columns.length, 60);
  const high = cell >= ROOMY ? 26 : Math.max(Math.min(cell, 22), 16);
  const height = rows.length * high + 20;
  const most = Math.max(...values.flat().map((value) => value ?? 0), 0);
  const labelled = every(columns.length, columns.length * cell, 28);
  const square = (value: number | null, r: number, c: number): Markup | null => {
    if (value === null) return null;
    const [x, y] = [left + c * cell, r * high];
    const [step, said] = [shade(value, most), format.cell(measure.kind, value)];
    const told = `${format.cell(down.kind, rows[r] ?? null)}, ${format.cell(across.kind, columns[c] ?? null)}: ${said}`;
    return html`<rect x="${fix(x + 1)}" y="${fix(y + 1)}" width="${fix(cell - 2)}" height="${fix(high - 2)}" rx="3" class="h${step}"
        ><title>${told}</title></rect
      >${cell >= ROOMY && html`<text x="${fix(x + cell / 2)}" y="${fix(y + high / 2 + 4)}" class="middle on${step > 2 ? ' dark' : ''}">${said}</text>`}`;
  };
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
    ${rows.map(
      (row, r) =>
        html`<text x="${left - 8}" y="${fix(r * high + high / 2 + 4)}" class="end">${format.cell(down.kind, row)}</text
          >${(values[r] ?? []).map((value, c) => square(value, r, c))}`,
    )}
    ${columns.map((column, c) => (c % labelled === 0 ? html`<text x="${fix(left + c * cell + cell / 2)}" y="${height - 4}" class="middle">${format.cell(across.kind, column)}</text>` : null))}
  </svg>`;
}

/** Pixels of the widest of some texts in a table. */
const room = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length), 0) * 8 + 14;

/** Names, each with a bar and its number. */
export function barList(drawn: Bars, shown: number, format: Format): Markup {
  const { measure, aside, parts } = drawn;
  const rows = drawn.rows.slice(0, shown).map((row) => ({
    ...row,
    name: labelOf(drawn, row, format),
    told: format.cell(measure.kind, row.value),
    beside: aside === undefined ? '' : format.cell(aside.kind, row.aside),
  }));
  const most = Math.max(...rows.map(({ value }) => Math.abs(value)), 0);
  const long = (value: number) => (most === 0 ? 0 : fix((Math.max(value, 0) / most) * 100));
  const bar = (row: BarRow): Markup[] => {
    let from = 0;
    return (row.parts ?? [row.value]).map((value, at) => {
      const rect = html`<rect
        x="${long(from)}"
        width="${long(value)}"
        height="12"
        class="${colourOf(String(parts?.names[at] ?? ''), at)}"
      />`;
      from += value;
      return rect;
    });
  };
  return html`<table class="bars">
    <colgroup>
      <col class="name" />
      <col />
      <col width="${room(rows.map(({ told }) => told))}" />
      ${aside && html`<col width="${room(rows.map(({ beside }) => beside))}" />`}
    </colgroup>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            <th scope="row"><bdi>${row.name}</bdi></th>
            <td class="bar"><svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">${bar(row)}</svg></td>
            <td>${row.told}</td>
            ${aside && html`<td class="aside">${row.beside}</td>`}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Things with several numbers each. */
export function numberTable({ columns, rows }: Table, shown: number, format: Format): Markup {
  const side = (column: PanelColumn) => (isNumeric(column) ? 'number' : '');
  return html`<table class="numbers">
    <thead>
      <tr>
        ${columns.map((column) => html`<th scope="col" class="${side(column)}">${column.label}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.slice(0, shown).map(
        (row) =>
          html`<tr>
            ${columns.map((column, at) => html`<td class="${side(column)}"><bdi>${format.cell(column.kind, row[at] ?? null)}</bdi></td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** The name of a bar. */
export const labelOf = ({ label: { kind } }: Bars, { label }: BarRow, format: Format): string =>
  label.map((cell) => format.cell(kind, cell)).join(' · ');

/** A line without axes. */
export function sparkLine(values: readonly (number | null)[], width = 112, height = 24): Markup | null {
  if (values.filter((value) => value !== null).length < 2) return null;
  const most = Math.max(...values.map((value) => value ?? 0), 0);
  const x = (at: number) => fix(1 + (at / (values.length - 1)) * (width - 2));
  const y = (value: number) => fix(height - 2 - (most === 0 ? 0 : (value / most) * (height - 4)));
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">
    <path d="${lineThrough(values, x, y)}" />
  </svg>`;
}

/** A path through the values that are there. */
function lineThrough(values: readonly (number | null)[], x: (at: number) => number, y: (value: number) => number): string {
  let pen = 'M';
  return values
    .map((value, at) => {
      // A point between two gaps is a line of no length: its round ends are a dot.
      const alone = (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null;
      const step = value === null ? '' : `${pen}${x(at)},${y(value)}${alone ? 'h0' : ''}`;
      pen = value === null ? 'M' : 'L';
      return step;
    })
    .join('');
}

/** How high each place along the axis reaches: its parts together, or the highest of its lines; null where nothing is known. */
export const heightsOf = ({ along, parts, lines }: Columns): (number | null)[] =>
  along.map((_, at) => {
    const known = parts.flatMap(({ values }) => values[at] ?? []);
    if (known.length === 0) return null;
    return lines ? Math.max(...known) : known.reduce((sum, value) => sum + value, 0);
  });

/** The buckets that are cut, in words; '' where none is. */
export const cutsOf = ({ along, cuts, column }: Columns, format: Format): string =>
  along.flatMap((cell, at) => (cuts[at] ? [format.bucket(column.kind, cell, cuts[at])] : [])).join(', ');

/** What is said of a place along the axis: the whole, or the numbers of a panel one by one. */
export function toldAt(drawn: Columns, heights: readonly (number | null)[], at: number, format: Format): string {
  const { parts, measure } = drawn;
  return isOneByOne(drawn)
    ? parts.map(({ values }) => format.cell(measure.kind, values[at] ?? null)).join(' / ')
    : format.cell(measure.kind, heights[at] ?? null);
}

/** Whether the parts are several numbers of one thing, not one number of several things. */
export const isOneByOne = ({ parts }: Columns): boolean => parts.length > 1 && parts.every(({ kind }) => kind === 'text');
