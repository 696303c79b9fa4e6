import type { TestProject } from 'vitest/node';
import { running } from './browser-lake.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a demonstration of three days, shared by the tests that only look at it. */
    readonly demo: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const lake = await running({}, ['--demo-days', '3']);
  project.provide('demo', lake.url);
  return lake.close;
}
