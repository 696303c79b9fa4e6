import { defineConfig } from 'vitest/config';

/** The suites that need real servers: `npm run test:engines`. One file at a time, as each brings servers of its own to a machine of two cores. */
export default defineConfig({
  test: {
    include: ['test/engines/**/*.engine.test.ts'],
    testTimeout: 120_000,
    // The first run of a machine installs what the suites need.
    hookTimeout: 900_000,
    fileParallelism: false,
    expect: { poll: { timeout: 20_000 } },
  },
});
