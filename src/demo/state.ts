import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ChatlakeError, systemCode } from '../errors.js';
import { FIRST_COUNTERS } from './telegram.js';

const shape = z.object({
  seed: z.string(),
  /** Epoch seconds up to which the simulation was handed out. */
  until: z.number().int(),
  counters: z.object({ messageId: z.number().int(), updateId: z.number().int(), joined: z.number().int() }),
});

/** How far the simulation of one demonstration lake has come. */
export type DemoState = z.infer<typeof shape>;

const fileIn = (folder: string) => join(folder, 'state.json');

/** The state kept in `folder`, or a new one that begins at `from`. Throws LAKE_MISMATCH when it cannot be read. */
export async function readState(folder: string, from: number): Promise<DemoState> {
  try {
    return shape.parse(JSON.parse(await readFile(fileIn(folder), 'utf8')));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { seed: 'clube-de-dados', until: from, counters: FIRST_COUNTERS };
    throw new ChatlakeError(
      'LAKE_MISMATCH',
      `${fileIn(folder)} is damaged: remove the folder ${folder} to begin the demonstration afresh`,
      { cause: error },
    );
  }
}

/** Replaces the state in one step. */
export async function writeState(folder: string, state: DemoState): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(`${fileIn(folder)}.new`, JSON.stringify(state));
  await rename(`${fileIn(folder)}.new`, fileIn(folder));
}
