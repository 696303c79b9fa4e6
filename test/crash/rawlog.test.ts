import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../lake/disks.js';
import { rawLines } from '../lake/raw.js';
import { flood, serving } from '../server/serving.js';

/** Bounded by time, so that a slow machine does fewer rounds. */
const MILLISECONDS = 20_000;
const FEWEST = 3;

describe('the raw log', () => {
  it('has every update it acknowledged, whenever the process is killed', async () => {
    const folder = await temporaryFolder();
    const acknowledged: number[] = [];
    const began = performance.now();
    for (let round = 0; round < FEWEST || performance.now() - began < MILLISECONDS; round++) {
      const { child, port, exited } = await serving(folder);
      const load = flood(port, round * 1_000_000);
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 500));
      child.kill('SIGKILL');
      await exited;
      await load.stop();
      acknowledged.push(...load.acknowledged);
    }
    // Throws when a complete line is not JSON or not in its place.
    const kept = new Set((await rawLines(folder)).map((line) => line.fields['update_id']));
    expect(acknowledged.length).toBeGreaterThan(100);
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  }, 120_000);
});
