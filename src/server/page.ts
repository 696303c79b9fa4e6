import type { Hono } from 'hono';
import { html } from 'hono/html';
import type { Zone } from '../zone.js';
import type { Answers } from './api.js';
import type { Health } from './health.js';
import { CSS, ICON, SCRIPT } from './page-assets.js';
import { columns, peopleBars } from './page-charts.js';
import { type Words, wordsFor } from './page-text.js';
import { busiestHour, type Summary } from './summary.js';

export interface PageOptions {
  readonly answers: Answers;
  readonly zone: Zone;
  /** Shown as a demonstration. */
  readonly demo: boolean;
}

type Html = ReturnType<typeof html>;

const CHANNEL_NAMES: Readonly<Record<string, string>> = { telegram: 'Telegram', whatsapp: 'WhatsApp' };
const nameOf = (channel: string): string => CHANNEL_NAMES[channel] ?? channel;

/** Adds the page: one document made here, so that it is complete without a script; the script only keeps it fresh. */
export function mountPage(app: Hono, { answers, zone, demo }: PageOptions): void {
  app.get('/', async (c) => {
    const words = wordsFor(c.req.header('accept-language'));
    const [summary, health] = await Promise.all([answers.summary(), answers.health()]);
    c.header('cache-control', 'no-store');
    c.header('vary', 'accept-language');
    return c.html(document({ words, zone, summary, health, demo }));
  });
  const asset = (path: string, type: string, text: string) =>
    app.get(path, (c) => c.body(text, 200, { 'content-type': type, 'cache-control': 'no-cache' }));
  asset('/page.css', 'text/css; charset=utf-8', CSS);
  asset('/page.js', 'text/javascript; charset=utf-8', SCRIPT);
  asset('/icon.svg', 'image/svg+xml', ICON);
}

interface View {
  readonly words: Words;
  readonly zone: Zone;
  readonly summary: Summary;
  readonly health: Health;
  readonly demo: boolean;
}

function document(view: View): Html {
  const { words, summary, health, demo } = view;
  return html`<!doctype html>
    <html lang="${words.tag}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>chatlake · ${words.title}</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/page.css" />
        <script type="module" src="/page.js"></script>
      </head>
      <body>
        <header class="top">
          <div class="wrap">
            <h1 class="brand">
              <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="M4 5h16v10H10l-4 4v-4H4z" />
                <path d="M6.5 11.2c1.4-1.4 2.3-1.4 3.7 0s2.3 1.4 3.7 0 2.3-1.4 3.6 0" /></svg
              >chatlake
            </h1>
            <div class="live">
              <span class="${health.ok ? 'dot' : 'dot bad'}" id="dot"></span><span id="now">${words.lastArrival}: ${arrival(view)}</span>
            </div>
          </div>
        </header>
        ${demo ? html`<div class="demo"><div class="wrap">${words.demo}</div></div>` : ''}
        <main class="wrap" id="main">
          ${total(summary) === 0 ? nothingYet(words) : answersOf(view)} ${figures(view)}
          <div class="grid">${perDay(view)} ${people(view)} ${perHour(view)} ${healthCard(view)} ${tables(view)}</div>
        </main>
        <footer class="wrap">${words.more} · ${summary.timezone}</footer>
      </body>
    </html>`;
}

const total = (summary: Summary): number => summary.channels.reduce((sum, { messages }) => sum + messages, 0);
const number = (words: Words, value: number): string => new Intl.NumberFormat(words.tag).format(value);
const percent = (words: Words, part: number, whole: number): string =>
  new Intl.NumberFormat(words.tag, { style: 'percent', maximumFractionDigits: 0 }).format(whole === 0 ? 0 : part / whole);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** An instant on the wall clock of the lake: the time today, else the day as well. */
function timeOf({ words, zone, summary }: View, at: number): string {
  const shifted = new Date(at + zone.offsetAt(at / 1000) * 1000);
  const today = zone.dateAt(at / 1000) === zone.dateAt(summary.asOf / 1000);
  const format = today ? { timeStyle: 'medium' as const } : { dateStyle: 'medium' as const, timeStyle: 'short' as const };
  return new Intl.DateTimeFormat(words.tag, { ...format, timeZone: 'UTC' }).format(shifted);
}

const arrival = (view: View): string => (view.summary.lastArrival === null ? view.words.never : timeOf(view, view.summary.lastArrival));

function nothingYet(words: Words): Html {
  return html`<section class="answers">
    <article>
      <p>${words.nothingYet}</p>
      <p class="hint">${words.nothingYetHint}</p>
    </article>
  </section>`;
}

function answersOf({ words, summary }: View): Html {
  const hour = busiestHour(summary);
  const who = summary.people[0];
  const where = [...summary.channels].sort((a, b) => b.messages - a.messages)[0];
  const answer = (asked: string, told: string) =>
    html`<article>
      <h2>${asked}</h2>
      <p>${told}</p>
    </article>`;
  return html`<section class="answers">
    ${hour === undefined ? '' : answer(words.whenAsked, words.when(hour, percent(words, summary.hours[hour] ?? 0, sum(summary.hours))))}
    ${who === undefined ? '' : answer(words.whoAsked, words.who(who.name ?? words.nameless, number(words, who.messages)))}
    ${where === undefined ? '' : answer(words.whereAsked, words.where(nameOf(where.channel), percent(words, where.messages, total(summary))))}
  </section>`;
}

function figures({ words, summary }: View): Html {
  const today = sum(Object.values(summary.days.at(-1)?.messages ?? {}));
  const figure = (name: string, value: number) =>
    html`<div>
      <dt>${name}</dt>
      <dd>${number(words, value)}</dd>
    </div>`;
  const people = ['telegram', 'whatsapp'].map((channel) =>
    figure(words.people(nameOf(channel)), summary.channels.find((found) => found.channel === channel)?.people ?? 0),
  );
  return html`<dl class="figures">${figure(words.messages, total(summary))} ${figure(words.today, today)} ${people}</dl>`;
}

function perDay({ words, summary }: View): Html {
  const channels = ['telegram', 'whatsapp'];
  const label = (date: string) =>
    new Intl.DateTimeFormat(words.tag, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(`${date}T12:00:00Z`));
  const bars = summary.days.map(({ date, messages }) => ({
    label: label(date),
    parts: channels.map((channel) => ({ kind: channel, value: messages[channel] ?? 0 })),
  }));
  return html`<section class="card w8">
    <div class="head">
      <h2>${words.perDay}</h2>
      <span>${words.perDayHint}</span>
      <div class="key">${channels.map((channel) => html`<span class="${channel}">${nameOf(channel)}</span>`)}</div>
    </div>
    ${columns({ bars, tickEvery: 5, caption: words.perDay, axis: words.day, names: channels.map(nameOf), number: (value) => number(words, value), empty: words.nothingYet })}
  </section>`;
}

function perHour({ words, summary }: View): Html {
  const bars = summary.hours.map((value, hour) => ({ label: `${hour}h`, parts: [{ kind: 'all', value }] }));
  return html`<section class="card w8">
    <div class="head">
      <h2>${words.perHour}</h2>
      <span>${summary.timezone}, ${words.lastDays}</span>
    </div>
    ${columns({ bars, tickEvery: 3, caption: words.perHour, axis: words.hour, names: [words.messages], number: (value) => number(words, value), empty: words.nothingYet, low: true })}
  </section>`;
}

function people({ words, summary }: View): Html {
  const list = summary.people.map(({ channel, name, messages }) => ({
    kind: channel,
    name: name ?? words.nameless,
    value: messages,
    shown: number(words, messages),
  }));
  return html`<section class="card w4">
    <div class="head">
      <h2>${words.mostActive}</h2>
      <span>${words.lastDays}</span>
    </div>
    ${list.length === 0 ? html`<div class="empty">${words.nothingYet}</div>` : peopleBars(list)}
  </section>`;
}

function healthCard(view: View): Html {
  const { words, health } = view;
  const n = (value: number) => number(words, value);
  const { lines, units, rows, duplicates, quarantined, late } = health.sums;
  return html`<section class="card w4">
    <div class="head"><h2>${words.health}</h2></div>
    <p class="state"><span class="${health.ok ? 'dot' : 'dot bad'}"></span>${health.ok ? words.healthy : words.unhealthy}</p>
    ${health.lastRunFailed ? html`<p class="alarm">${words.runFailed}</p>` : ''}
    ${health.daysThatDoNotAddUp.length > 0 ? html`<p class="alarm">${words.daysWrong(n(health.daysThatDoNotAddUp.length))}</p>` : ''}
    <p>${words.sums(n(lines), n(units), n(rows), n(duplicates), n(quarantined))}</p>
    ${late > 0 ? html`<p>${words.late(n(late))}</p>` : ''}
    ${health.lastRun === null ? '' : html`<p>${words.processed(timeOf(view, health.lastRun))}</p>`}
  </section>`;
}

function tables({ words, summary }: View): Html {
  return html`<section class="card w12">
    <div class="head">
      <h2>${words.tables}</h2>
      <span>${words.rows}</span>
    </div>
    <dl class="tables">
      ${summary.tables.map(
        ({ table, rows }) =>
          html`<div>
            <dt>${table}</dt>
            <dd>${number(words, rows)}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}
