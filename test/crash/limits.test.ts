import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../lake/disks.js';
import { rawLines } from '../lake/raw.js';
import { flood, type Serving, serving, until } from '../server/serving.js';

const canLimit = (() => {
  try {
    execFileSync('prlimit', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const NEEDS_PRLIMIT = canLimit ? '' : ' (skipped: prlimit sets limits of a running process on Linux only)';

const limit = ({ child }: Serving, ...limits: string[]) => execFileSync('prlimit', ['--pid', String(child.pid), ...limits]);
const openFiles = ({ child }: Serving) => readdirSync(`/proc/${child.pid}/fd`).length;

describe.skipIf(!canLimit)(`a receiver at a limit of the system${NEEDS_PRLIMIT}`, () => {
  const LIMITS: readonly (readonly [string, (server: Serving) => string[], string])[] = [
    ['a file that may not grow: writes are cut short, then refused (EFBIG)', () => ['--fsize=60000:unlimited'], '--fsize=unlimited'],
    [
      'no file descriptor left (EMFILE) when a new segment is due',
      (server) => ['--fsize=60000:unlimited', `--nofile=${openFiles(server)}:4096`],
      '--fsize=unlimited',
    ],
  ];
  it.each(LIMITS)(
    'loses nothing acknowledged and works again without a restart: %s',
    async (_, limits, lifted) => {
      const folder = await temporaryFolder();
      const server = await serving(folder);
      const load = flood(server.port, 1);
      await until(() => load.acknowledged.length > 50);
      limit(server, ...limits(server));
      await until(() => server.log().includes('cannot be written'));
      await delay(300);
      limit(server, lifted, '--nofile=4096:4096');
      const before = load.acknowledged.length;
      await until(() => load.acknowledged.length > before + 200);
      await load.stop();
      server.child.kill('SIGTERM');
      expect(await server.exited).toBe(0);
      expect(server.log()).toContain('can be written again');
      // A line that was refused may be there all the same, whole: it was never acknowledged, and comes again.
      const kept = (await rawLines(folder)).map((line) => Number(line.fields['update_id']));
      expect(new Set(kept).size).toBe(kept.length);
      const there = new Set(kept);
      expect(load.acknowledged.filter((id) => !there.has(id))).toEqual([]);
    },
    120_000,
  );
});
