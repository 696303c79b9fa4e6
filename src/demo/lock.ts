import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { ChatlakeError } from '../errors.js';

/**
 * Makes sure that one process plays the demonstration in `folder`: two would use the same ids for different messages.
 * The operating system lets go of the lock when its holder ends, however it ends. Throws LAKE_UNAVAILABLE.
 */
export async function holdDemo(folder: string): Promise<() => void> {
  await mkdir(folder, { recursive: true });
  try {
    const instance = await DuckDBInstance.create(join(folder, 'demo.lock'));
    return () => instance.closeSync();
  } catch (error) {
    throw new ChatlakeError(
      'LAKE_UNAVAILABLE',
      `The demonstration in ${folder} cannot be opened: is it running in another window? Stop it there first.`,
      { cause: error },
    );
  }
}
