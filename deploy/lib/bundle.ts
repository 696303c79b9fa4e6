import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Packages } from './functions.js';

const here = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const FOLDER = here('.build');

export interface BundleOptions {
  /** Where the two packages go. */
  readonly folder?: string;
  /** Of the machine that will run them. */
  readonly cpu?: 'arm64' | 'x64';
}

/** Where `bundle` puts the packages. Throws when it has not. */
export function packagesIn(folder = FOLDER): Packages {
  const packages = { light: join(folder, 'light'), full: join(folder, 'full') };
  for (const path of Object.values(packages))
    if (!existsSync(join(path, 'lambda.mjs'))) throw new Error(`${path} is not built yet: npm run deploy, diff and synth build it first`);
  return packages;
}

/**
 * Builds what the functions run: the handlers with all they import, in files that are loaded when they are needed; and the same with the
 * SQL engine for the machine's processor. The engine is fetched once and stays until its version changes.
 */
export async function bundle({ folder = FOLDER, cpu = 'arm64' }: BundleOptions = {}): Promise<Packages> {
  const light = join(folder, 'light');
  const full = join(folder, 'full');
  rmSync(light, { recursive: true, force: true });
  await build({
    entryPoints: { lambda: here('../src/server/lambda.ts') },
    outdir: light,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    // The AWS SDK's modules as they are: of its CommonJS form, an `import()` would see no names.
    mainFields: ['module', 'main'],
    target: 'node22',
    format: 'esm',
    minify: true,
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    external: ['@duckdb/*'],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning',
  });
  const engine = engineFor(cpu, join(folder, `engine-${cpu}`));
  rmSync(full, { recursive: true, force: true });
  mkdirSync(full, { recursive: true });
  cpSync(light, full, { recursive: true });
  cpSync(join(engine, 'node_modules'), join(full, 'node_modules'), { recursive: true });
  return packagesIn(folder);
}

/** Installs the SQL engine for `cpu`, whatever this machine's is. */
function engineFor(cpu: string, folder: string): string {
  const library = join(folder, 'node_modules', '@duckdb', `node-bindings-linux-${cpu}`, 'libduckdb.so');
  const wanted = createHash('sha256')
    .update(readFileSync(here('lambda/package-lock.json')))
    .digest('hex');
  const stamp = join(folder, '.stamp');
  if (existsSync(library) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return folder;
  rmSync(folder, { recursive: true, force: true });
  cpSync(here('lambda'), folder, { recursive: true });
  const flags = [
    '--os=linux',
    `--cpu=${cpu}`,
    '--libc=glibc',
    '--omit=dev',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
  ];
  const done = spawnSync('npm', ['ci', ...flags, '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (done.status !== 0) throw new Error(`npm ci for linux-${cpu} failed: check the network and npm's settings`);
  // npm leaves an optional package out without a word when the registry has none for this processor.
  if (!existsSync(library)) throw new Error(`the SQL engine has no library for linux-${cpu} in this version`);
  writeFileSync(stamp, wanted);
  return folder;
}
