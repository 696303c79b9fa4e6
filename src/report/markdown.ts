import type { Answer, Figure, Panel } from '../analysis/types.js';
import { heightsOf, isOneByOne, labelOf } from './charts.js';
import { type Drawing, drawingOf } from './drawing.js';
import { type Format, formatOf } from './format.js';
import { questionFacts } from './page.js';
import { oneLine, shortened } from './plain.js';
import { isEmpty, readable, type Report } from './report.js';
import { type ReportWords, reportWords } from './words.js';

/** Rows of a table, groups of questions, and characters of a text that are shown. */
const ROWS = 8;
const ASKED = 10;
const LONGEST = 120;
/** What limits a number is said to its end. */
const LONGEST_EVIDENCE = 400;
/** Buckets that are still worth a row each. */
const MOST_BUCKETS = 14;

/**
 * A text as Markdown shows it: nothing in it is a mark, a link, a tag or the mention of somebody, in the dialects of chats
 * and of issues.
 */
export function inert(text: string, longest = LONGEST): string {
  return shortened(oneLine(text), longest)
    .replace(/[\\`*_~[\]()<>#|!&{}$^+=]/g, '\\$&')
    .replace(/@(?=\S)/g, '@\u2060')
    .replace(/:\/\//g, '\\://')
    .replace(/(?<=www)\./gi, '\\.')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/^-/, '\\-');
}

/** The report as Markdown, for a chat or an issue. */
export function markdownReport(given: Report, offset: number): string {
  const report = readable(given);
  const { view, questions, language } = report;
  const [words, format] = [reportWords(language), formatOf(language, view.range)];
  const range = format.range(view.range.from, view.range.to);
  const compared = view.before === null ? [] : [words.compared(format.range(view.before.from, view.before.to))];
  const sections = [
    `# ${words.title}: ${range}`,
    compared.join(''),
    isEmpty(view) ? words.empty : '',
    view.answers.map(answer).join('\n'),
    figures(view.figures, format, words),
    ...view.panels.flatMap((panel) => section(panel, report, format)),
    questions.total === 0 ? '' : asked(report, format, words),
    `_${inert(words.zone(view.timezone))}, ${words.made(format.moment(view.asOf, offset))}_`,
  ];
  return `${sections.filter((part) => part !== '').join('\n\n')}\n`;
}

const answer = ({ sentence, evidence }: Answer): string =>
  `- ${sentence.map((part) => (typeof part === 'string' ? spaced(part) : `**${inert(part.strong)}**`)).join('')} (${inert(evidence, LONGEST_EVIDENCE)})`;

/** Words of a sentence keep the spaces at their ends. */
const spaced = (part: string): string => `${/^\s/.test(part) ? ' ' : ''}${inert(part)}${/\s$/.test(part) ? ' ' : ''}`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

function figures(given: readonly Figure[], format: Format, words: ReportWords): string {
  if (given.length === 0) return '';
  const compared = given.some(({ before }) => before !== null);
  const rows = given.map(({ label, kind, value, before }) => [
    inert(label),
    format.cell(kind, value),
    ...(compared ? [format.change(value, before)] : []),
  ]);
  return table([words.figures, words.value, ...(compared ? [words.before] : [])], rows);
}

/** A panel as a table of its first rows; a series of many buckets says too little here. */
function section(panel: Panel, { view }: Report, format: Format): string[] {
  const drawing = panel.id === 'before' ? null : drawingOf(panel, view.range);
  const rows = drawing === null ? null : rowsOf(drawing, format);
  return rows === null || drawing === null ? [] : [`## ${inert(panel.title)}`, table(headOf(drawing), rows)];
}

function headOf(drawing: Drawing): string[] {
  if (drawing.as === 'bars')
    return [drawing.label.label, drawing.measure.label, ...(drawing.aside === undefined ? [] : [drawing.aside.label])].map((label) =>
      inert(label),
    );
  if (drawing.as === 'grid') return [];
  if (drawing.as === 'table') return drawing.columns.map(({ label }) => inert(label));
  const told = isOneByOne(drawing) ? drawing.parts.map(({ name }) => name) : [drawing.measure.label];
  return [drawing.column.label, ...told].map((label) => inert(label));
}

function rowsOf(drawing: Drawing, format: Format): string[][] | null {
  if (drawing.as === 'grid') return null;
  if (drawing.as === 'table')
    return drawing.rows.slice(0, ROWS).map((row) => drawing.columns.map(({ kind }, at) => inert(format.cell(kind, row[at] ?? null))));
  if (drawing.as === 'bars')
    return drawing.rows
      .slice(0, ROWS)
      .map((row) => [
        inert(labelOf(drawing, row, format)),
        format.cell(drawing.measure.kind, row.value),
        ...(drawing.aside === undefined ? [] : [format.cell(drawing.aside.kind, row.aside)]),
      ]);
  if (drawing.along.length > MOST_BUCKETS) return null;
  const told = isOneByOne(drawing) ? drawing.parts.map(({ values }) => values) : [heightsOf(drawing)];
  const { along, cuts, column, measure } = drawing;
  return along.map((cell, at) => [
    inert(format.bucket(column.kind, cell, cuts[at])),
    ...told.map((values) => format.cell(measure.kind, values[at] ?? null)),
  ]);
}

function asked({ questions: { groups, total, note } }: Report, format: Format, words: ReportWords): string {
  const lines = groups.slice(0, ASKED).map((group, at) => {
    const facts = [`${format.cell('count', group.count)} ${words.asked}`, ...questionFacts(group, format, words)];
    return `${at + 1}. **${inert(group.example)}**: ${facts.join(', ')}`;
  });
  const said = `${words.questionsNote(total)}.${note === undefined ? '' : ` ${note}`}`;
  return [`## ${words.questions}`, said, lines.join('\n')].join('\n\n');
}
