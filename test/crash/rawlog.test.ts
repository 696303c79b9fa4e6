import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../lake/disks.js';
import { rawLines } from '../lake/raw.js';
import { flood, serving, until } from '../server/serving.js';

/** Bounded by time, so that a slow machine does fewer rounds. */
const MILLISECONDS = 20_000;
const FEWEST = 6;
/** Processes that share the lake. */
const AT_ONCE = 3;

describe('the raw log', () => {
  it('has every update it acknowledged, whenever the process is killed', async () => {
    const folder = await temporaryFolder();
    const acknowledged: number[] = [];
    const end = performance.now() + MILLISECONDS;
    let kills = 0;
    const killing = async () => {
      while (kills < FEWEST || performance.now() < end) {
        const { child, port, exited } = await serving(folder);
        const load = flood(port, kills++ * 1_000_000);
        await until(() => load.acknowledged.length > 0);
        // The moment is the test's input, not something it waits for.
        await delay(Math.random() * 300);
        child.kill('SIGKILL');
        await exited;
        await load.stop();
        acknowledged.push(...load.acknowledged);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, killing));
    // Throws when a complete line is not JSON or not in its place.
    const kept = new Set((await rawLines(folder)).map((line) => line.fields['update_id']));
    expect(acknowledged.length).toBeGreaterThan(kills);
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  }, 120_000);
});
