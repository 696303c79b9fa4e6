import { defineConfig } from 'vitest/config';
import { ownTemporaryFolder } from '../test/support/temporary.js';

ownTemporaryFolder();

/** The templates are made once a file, which takes seconds; nothing here talks to AWS. */
export default defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 240_000, hookTimeout: 240_000, maxWorkers: 2 },
});
