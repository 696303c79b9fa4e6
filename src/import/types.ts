import type { Readable } from 'node:stream';
import type { Note, Order } from './notes.js';

/** A file that someone exported, which can be read from its beginning any number of times. */
export interface ExportFile {
  /** Its name, without folders. */
  readonly name: string;
  /** Name of the folder or archive it lies in; empty when it does not matter. */
  readonly folder: string;
  /** Bytes, where they are known. */
  readonly size: number;
  open(): Promise<Readable>;
}

/** What a preview and a summary tell of a message. */
export interface Told {
  readonly chat: string;
  /** Tells chats of one name apart; undefined where the name is all there is. */
  readonly chatId?: number;
  /** Epoch seconds; undefined when the export has no time for it. */
  readonly date: number | undefined;
  readonly author: string | undefined;
  /** What the message is: `text`, `photo`, `system`, ... */
  readonly kind: string;
  readonly text: string | undefined;
}

/** Something an export holds: a raw line to be appended, or bytes that cannot be read, with the reason. */
export type Found =
  | { readonly payload: string; readonly told: Told | undefined }
  | { readonly body: Uint8Array; readonly reason: string; readonly told?: undefined };

/** An export as it is read: batches in the order of the file, the same at every reading. */
export interface Reading {
  readonly source: 'telegram' | 'whatsapp';
  /** How the file was understood, for whoever imports it. */
  readonly notes: readonly Note[];
  readonly batches: AsyncIterable<Batch>;
  /** Authors of a chat of two in which the person's number is not known: what was received live of it is doubled. */
  readonly unnumbered?: readonly string[] | undefined;
}

/** A text somebody wrote. */
export interface Saying {
  readonly author: string;
  /** Epoch seconds. */
  readonly date: number;
  readonly text: string;
}

/** What the lake has from the platform, as far as an import asks. */
export interface LiveMessages {
  /** Epoch seconds of the first and last message received from a number; undefined when there is none. */
  period(): Promise<{ readonly from: number; readonly to: number } | undefined>;
  /** What was received from numbers in these minutes (epoch seconds divided by 60). */
  received(minutes: readonly number[]): AsyncIterable<{ readonly number: string; readonly date: number; readonly text: string }>;
}

export interface Batch {
  readonly found: readonly Found[];
  /** Bytes of the file that are read. */
  readonly read: number;
}

/** What a user may decide about an import. */
export interface ImportChoices {
  /** Zone of the phone that exported: IANA name or offset. */
  readonly timezone: string;
  readonly dateOrder: Order | undefined;
  /** Name of a WhatsApp chat, where the file does not tell or tells another. */
  readonly chat: string | undefined;
  /** Author whose messages the business sent. */
  readonly me: string | undefined;
  /** Digits of the number of the person a WhatsApp chat is with, where the file does not tell. */
  readonly number: string | undefined;
  /** Telegram users that are bots of this lake. */
  readonly bots: readonly number[];
}
