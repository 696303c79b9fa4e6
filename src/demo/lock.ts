import { join } from 'node:path';
import { ChatlakeError } from '../errors.js';
import { lockFile } from '../etl/lock.js';

/**
 * Makes sure that one process plays the demonstration in `folder`: two would use the same ids for different messages.
 * Returns what ends that. Throws LAKE_UNAVAILABLE.
 */
export async function holdDemo(folder: string): Promise<() => void> {
  const release = await lockFile(join(folder, 'demo.lock'));
  if (release) return release;
  throw new ChatlakeError('LAKE_UNAVAILABLE', `The demonstration in ${folder} is running in another window. Stop it there first.`);
}
