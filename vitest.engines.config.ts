import { defineConfig } from 'vitest/config';
import { ownTemporaryFolder } from './test/support/temporary.js';

ownTemporaryFolder();

/** The suites that need real servers: `npm run test:engines`. Two files at a time: each brings servers of its own, and waits for them as long as it works. */
export default defineConfig({
  test: {
    include: ['test/engines/**/*.engine.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 900_000,
    maxWorkers: 2,
    globalSetup: ['test/engines/support/install.ts'],
    expect: { poll: { timeout: 20_000 } },
  },
});
