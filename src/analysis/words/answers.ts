import type { Phrase } from '../types.js';

/** The answers' sentences. Numbers come written in the language; `strong` marks what to stress. */
export interface AnswerWords {
  readonly when: {
    readonly question: string;
    readonly sentence: (peak: { weekday: number; hour: number; share: string }) => Phrase;
    readonly few: (messages: string) => Phrase;
    readonly none: Phrase;
    readonly evidence: (of: { messages: string; days: string; timezone: string }) => string;
  };
  readonly asked: {
    readonly question: string;
    readonly sentence: (of: { questions: string; most: string; times: string }) => Phrase;
    readonly apart: (questions: string) => Phrase;
    readonly none: Phrase;
    readonly evidence: (of: { questions: string; people: string }) => string;
  };
  readonly helping: {
    readonly question: string;
    readonly sentence: (of: { answered: string; median: string; unanswered: string }) => Phrase;
    readonly none: Phrase;
    readonly nobody: (questions: string) => Phrase;
    readonly evidence: (of: { questions: string; bot: string }) => string;
    /** Added where no message that the bot or the business sent is captured. */
    readonly missing: string;
    /** Added where what the business sent is known by delivery statuses only. */
    readonly statuses: string;
  };
  readonly helped: {
    readonly question: string;
    /** `resolved` of the questions, `useless` of the answers. */
    readonly sentence: (of: { resolved: string; useless: string }) => Phrase;
    readonly few: (answered: string) => Phrase;
    readonly none: Phrase;
    readonly evidence: (of: { answered: string; useless: string }) => string;
  };
  readonly silent: {
    readonly question: string;
    readonly sentence: (of: { people: string; share: string; before: string }) => Phrase;
    readonly nobody: (before: string) => Phrase;
    /** There was nobody who could go silent. */
    readonly quiet: Phrase;
    readonly none: Phrase;
    readonly evidence: (of: { from: string; to: string }) => string;
  };
  readonly active: {
    readonly question: string;
    readonly sentence: (of: { people: string; newcomers: string; name: string | null; share: string }) => Phrase;
    readonly none: Phrase;
    readonly evidence: (of: { messages: string; share: string }) => string;
  };
  /** Added where there are too few messages to tell much. */
  readonly small: string;
  /** Seconds, in words: `4 min`. */
  readonly duration: (seconds: number) => string;
}
