import type { Words } from '../words/en.js';
import type { Drawing } from './read.js';

export type Section = keyof Words['sections'];

/** Where a panel stands and how it is drawn, when its columns alone do not say. */
export interface Placing {
  readonly id: string;
  readonly section: Section;
  /** Of twelve columns. */
  readonly span: 3 | 4 | 5 | 6 | 7 | 8 | 12;
  readonly drawing?: Drawing;
  /** Pixels of what is drawn: kept while it loads. */
  readonly height: number;
}

const at = (section: Section, id: string, span: Placing['span'], height: number, drawing?: Drawing): Placing => ({
  section,
  id,
  span,
  height,
  ...(drawing === undefined ? {} : { drawing }),
});

/** The overview from top to bottom; each row of a section adds up to twelve. A panel that is not named here comes last. */
export const LAYOUT: readonly Placing[] = [
  at('activity', 'series', 8, 248, 'stacked'),
  at('activity', 'kinds', 4, 248, 'bars'),
  at('activity', 'heatmap', 8, 256, 'heat'),
  at('activity', 'hours', 4, 256),
  at('activity', 'weekdays', 4, 312),
  at('activity', 'weeks', 4, 312),
  at('people', 'people', 4, 284, 'bars'),
  at('people', 'lengths', 4, 284, 'bars'),
  at('people', 'conversations', 4, 284, 'bars'),
  at('contents', 'contents', 4, 284, 'wash'),
  at('contents', 'words', 4, 284, 'wash'),
  at('contents', 'hashtags', 4, 284, 'wash'),
  at('contents', 'commands', 4, 284, 'wash'),
  at('contents', 'topics', 4, 284, 'bars'),
  at('contents', 'languages', 4, 284, 'bars'),
  at('contents', 'reactions', 4, 284, 'bars'),
  at('contents', 'reaction-rate', 8, 284, 'lines'),
  at('answers', 'response', 6, 248, 'parts'),
  at('answers', 'target', 6, 248, 'lines'),
  at('answers', 'responders', 4, 248, 'bars'),
  at('answers', 'delivery', 4, 248, 'wash'),
  at('answers', 'funnel', 4, 248, 'bars'),
  at('answers', 'command-outcomes', 6, 248, 'table'),
  at('answers', 'topic-outcomes', 6, 248, 'table'),
  at('growth', 'active', 6, 248, 'units'),
  at('growth', 'newcomers', 6, 248, 'columns'),
  at('growth', 'members', 4, 280, 'change'),
  at('growth', 'retention', 8, 280, 'grid'),
];

/** The series cut by kind, which is asked for by name. */
export const SERIES_BY_KIND = 'series-kinds';

export const OTHERWISE: Omit<Placing, 'id'> = { section: 'more', span: 6, height: 248 };

/** Of twelve columns, that of the feed beside the panels. */
export const FEED_SPAN: Placing['span'] = 4;

/** Spans of cards that follow each other: those of a row that does not add up to twelve share it evenly, so that it has no gap. */
export function filled(spans: readonly Placing['span'][]): readonly Placing['span'][] {
  const rows: Placing['span'][][] = [];
  let room = 0;
  for (const span of spans) {
    if (span > room) {
      rows.push([]);
      room = 12;
    }
    rows.at(-1)?.push(span);
    room -= span;
  }
  return rows.flatMap((row) =>
    row.reduce<number>((sum, span) => sum + span, 0) === 12 ? row : row.map(() => (12 / row.length) as Placing['span']),
  );
}
