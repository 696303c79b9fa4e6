import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { coldTable } from '../../bench/support/cold.js';
import type { SuiteResult } from '../../bench/support/results.js';

const file = (name: string) => new URL(`../../${name}`, import.meta.url);

it('documents the cold starts as they were last measured (UPDATE_DOCS=1 writes them anew)', () => {
  const { cold } = JSON.parse(readFileSync(file('bench/results.json'), 'utf8')) as Record<string, SuiteResult>;
  const table = coldTable(cold?.rows ?? []);
  const page = readFileSync(file('docs/aws.md'), 'utf8');
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file('docs/aws.md'), page.replace(/\| function \| until [^]*?(?=\n\n)/, table));
  expect(readFileSync(file('docs/aws.md'), 'utf8')).toContain(table);
});
