import { prepare, run } from './setup.mjs';

// Built as well: the suites run what users run. They install the servers they need, or say why they cannot.
prepare({ folders: ['deploy'] });
run(['node_modules', 'vitest', 'vitest.mjs'], ['run', '--config', 'vitest.engines.config.ts', ...process.argv.slice(2)]);
