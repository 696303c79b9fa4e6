import { ChatlakeError } from '../errors.js';
import type { Clock, RawLog, Store } from '../types.js';
import { type Zone, zoneOf } from '../zone.js';
import { faulty } from './notes.js';
import { readExport } from './open.js';
import { importKey, type ImportRecord, readRecord, writeRecord } from './progress.js';
import { newRejects } from './rejects.js';
import { type ImportSummary, summarizer } from './summary.js';
import type { ExportFile, ImportChoices, LiveMessages } from './types.js';
import { acquainted } from './whatsapp/acquaint.js';
import { rawWriter } from './writer.js';

export interface ImportOptions {
  readonly file: ExportFile;
  readonly choices: ImportChoices;
  /** Without it nothing is written: a preview. */
  readonly into?: { readonly raw: Store; readonly rawLog: RawLog; readonly clock: Clock } | undefined;
  /** What the platform delivered, by which people of an export may be known. */
  readonly live?: LiveMessages | undefined;
  /** Import what was imported before. */
  readonly again?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Called often. `read` of `file.size` bytes. */
  readonly onProgress?: ((progress: { readonly read: number; readonly messages: number }) => void) | undefined;
}

export interface ImportOutcome {
  readonly summary: ImportSummary;
  /** Lines that this run appended, and those that an earlier one had. */
  readonly written: number;
  readonly before: number;
  /** Epoch milliseconds when the first run that wrote of this file began. */
  readonly began: number;
  /** Why the file could not be read to its end; what comes before is imported. */
  readonly cut: ChatlakeError | undefined;
}

/** Findings after which it is remembered how far the import has come. */
const STEP = 50_000;

/**
 * Reads an export and appends what it holds to the raw lake, as lines in the shape the platform's API would have sent. What an earlier,
 * interrupted run wrote is not written again; what it wrote and could not note is, and the ETL knows it by its ids. Bodies that cannot be
 * read have none: they are looked up in the lake.
 * Throws IMPORT for a file that is no export, LAKE_UNAVAILABLE, and CANCELLED when the signal stopped it.
 */
export async function importFile(options: ImportOptions): Promise<ImportOutcome> {
  const { file, choices, into, live, signal, onProgress } = options;
  const zone = phoneZone(choices.timezone);
  let reading = await readExport(file, zone, choices);
  if (live && reading.unnumbered) reading = await readExport(file, zone, (await acquainted(reading, choices, live)) ?? choices);
  const key = into ? await importKey(file, choices, signal) : '';
  const record = into && !options.again ? await readRecord(into.raw, key) : undefined;
  const before = record?.written ?? 0;
  const began = record?.began ?? into?.clock.now() ?? 0;
  let isNew: Awaited<ReturnType<typeof newRejects>> | undefined;
  const writer = into && rawWriter(into.rawLog, reading.source);
  const sums = summarizer(file.name, reading.source, reading.notes);
  let seen = 0;
  let noted = before;
  const note = async (done: boolean) => {
    await writer?.settled();
    const now: ImportRecord = {
      file: file.name,
      source: reading.source,
      written: Math.max(seen, before),
      done,
      began,
      at: into?.clock.now() ?? 0,
    };
    if (into) await writeRecord(into.raw, key, now);
    noted = now.written;
  };
  let cut: ChatlakeError | undefined;
  try {
    for await (const { found, read } of reading.batches) {
      if (signal?.aborted) throw stopped(into !== undefined);
      if (record === undefined && seen === 0 && found.length > 0) await note(false);
      for (const one of found) sums.add(one);
      if (into && found.some((one) => 'body' in one)) isNew ??= await newRejects(into.raw, reading.source);
      const fresh = found.filter((one, at) => (!('body' in one) || (isNew?.(one) ?? true)) && seen + at >= before);
      seen += found.length;
      await writer?.write(fresh);
      if (into && seen - noted >= STEP) await note(false);
      onProgress?.({ read, messages: seen });
    }
    // What follows the last message is read as well, and makes no batch.
    onProgress?.({ read: file.size, messages: seen });
  } catch (error) {
    // What was read before a cut is as good as the rest.
    if (!(error instanceof ChatlakeError && error.code === 'IMPORT') || seen === 0) {
      if (seen > noted) await note(false).catch(() => undefined);
      throw error;
    }
    cut = error;
  }
  if (into) await note(true);
  return { summary: sums.summary(), written: into ? Math.max(0, seen - before) : 0, before: Math.min(before, seen), began, cut };
}

const stopped = (writing: boolean): ChatlakeError =>
  new ChatlakeError(
    'CANCELLED',
    writing ? 'Stopped. What is written stays; the same command goes on from there.' : 'Stopped. Nothing was written.',
  );

function phoneZone(name: string): Zone {
  const zone = zoneOf(name);
  if (!zone)
    throw faulty(
      'no-timezone',
      `--timezone must be an IANA time zone such as America/Sao_Paulo, or an offset such as -03:00, not "${name}"`,
    );
  return zone;
}
