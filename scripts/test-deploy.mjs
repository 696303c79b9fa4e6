import { prepare, run } from './setup.mjs';

// The deployment is a package of its own, and tested apart: its dependencies are large.
prepare({ build: false, folders: ['deploy'] });
run(['node_modules', 'vitest', 'vitest.mjs'], ['run', '--root', 'deploy', '--config', 'vitest.config.ts', ...process.argv.slice(2)]);
