import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normalForm } from '../../src/analysis/text/normal.js';
import { isQuestion, questionKind } from '../../src/analysis/text/question.js';
import { duckdbEngine } from '../../src/query/duckdb.js';
import { literal } from '../../src/sources/shape.js';
import type { QueryEngine } from '../../src/types.js';
import { ask, newRoot } from '../query/lake.js';

const FIXTURE = JSON.parse(readFileSync(new URL('./fixtures/question-kinds.json', import.meta.url), 'utf8')) as Readonly<
  Record<'question' | 'greeting' | 'tag' | 'none', readonly string[]>
>;
const labelled = Object.entries(FIXTURE).flatMap(([label, texts]) => texts.map((text) => ({ label, text })));
const rowsOf = (texts: readonly (string | null)[]): string =>
  `(VALUES ${texts.map((text, at) => `(${at}, ${text === null ? 'CAST(NULL AS VARCHAR)' : literal(text)})`).join(', ')}) t(place, said)`;

let root: string;
let engine: QueryEngine;
beforeAll(async () => {
  root = await newRoot();
  engine = await duckdbEngine({ root, threads: 2 });
});
afterAll(async () => {
  await engine.close();
  await rm(root, { recursive: true, force: true });
});

/** What an expression over `said` gives for each text, in the spelling that Trino shares. */
const column = async (expression: string, texts: readonly (string | null)[]): Promise<unknown[]> =>
  (await ask(engine, `SELECT ${expression} FROM ${rowsOf(texts)} ORDER BY place`)).map(([value]) => value);

/** The same in DuckDB's own spelling. */
async function columnOfDuckdb(expression: string, texts: readonly (string | null)[]): Promise<unknown[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const rows = await connection.runAndReadAll(`SELECT ${expression} FROM ${rowsOf(texts)} ORDER BY place`);
  connection.closeSync();
  return rows.getRows().map(([value]) => value);
}

const ODD: readonly (string | null)[] = [
  null,
  '',
  '?',
  '¿',
  'kkkk?',
  '￿?',
  'a\nb?\r\nc',
  'é?',
  'e\u0301 bom?',
  '你好吗？',
  'هل هذا صحيح؟',
  "it's 5' or 6\"?",
  '\\p{L}+ ?',
  `${'a '.repeat(5000)}?`,
];

describe('what asks something', () => {
  it('is told as well as docs/metrics.md says', async () => {
    const found = await column(
      questionKind('said', 'trino'),
      labelled.map(({ text }) => text),
    );
    const wrong = labelled.filter(({ label }, at) => (found[at] ?? 'none') !== label).map(({ label, text }) => `${label}: ${text}`);
    const asked = found.filter((kind) => kind === 'question').length;
    const right = labelled.filter(({ label }, at) => label === 'question' && found[at] === 'question').length;
    expect(right / asked, wrong.join('\n')).toBeGreaterThanOrEqual(0.96);
    expect(right / FIXTURE.question.length, wrong.join('\n')).toBeGreaterThanOrEqual(0.96);
    expect(wrong.length / labelled.length, wrong.join('\n')).toBeLessThanOrEqual(0.05);
  });

  it('is the same in both spellings of SQL, and with the normal form at hand', async () => {
    const texts = [...labelled.map(({ text }) => text), ...ODD];
    const told = await column(questionKind('said', 'trino'), texts);
    expect(await columnOfDuckdb(questionKind('said', 'duckdb'), texts)).toEqual(told);
    expect(await columnOfDuckdb(questionKind('said', 'duckdb', normalForm('said', 'duckdb')), texts)).toEqual(told);
    expect(await column(isQuestion('said', 'trino'), texts)).toEqual(told.map((kind) => kind === 'question'));
  });
});

describe('the normal form', () => {
  const same: readonly (readonly [string, readonly string[]])[] = [
    ['ola tudo bem', ['Olá, tudo bem?', 'OLA tudo  BEM!!!', '"olá"\n(tudo) bem']],
    ['kkk', ['kkkkkk', 'KKKKK', 'hahaha', 'rsrsrs', 'jajaja 😂😂', 'kkk haha kkk', 'ahahaha']],
    ['acao', ['Ação', 'ac\u0327a\u0303o', 'ÃÇÃO'.replace('ÃÇ', 'AÇ')]],
    ['haja coracao kkk', ['Haja coração kkkkk', 'haja CORAÇÃO... 😂']],
    ['👍', ['👍', '👍🏽', '👍️!']],
    ['नमस्ते दुनिया', ['नमस्ते, दुनिया।']],
    ['', ['', '...', '?!', ' ']],
  ];

  it('is one for texts that differ in case, accents, punctuation and laughter', async () => {
    for (const [form, texts] of same) expect(await column(normalForm('said', 'trino'), texts)).toEqual(texts.map(() => form));
  });

  it('is the same in both spellings of SQL', async () => {
    const texts = [...labelled.map(({ text }) => text), ...same.flatMap(([, some]) => some), ...ODD];
    expect(await columnOfDuckdb(normalForm('said', 'duckdb'), texts)).toEqual(await column(normalForm('said', 'trino'), texts));
  });
});
