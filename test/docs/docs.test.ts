import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importCommand } from '../../src/cli/import.js';
import type { Io } from '../../src/cli/io.js';
import { LAKE_TABLES, LAKE_VIEWS } from '../../src/query/lake-tables.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const text = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const names = (file: string, pattern: RegExp) => [...text(file).matchAll(pattern)].map(([, name]) => name ?? '');
const unsaid = (wanted: readonly string[], ...files: readonly string[]) =>
  wanted.filter((name) => !files.some((file) => text(file).includes(name)));

const PAGES = ['README.md', 'README.pt-BR.md', 'CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith('.md'),
);

describe('the documents tell of', () => {
  const settings = names('src/config.ts', /^ {4}([A-Z_0-9]{4,}):/gm);
  it('every setting', () => {
    expect(settings).toContain('CHATLAKE_IMPORT_MAX');
    expect(unsaid(settings, 'docs/settings.md').filter((name) => name !== 'AWS_LAMBDA_FUNCTION_NAME')).toEqual([]);
    const ours = settings.filter((name) => /^(CHATLAKE|TELEGRAM|WHATSAPP|TRINO|ATHENA)_/.test(name));
    expect(unsaid(ours, '.env.example')).toEqual([]);
  });
  it('every address of the API', () => {
    const files = readdirSync(join(ROOT, 'src/server')).filter((name) => name.endsWith('.ts'));
    const addresses = files.flatMap((name) => names(`src/server/${name}`, /\bapp\.(?:get|post)\('(\/[a-z/:]+)'/g));
    expect(addresses).toContain('/api/coverage');
    expect(
      unsaid(
        addresses.map((address) => address.replace(/:link$/, '')),
        'docs/api.md',
      ),
    ).toEqual([]);
  });
  it('every option of an import', () => {
    const { options } = importCommand({} as Io);
    expect(options.length).toBeGreaterThan(5);
    expect(
      unsaid(
        options.map(({ long }) => `\`${long}`),
        'docs/import.md',
      ),
    ).toEqual([]);
  });
  it('every table and view', () => {
    const relations = [...LAKE_TABLES, ...LAKE_VIEWS].map(({ name }) => `\`${name}\``);
    expect(unsaid(relations, 'docs/sql.md')).toEqual([]);
  });
  it('every package, and of none beside', () => {
    const packages = (file: string) => {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(text(file)) as Record<string, Record<string, string> | undefined>;
      return Object.keys({ ...dependencies, ...devDependencies });
    };
    const used = [...packages('package.json'), ...packages('deploy/package.json')];
    const told = names('docs/dependencies.md', /^\| (`.*?) \|/gm).flatMap((cell) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''),
    );
    const covers = (name: string) => (used: string) => (name.endsWith('/*') ? used.startsWith(name.slice(0, -1)) : used === name);
    expect(used.filter((name) => !told.some((one) => covers(one)(name)))).toEqual([]);
    expect(told.filter((one) => !used.some(covers(one)))).toEqual([]);
  });
});

describe('the documents name', () => {
  it.each(PAGES)('only files that exist: %s', (page) => {
    const links = names(page, /\]\(([^)#\s]+)(?:#[^)]*)?\)/g).filter((link) => !/^https?:/.test(link));
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(page), link)))).toEqual([]);
    const paths = names(page, /`((?:[a-z-]+\/)+[a-z0-9-]+\.tsx?)`/g);
    expect(paths.filter((path) => !['', 'src', 'deploy'].some((folder) => existsSync(join(ROOT, folder, path))))).toEqual([]);
  });
  it.each(PAGES)('only headings that exist: %s', (page) => {
    const links = [...text(page).matchAll(/\]\(([^)#\s:]*)#([^)]+)\)/g)].map(([, file = '', heading = '']) => [file, heading] as const);
    const anchor = (heading: string) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} -]/gu, '')
        .replaceAll(' ', '-');
    const missing = links.filter(([file, heading]) => {
      const target = file === '' ? page : join(dirname(page), file);
      return !names(target, /^#+ (.*)$/gm).some((line) => anchor(line) === heading);
    });
    expect(missing).toEqual([]);
  });
});

it('both READMEs have the same parts: headings, rows, items and commands', () => {
  const parts = (file: string) =>
    names(file, /^(#+ |\||- |\d+\. |```\w*)/gm)
      .map((start) => start.trim())
      .join('\n');
  expect(parts('README.pt-BR.md')).toBe(parts('README.md'));
});
