import { defineConfig } from 'vitest/config';
import { ownTemporaryFolder } from './test/support/temporary.js';

ownTemporaryFolder();

/** The suites that need real servers: `npm run test:engines`. One file at a time, as each brings servers of its own to a machine of two cores. */
export default defineConfig({
  test: {
    include: ['test/engines/**/*.engine.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 900_000,
    fileParallelism: false,
    globalSetup: ['test/engines/support/install.ts'],
    expect: { poll: { timeout: 20_000 } },
  },
});
