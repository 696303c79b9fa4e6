import { basename, dirname } from 'node:path';
import type { Settings } from '../config.js';
import { ChatlakeError, messageOf } from '../errors.js';
import { openExport } from '../import/open.js';
import { importFile } from '../import/run.js';
import type { ImportChoices, LiveMessages } from '../import/types.js';
import { openRawLog } from '../lake/open.js';
import type { Clock, Logger, Store } from '../types.js';
import type { Zone } from '../zone.js';
import type { ImportProblem, ImportView } from './api-types.js';
import { uploadsIn } from './uploads.js';

export interface ImportsOptions {
  readonly settings: Settings;
  readonly raw: Store;
  readonly zone: Zone;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly live: LiveMessages;
  /** Called when lines were written: the tables are to follow. */
  readonly written: () => void;
}

export type PageChoices = Pick<ImportChoices, 'dateOrder' | 'chat' | 'me' | 'number'> & { readonly timezone: string | undefined };

/** Imports from the page: a file comes in parts, is looked at, and is imported when its owner says so. Each throws NOT_FOUND for an unknown id. */
export interface Imports {
  /** Throws LIMIT. */
  begin(name: string, size: number): Promise<ImportView>;
  /** Throws USAGE for a part that is not the next one, LIMIT beyond the announced size. */
  add(id: string, offset: number, bytes: Uint8Array): Promise<ImportView>;
  /** Reads all of it and writes nothing. Returns at once; `view` tells when it is done. */
  preview(id: string, choices: PageChoices): ImportView;
  /** Imports what was looked at, as it was understood then, or goes on with what failed. Asked twice, it imports once. Throws USAGE before. */
  confirm(id: string): ImportView;
  view(id: string): ImportView;
  /** Stops it, and removes the file. What is written stays. */
  discard(id: string): Promise<void>;
  close(): Promise<void>;
}

interface Job {
  state: ImportView['state'];
  read: number;
  messages: number;
  of: number;
  outcomes: ImportView['outcomes'];
  error: ImportView['error'];
  choices: ImportChoices | undefined;
  touched: number;
  /** Whether an import began and failed: what it wrote is not written again. */
  stopped: boolean;
  readonly stop: AbortController;
  running: Promise<void>;
}

/** Milliseconds after which a file that nobody asks for is removed. */
const IDLE = 15 * 60_000;
const LOOK = 60_000;

export function importsOf(options: ImportsOptions): Imports {
  const { settings, clock } = options;
  const uploads = uploadsIn(settings.importMost);
  const jobs = new Map<string, Job>();
  const timer = setInterval(() => void sweep(), LOOK);
  timer.unref();

  const working = ({ state }: Job) => state === 'reading' || state === 'importing';
  async function sweep(): Promise<void> {
    const left = [...jobs].filter(([, job]) => !working(job) && clock.now() - job.touched > IDLE);
    for (const [id] of left) await discard(id);
  }

  function view(id: string): ImportView {
    const { name, size, received } = uploads.find(id);
    const { state, read, messages, of, outcomes, error } = jobOf(id);
    return { id, name, size, received, state, progress: { read, of, messages }, outcomes, error };
  }

  function jobOf(id: string): Job {
    uploads.find(id);
    const job = jobs.get(id);
    if (!job) throw new ChatlakeError('NOT_FOUND', 'There is no such upload.');
    job.touched = clock.now();
    return job;
  }

  async function discard(id: string): Promise<void> {
    const job = jobs.get(id);
    jobs.delete(id);
    job?.stop.abort();
    await job?.running;
    await uploads.discard(id);
  }

  function start(id: string, job: Job, state: 'reading' | 'importing', choices: ImportChoices): ImportView {
    const path = uploads.pathOf(id);
    const { name } = uploads.find(id);
    Object.assign(job, { state, choices, read: 0, messages: 0, of: 0, outcomes: [], error: null, stopped: false });
    job.running = readAll(options, job, { path, name, choices, writing: state === 'importing' })
      .then(async () => {
        if (state === 'importing') await uploads.release(id);
        job.state = state === 'reading' ? 'preview' : 'done';
      })
      .catch((error: unknown) => {
        job.stopped = state === 'importing';
        job.state = 'failed';
        job.error = toldOf(error);
        if (!(error instanceof ChatlakeError)) options.logger.error({ error: messageOf(error) }, 'an import from the page failed');
      })
      .finally(() => void (job.touched = clock.now()));
    return view(id);
  }

  return {
    async begin(name, size) {
      await sweep();
      const { id } = await uploads.begin(name, size);
      const stop = new AbortController();
      const nothing = { read: 0, messages: 0, of: 0, outcomes: [], error: null, choices: undefined, stopped: false };
      jobs.set(id, { ...nothing, state: 'uploading', touched: clock.now(), stop, running: Promise.resolve() });
      return view(id);
    },
    async add(id, offset, bytes) {
      if (jobOf(id).state !== 'uploading') throw new ChatlakeError('USAGE', 'The file is complete.');
      await uploads.add(id, offset, bytes);
      return view(id);
    },
    preview(id, { timezone, ...choices }) {
      const job = jobOf(id);
      if (working(job) || job.state === 'done') throw new ChatlakeError('USAGE', 'The file is being read, or is imported already.');
      return start(id, job, 'reading', { ...choices, timezone: timezone ?? settings.zone.name, bots: ownBots(settings) });
    },
    confirm(id) {
      const job = jobOf(id);
      // Asked again, since the answer was lost.
      if (job.state === 'importing' || job.state === 'done') return view(id);
      if ((job.state !== 'preview' && !job.stopped) || job.choices === undefined)
        throw new ChatlakeError('USAGE', 'Look at the file first: POST .../preview.');
      return start(id, job, 'importing', job.choices);
    },
    view,
    discard: async (id) => {
      jobOf(id);
      await discard(id);
    },
    async close() {
      clearInterval(timer);
      for (const id of jobs.keys()) await discard(id);
      await uploads.close();
    },
  };
}

const ownBots = ({ telegram: { token } }: Settings): readonly number[] => {
  const own = /^\d+/.exec(token ?? '')?.[0];
  return own === undefined ? [] : [Number(own)];
};

/** A failure as its owner may read it; the reason of one that nobody expected is in the log, since it may name paths. */
function toldOf(error: unknown): ImportProblem {
  if (error instanceof ChatlakeError) return { code: error.code, message: error.message, detail: error.detail ?? null };
  return { code: 'IMPORT', detail: null, message: 'The file could not be read. The reason is in the log of the server.' };
}

interface Reading {
  readonly path: string;
  readonly name: string;
  readonly choices: ImportChoices;
  readonly writing: boolean;
}

/** Reads each export in the file. An import has a raw log of its own, so that webhooks do not wait for it. */
async function readAll(options: ImportsOptions, job: Job, { path, name, choices, writing }: Reading): Promise<void> {
  const { settings, raw, zone, clock, logger, live } = options;
  const rawLog = writing ? openRawLog(settings.raw, { zone, clock, logger }, settings.s3) : undefined;
  try {
    const opened = await openExport(path, name);
    try {
      job.of = opened.exports.reduce((sum, { size }) => sum + size, 0);
      let before = { read: 0, messages: 0 };
      for (const file of opened.exports) {
        // The temporary folder has no name that says anything.
        const folder = file.folder === basename(dirname(path)) ? '' : file.folder;
        const outcome = await importFile({
          file: { ...file, folder },
          choices,
          into: rawLog && { raw, rawLog, clock },
          live,
          signal: job.stop.signal,
          onProgress: ({ read, messages }) => Object.assign(job, { read: before.read + read, messages: before.messages + messages }),
        });
        before = { read: before.read + file.size, messages: job.messages };
        const { summary, written, before: earlier, cut } = outcome;
        job.outcomes = [...job.outcomes, { summary, written, before: earlier, cut: cut === undefined ? null : toldOf(cut) }];
      }
    } finally {
      opened.close();
    }
  } finally {
    await rawLog?.close();
    if (writing) options.written();
  }
}
