import { defineConfig } from 'vitest/config';

/** The templates are made once a file, which takes seconds; nothing here talks to AWS. */
export default defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 240_000, hookTimeout: 240_000, maxWorkers: 2 },
});
