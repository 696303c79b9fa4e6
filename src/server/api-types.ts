import type { MessageRow } from '../analysis/types.js';
import type { ImportSummary } from '../import/summary.js';
import type { Relation } from '../query/catalog.js';
import type { QueryColumn } from '../types.js';

/** What the service answers, beside the analysis. Times are epoch milliseconds. */

/** Every failure that its caller can mend. */
export interface FailureView {
  readonly error: { readonly code: string; readonly message: string; readonly line?: number; readonly column?: number };
}

/** `GET /api/session`: who is looking. */
export interface SessionView {
  /** Whether a password is set; without one only this computer may look. */
  readonly password: boolean;
  /** `none`: sign in first. `link`: somebody's read-only link. */
  readonly as: 'none' | 'local' | 'person' | 'link' | 'script';
  readonly sql: boolean;
  readonly share: boolean;
  /** When it ends; null = never. */
  readonly expiresAt: number | null;
  /** The address that a read-only link shows; its filters may be narrowed, not widened. */
  readonly address: string | null;
  /** First and last day of that address' period, null where it is open; null without a link. */
  readonly days: { readonly from: string | null; readonly to: string | null } | null;
}

/** `POST /api/share`. */
export interface ShareView {
  readonly url: string;
  readonly expiresAt: number;
}

/** `POST /api/sql`. Integers beyond 2^53 and decimals of many digits are text. */
export interface SqlView {
  readonly columns: readonly QueryColumn[];
  readonly rows: readonly (readonly unknown[])[];
  /** Whether the row limit cut it. */
  readonly truncated: boolean;
  readonly notices: readonly string[];
  readonly seconds: number;
}

/** `GET /api/sql/catalog`. */
export interface CatalogView {
  readonly tables: readonly Relation[];
  readonly functions: readonly string[];
  /** Statements to begin with, their titles in the language asked for. */
  readonly presets: readonly { readonly id: string; readonly title: string; readonly sql: string }[];
  /** Shown, so that no limit is silent. */
  readonly limits: { readonly rows: number; readonly seconds: number; readonly memoryMb: number };
}

/** `GET /api/quarantine`, newest first. */
export interface QuarantineView {
  readonly total: number;
  readonly rows: readonly {
    readonly source: string;
    readonly date: string;
    readonly receivedAt: number | null;
    readonly file: string;
    readonly line: number;
    readonly reason: string;
    /** The bytes as they came: as text, or in base64 where they are not UTF-8. */
    readonly encoding: 'utf8' | 'base64';
    readonly payload: string;
    /** Whether the payload was longer than what is shown. */
    readonly cut: boolean;
  }[];
}

/** `GET /api/storage`. */
export interface StorageView {
  readonly asOf: number;
  readonly layers: readonly {
    readonly layer: 'raw' | 'enriched';
    readonly bytes: number;
    readonly objects: number;
    readonly parts: readonly { readonly name: string; readonly bytes: number; readonly objects: number }[];
  }[];
}

/** `GET /api/coverage`: which days the lake knows of. Days are `YYYY-MM-DD` in the lake's zone, both ends included. */
export interface CoverageView {
  readonly sources: readonly {
    readonly source: string;
    /** From the first to the last arrival of what the platform delivered; null before the first. */
    readonly live: { readonly from: string; readonly to: string } | null;
    /** From the first to the last message of each chat in each export, in order, those that touch as one. */
    readonly imported: readonly { readonly from: string; readonly to: string }[];
  }[];
  /**
   * Days on which messages were sent, and how many; `missing` message ids lie between a message of that day and the one before it in its
   * Telegram supergroup or channel: deleted before they came, kept from the bot, or never received.
   */
  readonly days: readonly { readonly date: string; readonly messages: number; readonly missing: number }[];
  /** Ids missing in all supergroups and channels, and how many of these have gaps or begin after their first message. */
  readonly missing: number;
  readonly incomplete: number;
  /** The 100 of them with most missing; `before` ids come before the first message that is known. */
  readonly chats: readonly {
    readonly chat: string;
    readonly title: string | null;
    readonly before: number;
    readonly missing: number;
  }[];
}

/** Why a file cannot be read, or not to its end; `detail` says which failure of its code it is, where that is known. */
export interface ImportProblem {
  readonly code: string;
  readonly message: string;
  readonly detail: string | null;
}

/** `/api/imports/:id`: a file on its way from the page into the raw lake. */
export interface ImportView {
  readonly id: string;
  /** The file's name, without folders. */
  readonly name: string;
  /** Bytes announced, and bytes here. */
  readonly size: number;
  readonly received: number;
  readonly state: 'uploading' | 'reading' | 'preview' | 'importing' | 'done' | 'failed';
  /** `read` of `of` bytes of the exports in the file, and messages so far. */
  readonly progress: { readonly read: number; readonly of: number; readonly messages: number };
  /** What each export in the file holds; with `done`, what was written of it. `cut` says why one could not be read to its end. */
  readonly outcomes: readonly {
    readonly summary: ImportSummary;
    readonly written: number;
    readonly before: number;
    readonly cut: ImportProblem | null;
  }[];
  readonly error: ImportProblem | null;
}

/** `GET /api/runs`: the ETL's runs of this process, newest first. */
export interface RunsView {
  readonly runs: readonly {
    readonly startedAt: number;
    readonly seconds: number;
    readonly ok: boolean;
    /** Source and arrival days it looked at. */
    readonly days: number;
    readonly lines: number;
    readonly rows: number;
    readonly quarantined: number;
  }[];
}

/** `GET /api/doctor`. */
export interface DoctorView {
  readonly asOf: number;
  readonly findings: readonly {
    readonly level: 'ok' | 'warn' | 'fail';
    readonly subject: string;
    readonly message: string;
    readonly mend?: string;
  }[];
}

/** `GET /api/webhooks`: what is registered with each platform. */
export interface WebhooksView {
  readonly telegram: {
    /** `set`: registered, or its secret is set and Telegram was not asked. `none`: updates are polled. `trouble`: Telegram could not be asked. */
    readonly state: 'set' | 'none' | 'off' | 'trouble' | 'demo';
    /** Its path only where it is chatlake's own: another may be a secret. Null when Telegram did not tell. */
    readonly url: string | null;
    /** Updates that wait at Telegram. */
    readonly pending: number | null;
    readonly lastError: { readonly at: number; readonly message: string } | null;
    readonly maxConnections: number | null;
    /** Kinds of updates that Telegram was not asked for. */
    readonly notSent: readonly string[];
  };
  /** Meta tells nothing about its deliveries without an access token. */
  readonly whatsapp: { readonly state: 'set' | 'off' | 'demo' };
}

export type StepState = 'done' | 'todo' | 'waiting' | 'failed';

/** `GET /api/setup`: from nothing to the first message. */
export interface SetupView {
  /** Whether what is shown is simulated. */
  readonly demo: boolean;
  readonly done: boolean;
  readonly steps: readonly {
    readonly id: 'token' | 'secret' | 'group' | 'privacy' | 'message';
    readonly channel: 'telegram' | 'whatsapp';
    readonly state: StepState;
    /** In words; names the bot or chat where there is one. */
    readonly detail: string;
  }[];
  readonly bot: { readonly name: string; readonly username: string } | null;
  /** Chats of which something arrived. */
  readonly chats: readonly { readonly id: string; readonly type: string; readonly title: string; readonly messages: number }[];
}

/** Events of `GET /api/live`, by name. */
export interface LiveEvents {
  /** Lines that are durable now. */
  readonly arrived: { readonly source: string; readonly lines: number; readonly at: number };
  /** Messages that came into the tables since the event before, newest first. */
  readonly feed: { readonly messages: readonly MessageRow[] };
  /** The tables changed. */
  readonly lake: { readonly version: string };
  /** Figures, charts and questions are of the tables' newest state now. */
  readonly analysis: { readonly at: number };
}
