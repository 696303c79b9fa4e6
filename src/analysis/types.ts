/**
 * What the analysis answers, as data: the page, the report and scripts read the same. Times are epoch milliseconds,
 * durations seconds, dates `YYYY-MM-DD` in the lake's zone, shares 0 to 1; weekdays 1 (Monday) to 7.
 */

/** Languages the answers are worded in. */
export type Language = 'pt-BR' | 'en' | 'es';

/** The last day, days or months up to today, everything, or `from..to` (dates, both included). */
export type Period = 'today' | '7d' | '30d' | '90d' | '12m' | 'all' | `${string}..${string}`;

/**
 * What a view is limited to. In an address (`?period=7d&person=telegram:42&person=telegram:43`) and here alike: an absent
 * or empty list does not limit; values of one name are alternatives, names limit together.
 */
export interface Filters {
  readonly period: Period;
  readonly channel?: readonly string[];
  /** `<channel>:<id>`, as are persons. */
  readonly conversation?: readonly string[];
  readonly person?: readonly string[];
  readonly kind?: readonly string[];
  readonly direction?: readonly ('in' | 'out')[];
  readonly hour?: readonly number[];
  readonly weekday?: readonly number[];
}

/** First and last day, both included. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

export type Cell = string | number | boolean | null;

/**
 * How a number is to be read, and a text written. `key` is an id that a filter takes; `date`, `month` and `week` (its Monday) are dates;
 * `rate` is an average, of what a `count` beside it counts.
 */
export type ColumnKind =
  | 'count'
  | 'share'
  | 'seconds'
  | 'number'
  | 'rate'
  | 'text'
  | 'key'
  | 'date'
  | 'week'
  | 'month'
  | 'hour'
  | 'weekday'
  | 'time';

export interface PanelColumn {
  readonly name: string;
  readonly label: string;
  readonly kind: ColumnKind;
  /** The filter that a click on a value of this column sets. */
  readonly filter?: Exclude<keyof Filters, 'period'> | 'period';
}

/** One chart: its numbers as a table, and where they come from. */
export interface Panel {
  readonly id: string;
  /** What it shows, worded. */
  readonly title: string;
  readonly note?: string;
  readonly columns: readonly PanelColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** Why there is nothing, and what to do; only when `rows` is empty. */
  readonly empty?: string;
  /** A statement that gives the same rows on any engine of the lake. */
  readonly sql: string;
}

/** What the strip of figures tells, and the report. */
export type FigureId =
  | 'messages'
  | 'people'
  | 'conversations'
  | 'newPeople'
  | 'questions'
  | 'medianResponse'
  | 'unanswered'
  | 'resolvedShare'
  | 'mediaShare';

export interface Figure {
  readonly id: FigureId;
  readonly label: string;
  readonly kind: 'count' | 'share' | 'seconds';
  /** Null where nothing can be said; `note` says why. */
  readonly value: number | null;
  /** The same in the period before; null where there is none. */
  readonly before: number | null;
  /** Whether more is better (1), worse (-1), or neither (0). */
  readonly good: 1 | 0 | -1;
  /** A value for each bucket of the range, within one day for each hour; null for what is still to come of a day under way. */
  readonly spark: readonly (number | null)[];
  readonly note?: string;
  readonly sql: string;
}

/** A sentence in parts: plain words, and what to stress. */
export type Phrase = readonly (string | { readonly strong: string })[];

export interface Answer {
  readonly id: string;
  readonly question: string;
  readonly sentence: Phrase;
  /** A second line: on what it stands. */
  readonly evidence: string;
  /** Panel or page (`questions`, `messages`, `sql`) that shows it, filters to look at it with, and the statement of its rows. */
  readonly link: { readonly panel?: string; readonly page?: string; readonly filters?: Partial<Filters>; readonly sql?: string };
  /** `warn`: something wants attention. */
  readonly tone: 'plain' | 'warn';
}

/** Everything the first page shows. */
export interface AnalysisView {
  readonly timezone: string;
  /** State of the lake it was computed from: changes when a file does. */
  readonly version: string;
  readonly asOf: number;
  readonly filters: Filters;
  readonly range: Range;
  /** The period before, of the same length; null for `all`. */
  readonly before: Range | null;
  /** Whether the range is one day that has not ended: the whole day before is no measure of it yet. */
  readonly underway: boolean;
  /** First and last day with messages in the lake, whatever the filters; null when it is empty. */
  readonly bounds: Range | null;
  /** Length of a bucket of `series`. */
  readonly bucket: 'hour' | 'day' | 'week' | 'month';
  readonly answers: readonly Answer[];
  readonly figures: readonly Figure[];
  readonly panels: readonly Panel[];
}

/** What a filter's menu offers. */
export type OptionField = 'channel' | 'conversation' | 'person' | 'kind';

/** A value a filter can take, for menus and chips. */
export interface Option {
  readonly value: string;
  readonly label: string;
  readonly messages: number;
}

// ---------------------------------------------------------------- questions

/** Wordings of one question. */
export interface QuestionGroup {
  /** Stable while the wordings are. */
  readonly id: string;
  /** The most frequent wording, as written. */
  readonly example: string;
  readonly count: number;
  readonly before: number | null;
  readonly wordings: number;
  readonly spark: readonly number[];
  /** Share that got an answer; null when no answers are captured. */
  readonly answered: number | null;
  /** Median seconds to the answer. */
  readonly median: number | null;
  readonly people: number;
  readonly examples: readonly QuestionExample[];
}

/** A wording. `message`: the first in the lake that was worded so, whatever the filters; null for who may not look beyond them. */
export interface QuestionExample {
  readonly text: string;
  readonly count: number;
  readonly message: string | null;
}

export interface QuestionsView {
  readonly range: Range;
  readonly total: number;
  /** Most asked first. */
  readonly groups: readonly QuestionGroup[];
  readonly note?: string;
  readonly sql: string;
}

// ---------------------------------------------------------------- messages

/** A message as the page lists it. */
export interface MessageRow {
  /** `<channel>:<conversation>:<message id>`; for the raw line and the conversation. */
  readonly id: string;
  readonly channel: string;
  readonly conversation: string;
  readonly conversationName: string | null;
  readonly person: string | null;
  readonly personName: string | null;
  readonly isBot: boolean;
  readonly direction: 'in' | 'out';
  readonly kind: string;
  readonly text: string | null;
  readonly sentAt: number;
  readonly editedAt: number | null;
  /** The message it answers, in the same conversation. */
  readonly replyTo: string | null;
}

export interface MessagesView {
  readonly messages: readonly MessageRow[];
  /** Cursor of the next page (older ones); null at the end. A page may be short of its limit, or empty, and have one. */
  readonly next: string | null;
  /** Cursor of the newer ones, in a conversation. */
  readonly newer?: string | null;
}

/** Where a message comes from. */
export interface RawLine {
  readonly file: string;
  readonly line: number;
  /** The line as it was kept. */
  readonly text: string;
  /** Versions that an edit superseded, oldest first, as the events table has them. */
  readonly versions: readonly { readonly at: number; readonly payload: string }[];
}
