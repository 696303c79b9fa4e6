import type { TestProject } from 'vitest/node';
import { running } from './browser-lake.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a demonstration of three days, shared by the tests that only look at it. */
    readonly demo: string;
  }
}

/** Offset of the zone in which it is midday: a day of few messages, or its end between two looks at it, would be the clock's doing. */
function midday(): string {
  const hours = 12 - new Date().getUTCHours();
  return `${hours < 0 ? '-' : '+'}${String(Math.abs(hours)).padStart(2, '0')}:00`;
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const lake = await running({ CHATLAKE_TIMEZONE: midday() }, ['--demo-days', '3']);
  project.provide('demo', lake.url);
  return lake.close;
}
