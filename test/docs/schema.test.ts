import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { schemaReference } from '../../src/query/reference.js';

const FILE = new URL('../../docs/schema.md', import.meta.url);

it('documents every table and column as declared (UPDATE_DOCS=1 writes it anew)', () => {
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(FILE, schemaReference());
  expect(readFileSync(FILE, 'utf8')).toBe(schemaReference());
});
