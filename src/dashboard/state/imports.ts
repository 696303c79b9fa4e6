import { signal } from '@preact/signals';
import type { ImportView } from '../../server/api-types.js';
import { ask, askJson, isRefusal, type Refusal } from '../api/client.js';
import { droppedIn } from './dropped.js';

/** Bytes of a part; the server takes no longer ones. */
const PART = 1024 * 1024;
/** Milliseconds between two looks at a file that is being read, and before a part is sent again. */
const LOOK = 400;
const TRIES = 5;
const BETWEEN_TRIES = 1000;

/** What whoever imports may decide; empty texts leave it to the server. */
export interface Choices {
  readonly timezone: string;
  readonly dateOrder: '' | 'dmy' | 'mdy' | 'ymd';
  readonly chat: string;
  readonly me: string;
  /** Of the person a chat of two is with. */
  readonly number: string;
}

export const NO_CHOICES: Choices = { timezone: '', dateOrder: '', chat: '', me: '', number: '' };

/** A file that somebody chose, and how far it is. */
export interface Import {
  readonly key: number;
  readonly name: string;
  readonly size: number;
  /** Null until the server knows it. */
  readonly view: ImportView | null;
  readonly error: Refusal | null;
  readonly choices: Choices;
  /** Takes the step again that failed; null where nothing failed, or it would fail again. */
  readonly again: (() => void) | null;
}

/** Files on their way, in the order they were chosen. They go on while other pages are looked at. */
export const imports = signal<readonly Import[]>([]);

let last = 0;
let queue: Promise<unknown> = Promise.resolve();

const find = (key: number): Import | undefined => imports.peek().find((one) => one.key === key);
const change = (key: number, to: Partial<Import>): void => {
  imports.value = imports.peek().map((one) => (one.key === key ? { ...one, ...to } : one));
};
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const address = (id: string, then = '') => `/api/imports/${encodeURIComponent(id)}${then}`;
const working = ({ state }: ImportView): boolean => state === 'reading' || state === 'importing';

const add = ({ name, size, error }: Pick<Import, 'name' | 'size' | 'error'>): number => {
  const key = ++last;
  imports.value = [...imports.peek(), { key, name, size, view: null, error, choices: NO_CHOICES, again: null }];
  return key;
};

/** What the browser itself cannot take. */
const unusable = (code: 'EMPTY_FILE' | 'UNREADABLE_FILE' | 'NO_EXPORT_IN_FOLDER'): Refusal => ({ status: 0, code, message: '' });

/** Sends files one after the other, and looks into each. */
export function addFiles(files: Iterable<File>): void {
  for (const file of files) {
    const key = add({ name: file.name, size: file.size, error: null });
    queue = queue.then(() => told(key, () => send(key, file)));
  }
}

/** Takes what was dropped; a folder without an export is named as one. */
export async function addDropped(transfer: DataTransfer): Promise<void> {
  const { files, without } = await droppedIn(transfer);
  for (const name of without) add({ name, size: 0, error: unusable('NO_EXPORT_IN_FOLDER') });
  addFiles(files);
}

/** Runs a step; what is refused stands beside the file. */
async function told(key: number, step: () => Promise<void>): Promise<void> {
  change(key, { error: null, again: null });
  try {
    await step();
  } catch (failure) {
    if (!isRefusal(failure)) throw failure;
    change(key, { error: failure, again: mayPass(failure) ? () => void told(key, step) : null });
  }
}

/** Whether the same may go well a little later: the server was not reached, or could not just then. */
const mayPass = ({ status, code }: Refusal): boolean => status >= 500 || status === 429 || code === 'UNREACHED' || code === 'LIMIT';

async function send(key: number, file: File): Promise<void> {
  const begun = find(key);
  if (begun === undefined) return;
  if (begun.view !== null) void leave(begun.view.id);
  if (file.size === 0) throw unusable('EMPTY_FILE');
  await bytesOf(file, 0, 1);
  let view = await askJson<ImportView>('/api/imports', { body: { name: file.name, size: file.size } });
  change(key, { view });
  while (view.received < view.size) {
    if (find(key) === undefined) return leave(view.id);
    view = await sendPart(view, file);
    change(key, { view });
  }
  await look(key, NO_CHOICES);
}

/** A part of a file; rejects when the file is gone, has changed, or is none. */
async function bytesOf(file: File, from: number, to: number): Promise<Blob> {
  try {
    return new Blob([await file.slice(from, to).arrayBuffer()]);
  } catch {
    throw unusable('UNREADABLE_FILE');
  }
}

/** A part is added once however often it is sent: tried again while the server is not reached. */
async function sendPart({ id, received }: ImportView, file: File): Promise<ImportView> {
  const bytes = await bytesOf(file, received, received + PART);
  for (let tries = 1; ; tries += 1) {
    try {
      return await askJson<ImportView>(address(id, `?offset=${received}`), { bytes });
    } catch (failure) {
      if (!isRefusal(failure) || tries >= TRIES || (failure.status > 0 && failure.status < 500)) throw failure;
      await pause(BETWEEN_TRIES);
    }
  }
}

/** Has the file read under these choices; nothing is written. */
export async function preview(key: number, choices: Choices): Promise<void> {
  await told(key, () => look(key, choices));
}

async function look(key: number, choices: Choices): Promise<void> {
  change(key, { choices });
  const body = Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== ''));
  await step(key, '/preview', body);
}

/** Imports the file as it was understood. */
export const confirm = (key: number): Promise<void> =>
  told(key, async () => {
    await step(key, '/confirm', {});
    if (find(key)?.view?.state === 'failed') change(key, { again: () => void confirm(key) });
  });

/** Takes a step and follows it to its end. */
async function step(key: number, name: string, body: object): Promise<void> {
  const id = find(key)?.view?.id;
  if (id === undefined) return;
  let view = await askJson<ImportView>(address(id, name), { body });
  change(key, { view });
  while (working(view)) {
    await pause(LOOK);
    if (find(key) === undefined) return;
    try {
      view = await askJson<ImportView>(address(id));
      change(key, { view });
    } catch (failure) {
      // The server goes on without being looked at.
      if (!isRefusal(failure) || failure.status !== 0) throw failure;
    }
  }
}

/** Takes a file off the list: stops it, and has the server forget it. */
export function discard(key: number): void {
  const id = find(key)?.view?.id;
  imports.value = imports.peek().filter((one) => one.key !== key);
  if (id !== undefined) void leave(id);
}

const leave = async (id: string): Promise<void> => {
  // What is not asked for any more is removed after a while anyway.
  await ask(address(id, '/discard'), { body: {}, keepalive: true }).catch(() => undefined);
};

// Whoever leaves the page cannot confirm any more what is not imported; an import goes on.
addEventListener('pagehide', ({ persisted }) => {
  if (persisted) return;
  for (const { view } of imports.peek()) if (view !== null && view.state !== 'importing' && view.state !== 'done') void leave(view.id);
});
