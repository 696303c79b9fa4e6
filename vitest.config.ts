import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // A browser beside a busy machine answers late, and is asked again until it does.
    expect: { poll: { timeout: 20_000 } },
  },
});
