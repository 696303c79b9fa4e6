import { linesOf } from '../lines.js';
import { faulty, type Note, type Order } from '../notes.js';
import type { ExportFile, ImportChoices } from '../types.js';
import { chatNameOf } from './chat-name.js';
import { type Header, headerOf, isHalf, wallClockIn } from './header.js';
import { authorIn } from './author.js';
import { type Sides, sidesOf } from './sides.js';
import { SAYS_OF_ITSELF } from './words.js';

/** How one file is written, found by reading all of it. */
export interface Dialect {
  readonly layout: string;
  readonly order: Order;
  readonly chat: string;
  readonly sides: Sides;
  /** What was decided and why, for whoever imports. */
  readonly notes: readonly Note[];
}

const ORDERS: readonly Order[] = ['dmy', 'mdy', 'ymd'];
const MOST_AUTHORS = 10_000;

/** What the headers of one layout say under each order. */
interface Tally {
  headers: number;
  yearFirst: number;
  halves: number;
  readonly orders: Record<Order, { impossible: number; backward: number; last: number }>;
  readonly unknownHalves: Map<string, number>;
  readonly authors: Set<string>;
}

const newTally = (): Tally => ({
  headers: 0,
  yearFirst: 0,
  halves: 0,
  orders: { dmy: start(), mdy: start(), ymd: start() },
  unknownHalves: new Map(),
  authors: new Set(),
});
const start = () => ({ impossible: 0, backward: 0, last: -Infinity });

/** Throws IMPORT when no line of the file begins like one of a chat export. */
export async function dialectOf(file: ExportFile, choices: ImportChoices): Promise<Dialect> {
  const tallies = new Map<string, Tally>();
  let title: string | undefined;
  for await (const { lines } of linesOf(await file.open())) {
    for (const { number, bytes } of lines) {
      if (number === 1) refuseUtf16(file, bytes);
      const line = bytes.toString();
      const header = headerOf(line);
      if (!header) continue;
      const tally = tallies.get(header.layout) ?? newTally();
      tallies.set(header.layout, tally);
      count(tally, header);
      const { author, text } = authorIn(line.slice(header.end));
      if (author === undefined) continue;
      // An iPhone gives lines of the app to the chat.
      if (!text.startsWith('\u200e') || !SAYS_OF_ITSELF.test(text)) tally.authors.add(author);
      else if (tally.headers < 10) title ??= author;
      if (tally.authors.size > MOST_AUTHORS) tally.authors.delete(author);
    }
  }
  const [best] = [...tallies].sort(([, a], [, b]) => b.headers - a.headers);
  if (best === undefined)
    throw faulty('no-dates', `${file.name} is no WhatsApp chat: no line begins with a date and a time. Use "Export chat" in WhatsApp`);
  const [layout, tally] = best;
  const { order, note } = orderOf(tally, choices.dateOrder);
  const chat = choices.chat ?? chatNameOf(file, title);
  const sides = sidesOf([...tally.authors], chat, choices);
  return { layout, order, chat, sides, notes: [note, ...notesOn(tally, chat, sides, choices)] };
}

function refuseUtf16(file: ExportFile, bytes: Buffer): void {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw faulty('utf-16', `${file.name} is in UTF-16; WhatsApp writes UTF-8. Import the file as it was exported, or save it as UTF-8`);
}

function count(tally: Tally, header: Header): void {
  tally.headers += 1;
  if (header.yearFirst) tally.yearFirst += 1;
  if (isHalf(header.half)) tally.halves += 1;
  else if (header.half !== '') tally.unknownHalves.set(header.half, (tally.unknownHalves.get(header.half) ?? 0) + 1);
  for (const order of ORDERS) {
    const at = wallClockIn(header, order);
    const seen = tally.orders[order];
    if (at === undefined) {
      seen.impossible += 1;
      continue;
    }
    // Phones set their clocks; a day back is no sign of a wrong order.
    if (at < seen.last - 86_400) seen.backward += 1;
    seen.last = at;
  }
}

/** The order that most dates fit; then the one in which time goes forward; then a guess, which is said to be one. */
function orderOf(tally: Tally, forced: Order | undefined): { readonly order: Order; readonly note: Note } {
  if (forced !== undefined) return { order: forced, note: { what: 'dates-told', order: forced } };
  if (tally.yearFirst === tally.headers) return { order: 'ymd', note: { what: 'dates-year-first', order: 'ymd' } };
  const score = (order: Order) => tally.orders[order];
  const bad = (one: Order) => score(one).impossible + score(one).backward;
  const either: readonly Order[] = tally.halves > 0 ? ['mdy', 'dmy'] : ['dmy', 'mdy'];
  // Years of two digits come first in few places: only where that makes sense of what else makes none.
  const usual = bad('ymd') * 10 < Math.min(bad('dmy'), bad('mdy')) - 2 ? [...either, 'ymd' as const] : either;
  const [order, other] = [...usual].sort((a, b) => score(a).impossible - score(b).impossible || score(a).backward - score(b).backward) as [
    Order,
    Order,
  ];
  if (score(other).impossible > score(order).impossible)
    return { order, note: { what: 'dates-fit', order, times: score(other).impossible, of: tally.headers } };
  if (score(other).backward > score(order).backward)
    return { order, note: { what: 'dates-backward', order, other, times: score(other).backward } };
  return { order, note: { what: 'dates-unsure', order, other } };
}

function notesOn(tally: Tally, chat: string, { me, number, unnumbered }: Sides, choices: ImportChoices): Note[] {
  const halves = [...tally.unknownHalves].filter(([, times]) => times * 10 > tally.headers);
  return [
    { what: 'chat', chat, told: choices.chat !== undefined },
    { what: 'timezone', timezone: choices.timezone },
    ...halves.map(([word]): Note => ({ what: 'unknown-half', word })),
    { what: 'business', author: me ?? null },
    number === undefined ? { what: unnumbered ? 'number-unknown' : 'many-authors' } : { what: 'number', ending: number.slice(-4) },
  ];
}
