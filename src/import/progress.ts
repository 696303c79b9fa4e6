import { createHash } from 'node:crypto';
import { ChatlakeError } from '../errors.js';
import type { Store } from '../types.js';
import type { ExportFile, ImportChoices } from './types.js';

/** How far the import of one file has come; kept in the raw lake as `_imports/<key>.json`. */
export interface ImportRecord {
  readonly file: string;
  readonly source: string;
  /** Things found in the file, in its order, that are durable in the raw lake. */
  readonly written: number;
  readonly done: boolean;
  /** Epoch milliseconds when its first run began to write, and of the last change. */
  readonly began: number;
  readonly at: number;
}

const folder = '_imports/';

/** Names an import: the bytes of the file and how they are to be understood. */
export async function importKey(file: ExportFile, choices: ImportChoices, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of await file.open()) {
    if (signal?.aborted) throw new ChatlakeError('CANCELLED', 'Stopped before anything was written.');
    hash.update(chunk as Buffer);
  }
  hash.update(JSON.stringify([file.name, file.folder, choices]));
  return hash.digest('hex').slice(0, 32);
}

export async function readRecord(raw: Store, key: string): Promise<ImportRecord | undefined> {
  try {
    const record = JSON.parse(new TextDecoder().decode(await raw.read(`${folder}${key}.json`))) as Partial<ImportRecord> | null;
    if (typeof record?.written !== 'number' || typeof record.done !== 'boolean') return undefined;
    return { began: record.at ?? 0, ...(record as Omit<ImportRecord, 'began'>) };
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof ChatlakeError && error.code === 'NOT_FOUND')) return undefined;
    throw error;
  }
}

/** Throws CONFLICT when another process imports the same file. */
export async function writeRecord(raw: Store, key: string, record: ImportRecord): Promise<void> {
  const name = `${folder}${key}.json`;
  const etag = await raw.get(name).then(
    (found) => found.etag,
    (error: unknown) => {
      if (error instanceof ChatlakeError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    },
  );
  await raw.write(name, `${JSON.stringify(record)}\n`, etag === undefined ? { ifAbsent: true } : { ifMatch: etag });
}
