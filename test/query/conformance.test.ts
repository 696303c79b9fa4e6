import { afterAll, beforeAll, describe } from 'vitest';
import { duckdbEngine } from '../../src/query/duckdb.js';
import type { QueryEngine } from '../../src/types.js';
import { testEngine } from '../conformance/engine.js';
import { newRoot, smallLake } from './lake.js';

describe('the embedded engine', () => {
  let engine: QueryEngine;
  beforeAll(async () => {
    const root = await newRoot();
    await smallLake(root);
    engine = await duckdbEngine({ root, threads: 2 });
  });
  afterAll(() => engine.close());
  testEngine(() => engine);
});
