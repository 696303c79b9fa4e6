import { prepare, run } from './setup.mjs';

prepare();
run(['node_modules', 'tsx', 'dist', 'cli.mjs'], ['bench/main.ts', ...process.argv.slice(2)]);
