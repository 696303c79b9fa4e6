import { prepare, run } from './setup.mjs';

prepare();
run(['dist', 'cli.js'], ['up', ...process.argv.slice(2)]);
