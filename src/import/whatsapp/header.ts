import { wallClock } from '../local-time.js';
import type { Order } from '../notes.js';

/**
 * What stands before a message in a chat export. Android: `30/12/2021, 22:01 - Author: text`; iOS: `[30/12/2021, 22:01:15] Author: text`.
 * Date order, separators, digits, clock and spaces are those of the phone's language.
 */
const MARKS = '[\\u200e\\u200f\\u061c\\u202a-\\u202e\\u2066-\\u2069\\ufeff]*';
const SPACE = '[ \\u00a0\\u202f\\u2009]';
const DIGIT = '[\\d\\u0660-\\u0669\\u06f0-\\u06f9\\u0966-\\u096f\\u09e6-\\u09ef\\u1040-\\u1049]';
const DATE = `(${DIGIT}{1,4})${MARKS}${SPACE}?([./\\-年])${SPACE}?${MARKS}(${DIGIT}{1,2})${MARKS}${SPACE}?[./\\-月]${SPACE}?${MARKS}(${DIGIT}{1,4})(?:[.日]|${SPACE}г\\.)?`;
const HALF = `([\\p{L}.]{1,12}(?:${SPACE}\\p{L}{1,3}\\.)?)`;
const TIME = `(?:${HALF}${SPACE}?)?(${DIGIT}{1,2})[:.](${DIGIT}{2})(?:[:.](${DIGIT}{2}))?(?:${SPACE}?${HALF})?`;
const BETWEEN = `[,،]?${MARKS}${SPACE}*${MARKS}`;
const android = (when: string) => new RegExp(`^${MARKS}${when}${MARKS}${SPACE}[-–]${SPACE}`, 'u');
const ios = (when: string) => new RegExp(`^${MARKS}\\[${MARKS}${when}${MARKS}\\]${SPACE}?`, 'u');
const DATE_FIRST = `${DATE}${BETWEEN}${TIME}`;
/** Vietnamese. */
const TIME_FIRST = `${TIME}${BETWEEN}${DATE}`;
const ANDROID = android(DATE_FIRST);
const IOS = ios(DATE_FIRST);
const TIME_BEFORE = [android(TIME_FIRST), ios(TIME_FIRST)];
/** What a line with a header begins with: most lines of a long text do not. */
const BEGINS = new RegExp(`^${MARKS}(?:${DIGIT}|\\[)`, 'u');

/** A line's header as it is written. */
export interface Header {
  /** Same for every header of one file: brackets, and what parts the date. */
  readonly layout: string;
  readonly parts: readonly [number, number, number];
  /** Whether the first part has four digits. */
  readonly yearFirst: boolean;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Half of the day: its word, in lower case; empty on a clock of 24 hours. */
  readonly half: string;
  /** Where the rest of the line begins. */
  readonly end: number;
}

export function headerOf(line: string): Header | undefined {
  if (!BEGINS.test(line)) return undefined;
  const head = line.slice(0, 120);
  const usual = ANDROID.exec(head) ?? IOS.exec(head);
  const found = usual ?? timeFirst(head);
  if (!found) return undefined;
  const [whole = '', a = '', separator = '', b = '', c = '', before, hour = '', minute = '', second, after] = found;
  const yearFirst = a.length === 4;
  return {
    layout: `${whole.includes('[') ? '[' : '-'}${separator}${yearFirst ? 'y' : ''}${usual ? '' : 't'}`,
    parts: [numberOf(a), numberOf(b), numberOf(c)],
    yearFirst,
    hour: numberOf(hour),
    minute: numberOf(minute),
    second: numberOf(second ?? '0'),
    half: (after ?? before ?? '').toLowerCase().replace(/[.\s\u00a0\u202f]/g, ''),
    end: whole.length,
  };
}

/** What a header with the time before the date holds, in the order of others. */
function timeFirst(head: string): readonly (string | undefined)[] | undefined {
  for (const pattern of TIME_BEFORE) {
    const found = pattern.exec(head);
    if (found) return [found[0], ...found.slice(6), ...found.slice(1, 6)];
  }
  return undefined;
}

/** A number in the digits of Latin, Arabic, Persian, Devanagari, Bengali or Burmese: those of India begin at a code that ends in 6, others in 0. */
function numberOf(digits: string): number {
  let value = 0;
  for (const character of digits) {
    const code = character.charCodeAt(0);
    value = value * 10 + ((code >= 0x900 && code < 0xe00 ? code - 6 : code) & 15);
  }
  return value;
}

const AFTERNOON = new Set([
  'pm',
  'p',
  'μμ',
  'мп',
  'пп',
  'дп',
  '下午',
  '晚上',
  '中午',
  '午後',
  '오후',
  'م',
  'بظ',
  'بعدازظهر',
  'ip',
  'nm',
  'ös',
  'öö2',
  'ch',
  'ptg',
  'petang',
  'odp',
  'odpoledne',
  'du',
  'pop',
  'pl',
  'अपराह्न',
  'em',
  'هم',
]);
const MORNING = new Set([
  'am',
  'a',
  'πμ',
  'дп1',
  'ап',
  '上午',
  '早上',
  '凌晨',
  '清晨',
  '午前',
  '오전',
  'ص',
  'قظ',
  'قبلازظهر',
  'ap',
  'vm',
  'öö',
  'sa',
  'pg',
  'pagi',
  'dop',
  'dopoledne',
  'de',
  'dop1',
  'पूर्वाह्न',
  'fm',
]);

/** Whether a word beside the time is a known half of the day. */
export const isHalf = (word: string): boolean => AFTERNOON.has(word) || MORNING.has(word);

/** Seconds of the header's wall clock as if it were UTC; undefined where there is no such date or time. */
export function wallClockIn({ parts: [a, b, c], yearFirst, hour, minute, second, half }: Header, order: Order): number | undefined {
  const [year, month, day] = yearFirst || order === 'ymd' ? [a, b, c] : order === 'dmy' ? [c, b, a] : [c, a, b];
  const hours = AFTERNOON.has(half) ? (hour < 12 ? hour + 12 : hour) : MORNING.has(half) && hour === 12 ? 0 : hour;
  const inFull = fullYear(year);
  return inFull < FIRST_YEAR ? undefined : wallClock(inFull, month, day, hours, minute, second);
}

/** WhatsApp's first: an earlier one is of another calendar (1400 is Persian), and would file a message centuries away. */
const FIRST_YEAR = 2009;

/** Two digits are of this century; years around 2560 are those of the Buddhist calendar. */
const fullYear = (year: number): number => (year < 100 ? 2000 + year : year > 2500 && year < 2700 ? year - 543 : year);
