import { defineConfig } from 'vitest/config';
import { ownTemporaryFolder } from './test/support/temporary.js';

ownTemporaryFolder();

/** Tests of one demonstration, which they look at and do not change: it is started once for all of them. */
const SHARED = 'test/e2e/demo-*.test.ts';

export default defineConfig({
  test: {
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    // A browser beside a busy machine answers late, and is asked again until it does.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      { extends: true, test: { name: 'chatlake', include: ['test/**/*.test.ts'], exclude: [SHARED, 'test/engines/**'] } },
      { extends: true, test: { name: 'demo', include: [SHARED], globalSetup: ['test/support/shared-demo.ts'] } },
    ],
  },
});
