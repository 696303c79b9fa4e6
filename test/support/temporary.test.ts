import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const HELPER = new URL('temporary.ts', import.meta.url).href;

it('gives a process a temporary folder that goes with it, and what lies in it too', () => {
  const outer = mkdtempSync(join(tmpdir(), 'chatlake-temporary-'));
  const script = `
    const [{ ownTemporaryFolder }, { mkdtempSync, writeFileSync }, { tmpdir }] =
      await Promise.all([import(${JSON.stringify(HELPER)}), import('node:fs'), import('node:os')]);
    ownTemporaryFolder();
    writeFileSync(mkdtempSync(tmpdir() + '/left-') + '/file', '');
    process.stdout.write(tmpdir());
    process.exit();`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
  const made = execFileSync(process.execPath, args, {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    env: { ...process.env, TMPDIR: outer, TEMP: outer },
    encoding: 'utf8',
  });
  expect(made.startsWith(outer)).toBe(true);
  // The loader keeps what it compiled.
  expect(readdirSync(outer).filter((name) => !name.startsWith('tsx-'))).toEqual([]);
});
