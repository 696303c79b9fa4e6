import { writeFile } from 'node:fs/promises';
import type { Store } from '../types.js';
import type { Input } from './plan.js';

/** Objects on their way at once: enough to hide how long each takes, few enough for one processor. */
const AT_ONCE = 64;
/** Bytes above which an object is streamed to the disk instead. */
const LARGE = 8 * 1024 * 1024;

/**
 * The raw lake, where it is not on this machine, with the objects of `inputs` fetched before they are asked for in turn: getting thousands
 * of small ones takes as long as a few.
 */
export function fetchedAhead(raw: Store, inputs: readonly Input[], temporary: (suffix: string) => Promise<string>): Store {
  if (raw.url === raw.folder || inputs.length < 2) return raw;
  const place = new Map(inputs.map(({ object }, index) => [object.key, index]));
  const under = new Map<number, Promise<string>>();
  let ahead = 0;

  async function fetch({ object }: Input): Promise<string> {
    if (object.size > LARGE) return (await raw.checkout(object.key, object)).path;
    const [bytes, path] = await Promise.all([raw.read(object.key), temporary(/\.\w+$/.exec(object.key)?.[0] ?? '')]);
    await writeFile(path, bytes);
    return path;
  }

  function begin(upTo: number): void {
    for (; ahead < Math.min(upTo, inputs.length); ahead += 1) {
      const path = fetch(inputs[ahead] as Input);
      // Whoever asks for it hears of a failure; nobody may.
      path.catch(() => undefined);
      under.set(ahead, path);
    }
  }

  return {
    ...raw,
    local: async (key) => {
      const index = place.get(key);
      if (index === undefined) return raw.local(key);
      begin(index + AT_ONCE);
      return under.get(index) ?? raw.local(key);
    },
  };
}
