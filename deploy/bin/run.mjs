/** `npm run deploy` and its like, in a fresh clone with nothing but Node and npm: installs what is missing, then does its job. */
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, prepare } from '../../scripts/setup.mjs';

prepare({ build: false, folders: ['deploy'] });
const cwd = dirname(dirname(fileURLToPath(import.meta.url)));
const done = spawnSync(process.execPath, ['--import', 'tsx', 'bin/run.ts', ...process.argv.slice(2)], { cwd, stdio: 'inherit' });
if (done.error) fail(done.error.message);
process.exit(done.status ?? 1);
