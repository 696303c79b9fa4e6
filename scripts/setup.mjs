/**
 * What `npm start`, `npm test` and `npm run bench` share: a fresh clone becomes ready to run with nothing but Node and npm.
 * Plain Node without dependencies, since it runs before there are any. A step is skipped when its result is already there.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);
const STAMP = at('dist', '.stamp');

/** Ends the process with one line. */
export function fail(message, code = 1) {
  process.stderr.write(`chatlake: ${message}\n`);
  process.exit(code);
}

/** Installs and builds what is missing or old: of this project, and of the packages in `folders` that stand on it. */
export function prepare({ build = true, folders = [] } = {}) {
  checkNode();
  for (const folder of ['.', ...folders]) if (!installed(folder)) install(folder);
  if (build) buildIfOld();
}

/** Runs a script of this project with this Node, in the project's folder; forwards signals, and ends with its exit code. */
export function run(script, args) {
  const child = spawn(process.execPath, [at(...script), ...args], { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // On a terminal Ctrl-C reaches the child by itself; a second one would tell it not to finish its work.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  // npm passes a signal on to the shell between it and this process, which dies and tells nobody: its absence is the signal.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 200);
  if (process.env.npm_lifecycle_event === undefined) clearInterval(watch);
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

function checkNode() {
  const wanted = JSON.parse(readFileSync(at('package.json'), 'utf8')).engines.node.replace(/[^\d.]/g, '');
  const [major, minor] = wanted.split('.').map(Number);
  const [ours, oursMinor] = process.versions.node.split('.').map(Number);
  if (ours < major || (ours === major && oursMinor < minor)) {
    fail(`Node ${wanted} or newer is needed, this is ${process.versions.node}. Get one from https://nodejs.org and try again.`);
  }
}

/** Whether node_modules holds exactly what the lock file says: npm writes its own copy of the lock when it is done. */
function installed(folder) {
  const copy = at(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(copy)) return false;
  const wanted = JSON.parse(readFileSync(at(folder, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(copy, 'utf8')).packages;
  const same = ([path, entry]) =>
    path === '' || (present[path] === undefined ? entry.optional === true : present[path].version === entry.version);
  return Object.entries(wanted).every(same) && Object.keys(present).every((path) => path in wanted);
}

function install(folder) {
  process.stderr.write(`chatlake: installing the dependencies of ${join(folder, 'package-lock.json')}, once ...\n`);
  // --include=dev: the compiler is one of them, and NODE_ENV=production would leave it out.
  const done = npm(folder, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error');
  if (done.status !== 0)
    fail(`npm ci failed${done.error ? `: ${done.error.message}` : ' (see above)'}. Check the network and npm's settings, then try again.`);
}

/** Runs npm in a folder: the one that runs this, where there is one. */
function npm(folder, ...args) {
  const options = { cwd: at(folder), stdio: ['ignore', 2, 2] };
  const path = process.env.npm_execpath;
  return path !== undefined && /npm-cli\.[cm]?js$/.test(path)
    ? spawnSync(process.execPath, [path, ...args], options)
    : spawnSync(`npm ${args.join(' ')}`, { ...options, shell: true });
}

function buildIfOld() {
  const wanted = fingerprint();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
  process.stderr.write('chatlake: building ...\n');
  if (npm('.', 'run', '--silent', 'build').status !== 0) fail('the build failed (see above).');
  writeFileSync(STAMP, wanted);
}

/** Changes whenever a source file is added, removed or written. */
function fingerprint() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const stat = statSync(at(path));
    if (stat.isDirectory()) for (const name of readdirSync(at(path)).sort()) visit(join(path, name));
    else hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
  };
  for (const path of [
    'src',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'vite.config.ts',
    'vite.node.config.ts',
  ])
    visit(path);
  return hash.digest('hex');
}
