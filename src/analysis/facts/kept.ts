import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { version } from '@duckdb/node-api';
import { dateOfDay, type Day } from '../calendar.js';
import { SHORTEST_WORD, LONGEST_WORD, STOP_WORD_LIST } from '../text/stop-words.js';
import { CODEC_VERSION, decodeFacts, encodeFacts } from './codec.js';
import type { DayFacts } from './day-facts.js';
import { sidesSql, toldSql } from './sides.js';
import { FACT_SOURCES } from './sources.js';
import { dictionarySql, prepareSql, ROWS_SQL } from './statements.js';

/**
 * Facts of days, kept in a folder so that they need not be made again: one file a channel and day, valid for the etag of what it was made
 * from. A record that may be deleted at any time, shared by any number of processes: all of them write the same.
 */
export interface KeptFacts {
  /** Undefined when there are none for this etag. */
  read(channel: number, day: Day, etag: string): Promise<DayFacts | undefined>;
  /** Never rejects: what could not be kept is made again next time. */
  write(facts: DayFacts, etag: string): Promise<void>;
  remove(channel: number, day: Day): Promise<void>;
}

/** Changes with everything that facts depend on beside the files: the statements, the words, the engine that hashes, the layout. */
export function factsFingerprint(): string {
  const hash = createHash('sha256').update(`${CODEC_VERSION} ${version()} ${SHORTEST_WORD} ${LONGEST_WORD} ${STOP_WORD_LIST.join(' ')}`);
  hash.update(ROWS_SQL).update(JSON.stringify(dictionarySql('id')));
  for (const [channel, { select }] of FACT_SOURCES.entries())
    hash
      .update(prepareSql(select({})).join(';'))
      .update(sidesSql(channel, {}) ?? '')
      .update(toldSql(channel, {}) ?? '');
  return hash.digest('hex').slice(0, 16);
}

/** Files of a day are written one at a time, each under its name when it is whole. */
export function keptFacts(folder: string): KeptFacts {
  const own = `facts-${factsFingerprint()}`;
  const place = join(folder, own);
  const fileOf = (channel: number, day: Day) => join(place, `${FACT_SOURCES[channel]?.channel ?? channel}-${dateOfDay(day)}`);
  let opened: Promise<unknown> | undefined;
  let written = 0;

  /** Makes the folder, and clears what other versions of this program left. */
  async function open(): Promise<void> {
    await mkdir(place, { recursive: true });
    for (const name of await readdir(folder))
      if (name.startsWith('facts-') && name !== own) await rm(join(folder, name), { recursive: true, force: true });
  }
  return {
    async read(channel, day, etag) {
      try {
        return decodeFacts(await readFile(fileOf(channel, day)), etag);
      } catch {
        return undefined;
      }
    },
    async write(facts, etag) {
      const file = fileOf(facts.channel, facts.day);
      const part = `${file}.${process.pid}-${(written += 1)}.part`;
      try {
        await (opened ??= open());
        await writeFile(part, encodeFacts(facts, etag));
        await rename(part, file);
      } catch {
        opened = undefined;
        await rm(part, { force: true }).catch(() => undefined);
      }
    },
    remove: (channel, day) => rm(fileOf(channel, day), { force: true }).catch(() => undefined),
  };
}
