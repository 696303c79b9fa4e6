import type { Bucket } from '../calendar.js';
import type { FigureWords } from '../figures.js';
import type { FigureId } from '../types.js';
import type { AnswerWords } from './answers.js';

/** What a panel's words may depend on. */
export interface About {
  readonly bucket: Bucket;
  readonly targetMinutes: number;
}

export interface PanelWords {
  /** What the chart shows. */
  readonly title: (about: About) => string;
  readonly note?: string;
  /** Why there is nothing, and what to do. */
  readonly empty: string;
}

/** Everything the analysis says in one language. */
export interface Words {
  readonly panels: Readonly<Record<string, PanelWords>>;
  /** Labels by column name. */
  readonly columns: Readonly<Record<string, string>>;
  readonly figures: Readonly<Record<FigureId, FigureWords>>;
  readonly answers: AnswerWords;
  /** WhatsApp's error codes, by code. */
  readonly errors: Readonly<Record<number, string>>;
}
