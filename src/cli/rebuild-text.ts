import type { Rebuilding } from '../etl/lakefile.js';
import type { MoreRebuilt } from '../etl/run.js';

/** Why more days are rebuilt than were asked for, and which. */
export function moreRebuilt({ why, ...rebuilding }: MoreRebuilt): string {
  const reason =
    why === 'gone'
      ? 'raw files of these days are gone, and rows of any other day may have given way to theirs'
      : 'an earlier rebuild did not end';
  return `${reason}: rebuilding ${rebuilt(rebuilding)}`;
}

/** What a rebuild is of. */
export const rebuilt = ({ sources, from, to }: Rebuilding): string =>
  `${from === undefined ? 'every day' : `the days from ${from} to ${to ?? from}`} of ${sources.join(' and ')}`;
