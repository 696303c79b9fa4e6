import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../../shared/corpora/', import.meta.url));

/** Path of a corpus beside the checkout, or undefined: the corpora are no part of the project. */
export function corpus(name: string): string | undefined {
  const path = join(FOLDER, name);
  return existsSync(path) ? path : undefined;
}

/** What a skipped test says. */
export const NEEDS_CORPORA = ' (skipped where ../shared/corpora is absent)';

/** Lines of a corpus of one JSON value a line. */
export const corpusLines = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');

/** Files of a corpus folder by name. */
export const corpusFiles = (path: string): { name: string; bytes: Buffer }[] =>
  readdirSync(path)
    .toSorted()
    .map((name) => ({ name, bytes: readFileSync(join(path, name)) }));
