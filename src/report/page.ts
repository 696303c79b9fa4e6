import type { Answer, Figure, Panel, QuestionGroup, QuestionsView } from '../analysis/types.js';
import { barList, colourOf, columnChart, cutsOf, gridChart, heightsOf, numberTable, sparkLine } from './charts.js';
import { type Columns, type Drawing, drawingOf } from './drawing.js';
import { DASH, type Format, formatOf } from './format.js';
import { html, type Markup } from './html.js';
import { isEmpty, readable, type Report } from './report.js';
import { STYLE } from './style.js';
import { type ReportWords, reportWords } from './words.js';

/** Rows of a list of bars, and groups of questions, that are shown. */
const SHOWN = 10;
const ASKED = 10;

interface Page {
  readonly report: Report;
  readonly format: Format;
  readonly words: ReportWords;
}

/** The report as one HTML document that needs nothing else: no script, no picture, no font. Every text in it is escaped. */
export function htmlReport(given: Report, offset: number): string {
  const report = readable(given);
  const { view, language } = report;
  const page: Page = { report, format: formatOf(language, view.range), words: reportWords(language) };
  const { words, format } = page;
  const range = format.range(view.range.from, view.range.to);
  const style: Markup = { markup: STYLE };
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${words.title}, ${range}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <main>
          <header>
            ${LOGO}
            <div>
              <h1>${words.title}</h1>
              <p><b>${range}</b> ${view.before === null ? null : words.compared(format.range(view.before.from, view.before.to))}</p>
              <p class="made">${words.zone(view.timezone)} · ${words.made(format.moment(view.asOf, offset))}</p>
            </div>
          </header>
          ${isEmpty(view) && html`<p class="empty">${words.empty}</p>`} ${answers(view.answers)} ${figures(page)}
          <div class="cards">${withQuestions(cards(page), questions(page, report.questions))}</div>
          ${without(page)}
        </main>
      </body>
    </html> `.markup;
}

/** Questions stand second: after the series, before what explains it. */
const withQuestions = (drawn: readonly (Markup | null)[], asked: Markup | null) => [...drawn.slice(0, 1), asked, ...drawn.slice(1)];

const LOGO = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <path d="M5 3h14a3 3 0 0 1 3 3v9a3 3 0 0 1-3 3h-7l-5 4v-4H5a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3z" />
  <path
    class="wave"
    d="M6.5 9c1.4-1.4 2.4-1.4 3.7 0s2.3 1.4 3.6 0 2.300-1.400 3.700 0M6.500 13c1.400-1.400 2.400-1.400 3.700 0s2.300 1.400 3.600 0 2.300-1.400 3.700 0"
  />
</svg>`;

function answers(given: readonly Answer[]): Markup | null {
  if (given.length === 0) return null;
  return html`<section class="answers">
    ${given.map(
      ({ question, sentence, evidence, tone }) =>
        html`<article class="${tone}">
          <h2>${question}</h2>
          <p>${sentence.map((part) => (typeof part === 'string' ? html`${part}` : html`<strong>${part.strong}</strong>`))}</p>
          <small>${evidence}</small>
        </article>`,
    )}
  </section>`;
}

function figures({ report, format }: Page): Markup {
  return html`<dl class="figures">
    ${report.view.figures.map(
      (figure) =>
        html`<div>
          <dt>${figure.label}</dt>
          <dd class="value">${format.cell(figure.kind, figure.value)}</dd>
          <dd class="change ${mood(figure)}">
            ${format.change(figure.value, figure.before) || (figure.value === null ? figure.note : '')}
          </dd>
          <dd>${sparkLine(figure.spark)}</dd>
        </div>`,
    )}
  </dl>`;
}

/** Whether the change of a figure is a good one. */
function mood({ value, before, good }: Figure): 'good' | 'bad' | 'flat' {
  if (value === null || before === null || good === 0 || value === before) return 'flat';
  return value > before === good > 0 ? 'good' : 'bad';
}

interface Card {
  readonly panel: Panel;
  readonly drawing: Drawing;
  readonly wide: boolean;
}

/** Panels that have something to show, wide ones alone and narrow ones in pairs; one that is left over is wide. */
function cards(page: Page): Markup[] {
  const { panels, range } = page.report.view;
  const before = panels.find(({ id }) => id === 'before');
  const drawn = panels.flatMap((panel): Card[] => {
    const drawing = panel.id === 'before' ? null : drawingOf(panel, range);
    return drawing === null ? [] : [{ panel, drawing, wide: isWide(drawing) }];
  });
  return paired(drawn).map((row) => {
    const shown = row.map((card) => figure(page, card, card.panel.id === 'series' ? before : undefined));
    return shown.length === 1 ? html`${shown}` : html`<div class="pair">${shown}</div>`;
  });
}

const isWide = (drawing: Drawing): boolean =>
  drawing.as === 'table' || (drawing.as === 'grid' ? drawing.columns.length > 8 : drawing.as === 'columns' && drawing.along.length > 24);

function paired(drawn: readonly Card[]): Card[][] {
  const found: Card[][] = [];
  let waiting: Card | undefined;
  for (const card of drawn) {
    if (card.wide) found.push([card]);
    else if (waiting === undefined) waiting = card;
    else {
      found.push([waiting, card]);
      waiting = undefined;
    }
  }
  return waiting === undefined ? found : [...found, [{ ...waiting, wide: true }]];
}

function figure(page: Page, { panel, drawing, wide }: Card, before: Panel | undefined): Markup {
  const { format, words, report } = page;
  const width = wide ? 664 : 300;
  const earlier = drawing.as === 'columns' && before ? inStep(drawing, before, report) : null;
  const cuts = drawing.as === 'columns' ? cutsOf(drawing, format) : '';
  const rest = drawing.as === 'bars' || drawing.as === 'table' ? drawing.rows.length - SHOWN : 0;
  return html`<figure class="card">
    <figcaption>
      <h2>${panel.title}</h2>
      ${html`<span>${panel.note ?? unitsOf(drawing)}</span>`}${legend(page, drawing, earlier !== null)}
    </figcaption>
    <div class="chart${wide && ' wide'}">
      ${
        drawing.as === 'columns'
          ? columnChart(drawing, earlier, format, panel.title, width)
          : drawing.as === 'grid'
            ? gridChart(drawing, format, panel.title, width)
            : drawing.as === 'table'
              ? numberTable(drawing, SHOWN, format)
              : barList(drawing, SHOWN, format)
      }
    </div>
    ${rest > 0 && html`<p class="more">${words.others(format.cell('count', rest))}</p>`}${cuts !== '' && html`<p class="more">${words.cut(cuts)}</p>`}
  </figure>`;
}

/** What the numbers beside the bars are, where there are two. */
const unitsOf = (drawing: Drawing): string =>
  drawing.as === 'bars' && drawing.aside !== undefined ? `${drawing.measure.label} · ${drawing.aside.label}`.toLocaleLowerCase() : '';

/** The series before, in step with the drawn one; null when the two cannot be laid on each other. */
function inStep(drawn: Columns, before: Panel, { view }: Report): readonly (number | null)[] | null {
  const drawing = view.before === null ? null : drawingOf(before, view.before);
  if (drawing?.as !== 'columns') return null;
  const totals = heightsOf(drawing);
  return totals.length >= drawn.along.length ? totals.slice(-drawn.along.length) : null;
}

function legend({ format, words }: Page, drawing: Drawing, before: boolean): Markup | null {
  if (drawing.as === 'grid' || drawing.as === 'table') return null;
  const parts =
    drawing.as === 'columns'
      ? drawing.parts.map(({ name, kind }) => ({ name, told: format.cell(kind, name) }))
      : (drawing.parts?.names ?? []).map((name) => ({ name: String(name), told: format.cell('key', name) }));
  if (parts.length < 2 && !before) return null;
  return html`<ul class="key">
    ${parts.map(({ name, told }, at) => html`<li class="${colourOf(name, at)}"><b>${told}</b></li>`)}${before && html`<li class="dashed">${words.before}</li>`}
  </ul>`;
}

function questions({ format, words }: Page, { groups, total, note }: QuestionsView): Markup | null {
  if (total === 0) return null;
  return html`<figure class="card">
    <figcaption>
      <h2>${words.questions}</h2>
      <span>${words.questionsNote(total)}</span>
    </figcaption>
    <ol class="asked">
      ${groups.slice(0, ASKED).map((group) => question(group, format, words))}
    </ol>
    ${note && html`<p class="more">${note}</p>`}
  </figure>`;
}

function question(group: QuestionGroup, format: Format, words: ReportWords): Markup {
  return html`<li>
    <p><bdi>${group.example}</bdi></p>
    <small>${questionFacts(group, format, words).join(' · ')}</small>${sparkLine(group.spark, 96) ?? html`<span></span>`}<b
      >${format.cell('count', group.count)}<em>${format.change(group.count, group.before) || words.asked}</em></b
    >
  </li>`;
}

/** What is known of a group beside its count. */
export function questionFacts({ wordings, answered, median }: QuestionGroup, format: Format, words: ReportWords): string[] {
  return [
    ...(wordings > 1 ? [words.wordings(format.cell('count', wordings))] : []),
    ...(answered === null ? [] : [`${format.cell('share', answered)} ${words.answered}`]),
    ...(median === null ? [] : [`${words.median}: ${format.cell('seconds', median)}`]),
    ...(wordings === 1 && answered === null && median === null ? [DASH] : []),
  ];
}

function without({ report, words }: Page): Markup | null {
  const empty = report.view.panels.filter(({ id, rows }) => rows.length === 0 && id !== 'before');
  if (empty.length === 0) return null;
  return html`<p class="without"><b>${words.without}:</b> ${empty.map(({ title }) => title).join(' · ')}</p>`;
}
