import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { chatlake } from '../support/cli.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What the instructions of a name in the Dockerfile say, in order. */
async function instructions(name: string): Promise<string[]> {
  const text = (await readFile(join(ROOT, 'Dockerfile'), 'utf8')).replaceAll('\\\n', ' ');
  return text.split('\n').flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []));
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chatlake-image-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

it('is built from nothing but what it copies, and starts as its entry point says', async () => {
  const [build, app, data] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()];
  for (const copy of await instructions('COPY')) {
    if (copy.startsWith('--from') || copy.endsWith('/app/')) continue;
    for (const name of copy.split(' ').slice(0, -1)) await cp(join(ROOT, name), join(build, name), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(build, 'node_modules'));
  execFileSync('npm', ['run', 'build'], { cwd: build, stdio: 'pipe' });

  for (const [file, ...owners] of [
    ['dist/licenses.md', '## hono - ', '## zod - '],
    ['dist/dashboard/licenses.md', '## preact - ', 'The Inter Project Authors'],
  ] as const)
    for (const owner of owners) expect(await readFile(join(build, file), 'utf8')).toContain(owner);

  await cp(join(build, 'dist'), join(app, 'dist'), { recursive: true });
  for (const name of ['package.json', 'LICENSE']) await cp(join(ROOT, name), join(app, name));
  const { dependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  for (const name of Object.keys(dependencies)) {
    await mkdir(dirname(join(app, 'node_modules', name)), { recursive: true });
    await symlink(join(ROOT, 'node_modules', name), join(app, 'node_modules', name));
  }
  const before = await readdir(app);

  const settings = (await instructions('ENV')).flatMap((line) => line.split(' ')).map((pair) => pair.split('=') as [string, string]);
  const env = Object.fromEntries(settings.map(([name, value]) => [name, value.replace(/^\/data/, data)]));
  const [entry] = (await instructions('ENTRYPOINT')).map((json) => (JSON.parse(json) as string[])[1]?.replace(/^\/app/, app));
  const run = chatlake(data, ['up', '--demo-days', '1'], { ...env, CHATLAKE_PORT: '0', CHATLAKE_PASSWORD: 'only for this test' }, entry);
  const [, page = ''] = await run.says(/Page: +(http:\S+)/);
  expect((await fetch(new URL('/healthz', page.replace('0.0.0.0', '127.0.0.1')))).status).toBe(200);
  run.child.kill('SIGTERM');
  expect([await run.ended, run.err()]).toEqual([0, '']);
  expect(await readdir(app)).toEqual(before);
  expect(await readdir(data)).toEqual(['data']);
});
