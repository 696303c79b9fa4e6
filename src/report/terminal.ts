import { shade } from '../analysis/shade.js';
import type { Panel, PanelColumn } from '../analysis/types.js';
import { cutsOf, heightsOf, isOneByOne, labelOf, toldAt } from './charts.js';
import { type Bars, type Columns, type Drawing, drawingOf, type Grid, isNumeric, type Table } from './drawing.js';
import { type Format, formatOf } from './format.js';
import { questionFacts } from './page.js';
import { fitted, oneLine, shortened, widthOf } from './plain.js';
import { isEmpty, readable, type Report } from './report.js';
import { type ReportWords, reportWords } from './words.js';

export interface TerminalOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Whether titles may be bold and lesser things dim. */
  readonly styled: boolean;
  /** Seconds to add to UTC in the lake's zone. */
  readonly offset: number;
}

interface Screen {
  readonly width: number;
  readonly format: Format;
  readonly words: ReportWords;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

const ROWS = 10;
const LONGEST_BAR = 48;
/** Width from which figures have a line drawn beside them. */
const ROOMY = 60;
const WIDEST = 100;
const NARROWEST = 48;
/** Buckets that get a line each; more are drawn side by side. */
const MOST_LINES = 31;
/** Room for the name of a bucket and how much of it is shown. */
const LONGEST_BUCKET = 32;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const HEIGHTS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const SHADES = ['·', '░', '▒', '▓', '█'];

/** The report for a terminal, with bars of block characters. */
export function terminalReport(given: Report, { width, styled, offset }: TerminalOptions): string {
  const report = readable(given);
  const { view, questions, language } = report;
  const [words, format] = [reportWords(language), formatOf(language, view.range)];
  const style = (code: number) => (text: string) => (styled ? `\u001b[${code}m${text}\u001b[0m` : text);
  const screen: Screen = { width: Math.max(NARROWEST, Math.min(width, WIDEST)), format, words, bold: style(1), dim: style(2) };
  const compared = view.before === null ? '' : words.compared(format.range(view.before.from, view.before.to));
  const paragraph = (text: string) => wrapped(text, screen.width, '');
  const parts = [
    [
      ...paragraph(`${words.title}: ${format.range(view.range.from, view.range.to)}`).map(screen.bold),
      ...(compared === '' ? [] : paragraph(compared).map(screen.dim)),
    ],
    isEmpty(view) ? paragraph(words.empty) : [],
    view.answers.flatMap(({ sentence, evidence }) => [
      ...wrapped(`• ${sentence.map((part) => oneSpaced(typeof part === 'string' ? part : part.strong)).join('')}`, screen.width, '  '),
      ...wrapped(oneLine(evidence), screen.width - 2, '').map((line) => screen.dim(`  ${line}`)),
    ]),
    figures(report, screen),
    ...view.panels.map((panel) => section(panel, report, screen)),
    questions.total === 0 ? [] : asked(report, screen),
    paragraph(`${words.zone(view.timezone)}, ${words.made(format.moment(view.asOf, offset))}`).map(screen.dim),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => line.trimEnd()).join('\n'))
    .join('\n\n')}\n`;
}

const plain = (text: string): string => text;

const oneSpaced = (part: string): string => `${/^\s/.test(part) ? ' ' : ''}${oneLine(part)}${/\s$/.test(part) ? ' ' : ''}`;

/** Lines of at most `width` columns, the later ones indented. */
function wrapped(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width || line === '') line = shortened(longer, width);
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  return [...lines, line];
}

function figures({ view }: Report, { format, width, dim }: Screen): string[] {
  return view.figures.map(({ label, kind, value, before, spark }) => {
    const line = `${fitted(label, 24)} ${fitted(format.cell(kind, value), 12, 'right')} ${fitted(format.change(value, before), 9, 'right')}`;
    return width < ROOMY ? line : `${line}  ${dim(heights(spark, Math.min(width - 49, 31)))}`;
  });
}

/** Values side by side, as high as they are large; neighbours together where there is not room for each. */
function heights(values: readonly (number | null)[], room: number): string {
  const places = Math.max(1, Math.min(room, values.length));
  const merged = Array.from({ length: places }, (_, at) => {
    const some = values.slice(Math.floor((at * values.length) / places), Math.floor(((at + 1) * values.length) / places));
    return some.reduce((sum: number, value) => sum + (value ?? 0), 0) / Math.max(1, some.length);
  });
  const most = Math.max(...merged, 0);
  return merged.map((value) => HEIGHTS[most === 0 || value <= 0 ? 0 : Math.max(1, Math.round((value / most) * 8))]).join('');
}

function bar(value: number, most: number, room: number): string {
  const eighths = most <= 0 || value <= 0 ? 0 : Math.max(1, Math.round((value / most) * room * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}

function section(panel: Panel, { view }: Report, screen: Screen): string[] {
  const drawing = panel.id === 'before' ? null : drawingOf(panel, view.range);
  return drawing === null ? [] : [screen.bold(shortened(oneLine(panel.title), screen.width)), ...drawn(drawing, screen)];
}

function drawn(drawing: Drawing, screen: Screen): string[] {
  if (drawing.as === 'grid') return grid(drawing, screen);
  if (drawing.as === 'table') return table(drawing, screen);
  return drawing.as === 'bars' ? bars(drawing, screen) : columns(drawing, screen);
}

interface Line {
  readonly label: string;
  readonly value: number;
  readonly told: string;
  readonly aside?: string;
  /** Whether it is of a part only. */
  readonly cut?: boolean;
}

/** Lines with bars, their numbers at the end. */
function lines(given: readonly Line[], widest: number, { width, dim }: Screen): string[] {
  const label = Math.min(widest, Math.max(...given.map((line) => widthOf(oneLine(line.label))), 1));
  const told = Math.max(...given.map((line) => widthOf(line.told)), 1);
  const aside = Math.max(...given.map((line) => widthOf(line.aside ?? '')), 0);
  const room = Math.max(8, Math.min(LONGEST_BAR, width - label - told - aside - 4));
  const most = Math.max(...given.map(({ value }) => value), 0);
  return given.map(
    (line) =>
      `${fitted(line.label, label)} ${(line.cut ? dim : plain)(fitted(bar(line.value, most, room), room))} ${fitted(line.told, told, 'right')}${aside === 0 ? '' : dim(`  ${fitted(line.aside ?? '', aside, 'right')}`)}`,
  );
}

function bars(drawing: Bars, screen: Screen): string[] {
  const { format, words, dim } = screen;
  const given = drawing.rows.slice(0, ROWS).map((row) => ({
    label: labelOf(drawing, row, format),
    value: row.value,
    told: format.cell(drawing.measure.kind, row.value),
    ...(drawing.aside !== undefined && { aside: format.cell(drawing.aside.kind, row.aside) }),
  }));
  const rest = drawing.rows.length - given.length;
  return [...lines(given, 28, screen), ...(rest > 0 ? [dim(words.others(format.cell('count', rest)))] : [])];
}

/** Least room for what the numbers of a row are about. */
const NAME = 8;

/** Numbers under each other, what they are above them. */
function table({ columns: given, rows }: Table, { format, width, words, dim }: Screen): string[] {
  const shown = rows.slice(0, ROWS).map((row) => given.map(({ kind }, at) => oneLine(format.cell(kind, row[at] ?? null))));
  const room = Math.floor((width - NAME) / Math.max(1, given.length - 1)) - 2;
  const wide = given.map(({ label }, at) => {
    const widest = Math.max(widthOf(label), ...shown.map((row) => widthOf(row[at] ?? '')));
    return at === 0 ? widest : Math.min(widest, room);
  });
  const others = wide.slice(1).reduce((sum, one) => sum + one + 2, 0);
  const first = Math.max(NAME, Math.min(wide[0] ?? 0, width - others));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) =>
        at === 0 ? fitted(cell, first) : `  ${fitted(cell, wide[at] as number, isNumeric(given[at] as PanelColumn) ? 'right' : 'left')}`,
      )
      .join('');
  const rest = rows.length - shown.length;
  return [
    dim(line(given.map(({ label }) => label))),
    ...shown.map(line),
    ...(rest > 0 ? [dim(words.others(format.cell('count', rest)))] : []),
  ];
}

function columns(drawing: Columns, screen: Screen): string[] {
  const { format, words, width, dim } = screen;
  const totals = heightsOf(drawing);
  const { along, cuts, column, parts } = drawing;
  const key = isOneByOne(drawing) ? [dim(shortened(parts.map(({ name }) => oneLine(name)).join(' / '), width))] : [];
  if (along.length <= MOST_LINES) {
    const given = along.map((cell, at) => ({
      label: format.bucket(column.kind, cell, cuts[at]),
      cut: Boolean(cuts[at]),
      value: totals[at] ?? 0,
      told: toldAt(drawing, totals, at, format),
    }));
    return [...key, ...lines(given, LONGEST_BUCKET, screen)];
  }
  const [first, last] = [format.cell(column.kind, along[0] ?? null), format.cell(column.kind, along.at(-1) ?? null)];
  const drawnHeights = heights(totals, width);
  const cut = cutsOf(drawing, format);
  return [
    drawnHeights,
    dim(first + fitted(last, Math.max(widthOf(last) + 1, widthOf(drawnHeights) - widthOf(first)), 'right')),
    ...(cut === '' ? [] : wrapped(words.cut(cut), width, '').map(dim)),
  ];
}

function grid({ rows, columns: across, values, down, across: along, measure }: Grid, { format, width, dim }: Screen): string[] {
  const label = Math.max(...rows.map((row) => widthOf(format.cell(down.kind, row))), 1);
  const cell = Math.max(1, Math.min(3, Math.floor((width - label - 1) / Math.max(1, across.length))));
  const most = Math.max(...values.flat().map((value) => value ?? 0), 0);
  const drawnRows = rows.map((row, r) => {
    const cells = across.map((_, c) => {
      const value = values[r]?.[c] ?? null;
      return (value === null ? ' ' : (SHADES[shade(value, most)] ?? ' ')).repeat(cell);
    });
    return `${fitted(format.cell(down.kind, row), label)} ${cells.join('')}`;
  });
  const every = Math.max(1, Math.ceil(5 / cell));
  const ruler = across.map((name, c) =>
    c % every === 0 ? fitted(format.cell(along.kind, name), Math.min(every, across.length - c) * cell) : '',
  );
  return [...drawnRows, dim(`${' '.repeat(label)} ${ruler.join('')}`), dim(`${' '.repeat(label)} █ = ${format.cell(measure.kind, most)}`)];
}

function asked({ questions: { groups, total, note } }: Report, { format, words, width, bold, dim }: Screen): string[] {
  const shown = groups.slice(0, ROWS).flatMap((group) => {
    const count = format.cell('count', group.count);
    return [
      `${fitted(count, 6, 'right')}  ${shortened(oneLine(group.example), width - 8)}`,
      dim(shortened(`        ${questionFacts(group, format, words).join(' · ')}`, width)),
    ];
  });
  return [
    bold(words.questions),
    dim(words.questionsNote(total)),
    ...shown,
    ...(note === undefined ? [] : wrapped(note, width, '').map(dim)),
  ];
}
