import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type Grams, GRAMS_VERSION, newGrams } from './grams.js';

/**
 * The grams of days, kept in a folder so that they need not be made again: one file a table and day, valid for the etag of the day's file. It may be
 * deleted at any time, and is shared by any number of processes: all of them write the same.
 */
export interface KeptGrams {
  /** Undefined when there are none for this etag. */
  read(table: string, date: string, etag: string): Promise<Grams | undefined>;
  /** Never rejects: what could not be kept is made again next time. */
  write(table: string, date: string, etag: string, grams: Grams): Promise<void>;
}

const CHECKSUM = 4;

/** Files are the checksum of the rest, the grams, and the etag. */
export function keptGrams(folder: string): KeptGrams {
  const own = `grams-${GRAMS_VERSION}`;
  const size = newGrams().length;
  const fileOf = (table: string, date: string) => join(folder, own, `${table}-${date}`);
  let opened: Promise<unknown> | undefined;
  let written = 0;

  /** Makes the folder, and clears what other versions of this program left. */
  async function open(): Promise<void> {
    await mkdir(join(folder, own), { recursive: true });
    for (const name of await readdir(folder))
      if (name.startsWith('grams-') && name !== own) await rm(join(folder, name), { recursive: true, force: true });
  }
  return {
    async read(table, date, etag) {
      const bytes = await readFile(fileOf(table, date)).catch(() => undefined);
      if (bytes === undefined || bytes.length < CHECKSUM + size) return undefined;
      const rest = bytes.subarray(CHECKSUM);
      if (bytes.readUInt32LE(0) !== crc32(rest) || rest.toString('utf8', size) !== etag) return undefined;
      return new Uint8Array(rest.subarray(0, size));
    },
    async write(table, date, etag, grams) {
      const file = fileOf(table, date);
      const part = `${file}.${process.pid}-${(written += 1)}.part`;
      const rest = Buffer.concat([grams, Buffer.from(etag)]);
      const checksum = Buffer.alloc(CHECKSUM);
      checksum.writeUInt32LE(crc32(rest));
      try {
        await (opened ??= open());
        await writeFile(part, Buffer.concat([checksum, rest]));
        await rename(part, file);
      } catch {
        opened = undefined;
        await rm(part, { force: true }).catch(() => undefined);
      }
    },
  };
}
