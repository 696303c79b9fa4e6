import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild } from '../support/lake-child.js';
import { type Disturbed, disturbedLake, expectWhole } from '../support/lake-disturbed.js';

/** Rounds of kills at random moments; more with CHATLAKE_ROUNDS. */
const ROUNDS = Number(process.env['CHATLAKE_ROUNDS'] ?? 2);

let lakes: Disturbed;
let writes: { run: number; rebuild: number };

/** Does `work` for `from` to `to`, in steps, two at a time. */
async function each(from: number, to: number, step: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = from;
  const worker = async () => {
    while (next <= to) {
      next += step;
      await work(next - step);
    }
  };
  await Promise.all([worker(), worker()]);
}

beforeAll(async () => {
  lakes = await disturbedLake();
  const counted = async (rebuild: boolean) => {
    const { folder } = await lakes.copy();
    return Number(/writes (\d+)/.exec(await startChild({ run: 'etl', folder, rebuild }).over)?.[1]);
  };
  writes = { run: await counted(false), rebuild: await counted(true) };
});
afterAll(() => lakes.remove());

describe('an ETL run killed around any of its writes', { timeout: 300_000 }, () => {
  it('leaves whole files, and the next run finishes its work', async () => {
    expect(writes.run).toBeGreaterThan(6);
    await each(1, writes.run, 1, async (n) => {
      const lake = await lakes.copy();
      await startChild({ run: 'etl', folder: lake.folder, kill: { when: 'after', n } }).over;
      await lakes.expectRecovery(lake);
    });
  });

  it('is as harmless again and again', async () => {
    const lake = await lakes.copy();
    for (const kill of [
      { when: 'after', n: 2 },
      { when: 'before', n: 4 },
    ] as const) {
      await startChild({ run: 'etl', folder: lake.folder, kill }).over;
      await expectWhole(lake);
    }
    await lakes.expectRecovery(lake);
  });
});

describe('a rebuild killed around a write', { timeout: 300_000 }, () => {
  it('is taken up again by the next run', async () => {
    await each(2, writes.rebuild, Math.ceil(writes.rebuild / 4), async (n) => {
      const lake = await lakes.copy();
      await startChild({ run: 'etl', folder: lake.folder, rebuild: true, kill: { when: 'after', n } }).over;
      await lakes.expectRecovery(lake);
    });
  });
});

describe('an ETL run killed at random moments', () => {
  it('never leaves anything that the next run does not put right', async () => {
    const lake = await lakes.copy();
    for (let round = 0; round < ROUNDS; round += 1) {
      const child = startChild({ run: 'etl', folder: lake.folder, rebuild: round % 2 === 1 });
      await child.ready;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 700));
      child.kill();
      await child.over;
      await expectWhole(lake);
      if (round % 3 === 2) await lakes.expectRecovery(lake);
    }
    await lakes.expectRecovery(lake);
  });
});
