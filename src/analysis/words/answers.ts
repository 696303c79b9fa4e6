import type { Phrase } from '../types.js';

/** The answers' sentences. Shares and durations come written in the language; `strong` marks what to stress. */
export interface AnswerWords {
  readonly when: {
    readonly question: string;
    readonly sentence: (peak: { weekday: number; hour: number; share: string }) => Phrase;
    readonly few: (messages: number) => Phrase;
    readonly none: Phrase;
    readonly evidence: (of: { messages: number; days: number; timezone: string }) => string;
  };
  readonly asked: {
    readonly question: string;
    readonly sentence: (of: { questions: number; most: string; times: number }) => Phrase;
    readonly apart: (questions: number) => Phrase;
    readonly none: Phrase;
    readonly evidence: (of: { questions: number; people: number }) => string;
  };
  readonly helping: {
    readonly question: string;
    readonly sentence: (of: { answered: string; median: string; unanswered: number }) => Phrase;
    readonly none: Phrase;
    readonly nobody: (questions: number) => Phrase;
    /** `bot`: the share of responses by a bot or the business; null where there are none. */
    readonly evidence: (of: { questions: number; bot: string | null }) => string;
    /** Added where no message that the bot or the business sent is captured. */
    readonly missing: string;
    /** Added where what the business sent is known by delivery statuses only. */
    readonly statuses: string;
  };
  readonly helped: {
    readonly question: string;
    /** `resolved` of the questions, `useless` of the answers. */
    readonly sentence: (of: { resolved: string; useless: string }) => Phrase;
    readonly few: (answered: number) => Phrase;
    readonly none: Phrase;
    readonly evidence: (of: { answered: number; useless: number }) => string;
  };
  readonly silent: {
    readonly question: string;
    readonly sentence: (of: { people: number; share: string; before: number }) => Phrase;
    readonly nobody: (before: number) => Phrase;
    /** There was nobody who could go silent. */
    readonly quiet: Phrase;
    readonly none: Phrase;
    readonly evidence: (of: { from: string; to: string }) => string;
    /** Added while it is too early to call anybody silent. */
    readonly underway: string;
  };
  readonly active: {
    readonly question: string;
    readonly sentence: (of: { people: number; newcomers: number; name: string; share: string }) => Phrase;
    /** Who has no name that can be seen, by the end of the id. */
    readonly nameless: (end: string) => string;
    readonly none: Phrase;
    readonly evidence: (of: { messages: number; share: string }) => string;
  };
  /** Added where there are too few messages to tell much. */
  readonly small: string;
  /** Nothing is known of the days before. */
  readonly begins: (date: string) => string;
  /** Seconds, in words: `4 min`. */
  readonly duration: (seconds: number) => string;
}
