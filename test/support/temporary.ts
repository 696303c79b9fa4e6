import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives this process, and those it starts, a temporary folder of their own, which goes when it ends. */
export function ownTemporaryFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), 'chatlake-tests-'));
  for (const name of ['TMPDIR', 'TEMP']) process.env[name] = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
}
