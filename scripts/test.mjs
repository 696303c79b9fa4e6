import { prepare, run } from './setup.mjs';

// Built as well: the end-to-end tests run what users run.
prepare();
run(['node_modules', 'vitest', 'vitest.mjs'], ['run', ...process.argv.slice(2)]);
