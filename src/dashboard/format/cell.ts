import type { Cell, Language, PanelColumn } from '../../analysis/types.js';
import type { Words } from '../words/en.js';
import * as dates from './date.js';
import * as numbers from './number.js';

export interface Speech {
  readonly language: Language;
  readonly words: Words;
  readonly zone: string;
  /** Whether days and weeks say their year. */
  readonly withYear?: boolean;
}

const CHANNELS: Readonly<Record<string, string>> = { telegram: 'Telegram', whatsapp: 'WhatsApp' };

/** A channel or source as its owner writes it. */
export const channelName = (name: string): string => CHANNELS[name] ?? name;

const names = new Map<string, Intl.DisplayNames>();

/** A language by its tag, in another language: `pt-br` is `Portuguese (Brazil)`. The tag where it is none. */
function languageName(tag: string, language: string): string {
  let found = names.get(language);
  if (found === undefined) names.set(language, (found = new Intl.DisplayNames(language, { type: 'language' })));
  try {
    return found.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Names a filter's value where the server sent only its key. */
export function keyText(filter: PanelColumn['filter'], value: string, { language, words }: Speech): string {
  switch (filter) {
    case 'kind':
      return words.kinds[value] ?? value;
    case 'direction':
      return value === 'in' || value === 'out' ? words.directions[value] : value;
    case 'hour':
      return dates.hour(Number(value));
    case 'weekday':
      return dates.weekday(language, Number(value), 'long');
    default:
      return channelName(value);
  }
}

/** A cell as a person reads it. */
export function cellText(column: PanelColumn, value: Cell, speech: Speech): string {
  const { language, words } = speech;
  if (value === null) return column.kind === 'text' || column.kind === 'key' ? words.noName : '–';
  switch (column.kind) {
    case 'count':
      return numbers.count(language, Number(value));
    case 'share':
      return numbers.share(language, Number(value));
    case 'seconds':
      return numbers.duration(language, Number(value));
    case 'number':
    case 'rate':
      return numbers.decimal(language, Number(value));
    case 'date':
      return dates.dayOfWeekAndMonth(language, String(value), speech.withYear);
    case 'week':
      return dates.day(language, String(value), speech.withYear);
    case 'month':
      return dates.month(language, String(value));
    case 'hour':
      return dates.hour(Number(value));
    case 'weekday':
      return dates.weekday(language, Number(value));
    case 'time':
      return typeof value === 'number' ? dates.moment(language, value, speech.zone) : String(value);
    case 'key':
      return words.keys[column.name]?.[String(value)] ?? keyText(column.filter, String(value), speech);
    case 'text':
      return column.name === 'language' ? languageName(String(value), language) : String(value);
  }
}

const NUMERIC: ReadonlySet<PanelColumn['kind']> = new Set(['count', 'share', 'seconds', 'number', 'rate']);

/** Whether a column's numbers are set to the right, under each other. */
export const isNumeric = ({ kind }: PanelColumn): boolean => NUMERIC.has(kind);
