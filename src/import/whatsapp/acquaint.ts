import { plainText } from '../../sources/whatsapp/twins.js';
import type { ImportChoices, LiveMessages, Reading, Saying } from '../types.js';

/** Messages that are looked for in the lake. */
const LOOKED_FOR = 400;
/** Letters of a text below which many people say it, and characters above which it is not looked for. */
const SHORT = 6;
const LONG = 1000;
/** Messages that must be the same before two people are. */
const ENOUGH = 3;

/**
 * The choices with the number of the person a chat is with, where the lake tells it: messages that the platform delivered from one number, and
 * from no other, say the same in the same minutes. Undefined where it does not. Reads the export.
 */
export async function acquainted(reading: Reading, choices: ImportChoices, live: LiveMessages): Promise<ImportChoices | undefined> {
  const authors = reading.unnumbered;
  const period = authors && (await live.period());
  if (!authors || !period) return undefined;
  const sayings = await latest(reading, period);
  if (sayings.length < ENOUGH) return undefined;
  const known = (await senders(sayings, live)).sort((a, b) => b.messages - a.messages);
  const [best] = known;
  const others = known.slice(1).reduce((sum, { messages }) => sum + messages, 0);
  if (!best || best.messages < ENOUGH || others * 10 > best.messages || best.author === choices.me) return undefined;
  return { ...choices, number: best.number, me: choices.me ?? authors.find((author) => author !== best.author) };
}

/** The last texts of a period. */
async function latest({ batches }: Reading, { from, to }: { readonly from: number; readonly to: number }): Promise<Saying[]> {
  const kept: Saying[] = [];
  for await (const { found } of batches) {
    for (const { told } of found) {
      if (told?.kind !== 'text' || told.author === undefined || told.date === undefined || told.text === undefined) continue;
      if (told.date < from - 60 || told.date > to || told.text.length > LONG) continue;
      if (told.text.replace(/[^\p{L}\p{N}]/gu, '').length < SHORT) continue;
      kept.push({ author: told.author, date: told.date, text: told.text });
    }
    if (kept.length > LOOKED_FOR) kept.splice(0, kept.length - LOOKED_FOR);
  }
  return kept;
}

interface Sender {
  readonly author: string;
  readonly number: string;
  messages: number;
}

const minuteOf = (date: number) => Math.floor(date / 60);
const saidAt = (date: number, text: string) => `${minuteOf(date)} ${plainText(text)}`;

/** Numbers from which the same was received in the same minutes, by author. */
async function senders(sayings: readonly Saying[], live: LiveMessages): Promise<Sender[]> {
  const authors = new Map(sayings.map(({ author, date, text }) => [saidAt(date, text), author]));
  const minutes = new Set(sayings.map(({ date }) => minuteOf(date)));
  const found = new Map<string, Sender>();
  for await (const { number, date, text } of live.received([...minutes])) {
    const author = authors.get(saidAt(date, text));
    if (author === undefined) continue;
    const key = `${number} ${author}`;
    const sender = found.get(key) ?? { author, number, messages: 0 };
    sender.messages += 1;
    found.set(key, sender);
  }
  return [...found.values()];
}
