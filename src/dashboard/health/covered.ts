import type { CoverageView } from '../../server/api-types.js';

/** What is known of a day beside what arrived on it. */
export interface DayCover {
  /** Whether a source would have told of it; true where that cannot be said. */
  readonly covered: boolean;
  /** Sources that know other days and not this one. */
  readonly uncoveredBy: readonly string[];
  /** Messages that were sent on it. */
  readonly messages: number;
  /** Message ids missing before those of this day. */
  readonly missing: number;
}

export interface KnownDays {
  /** The first day on which a message was sent. */
  readonly first: string | undefined;
  on(date: string): DayCover;
}

const latest = (dates: readonly string[]): string => dates.reduce((a, b) => (a > b ? a : b), '');

/** Tells of each day whether it is covered. After the last day that a source knows nothing is said: it cannot be told from a quiet day. */
export function knownDays(coverage: CoverageView | null): KnownDays {
  const days = new Map((coverage?.days ?? []).map((day) => [day.date, day]));
  const sources = (coverage?.sources ?? []).flatMap(({ source, live, imported }) => {
    const spans = [...(live === null ? [] : [live]), ...imported];
    return spans.length === 0 ? [] : [{ source, spans, last: latest(spans.map(({ to }) => to)) }];
  });
  const last = latest(sources.map((source) => source.last));
  const first = coverage?.days[0]?.date;
  return {
    first,
    on: (date) => {
      const knows = ({ spans }: (typeof sources)[number]) => spans.some(({ from, to }) => from <= date && date <= to);
      const { messages = 0, missing = 0 } = days.get(date) ?? {};
      return {
        covered: messages > 0 || date > last || sources.some(knows),
        uncoveredBy: sources.filter((source) => date <= source.last && !knows(source)).map(({ source }) => source),
        messages,
        missing,
      };
    },
  };
}
