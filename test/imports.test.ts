import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../src/', import.meta.url));

/** Layers from the bottom up. A module imports from its own folder and from lower layers. */
const LAYERS: readonly (readonly string[])[] = [
  ['types', 'errors', 'zone', 'from-sources'],
  ['config', 'thread'],
  ['sources', 'lake'],
  ['import'],
  ['etl'],
  ['analysis'],
  ['query'],
  ['checks'],
  ['outbound', 'media'],
  ['server', 'demo', 'report'],
  ['cli'],
  ['capture'],
  ['cli.ts', 'index'],
];
/** Folders that put the parts together. */
const ASSEMBLERS = new Set(['cli', 'cli.ts', 'server', 'demo', 'capture', 'index']);
/** What other layers may know of the lake and of the sources without being handed it. */
const SHARED: Readonly<Record<string, ReadonlySet<string>>> = { lake: new Set(['lake/layout.ts']) };
/** Imported by type only from anywhere: browser code, which a bundler builds. */
const BROWSER = 'dashboard';

interface Arrow {
  readonly from: string;
  readonly to: string;
}

const files = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => relative(SRC, join(entry.parentPath, entry.name)).split(sep).join('/'));
const source = (file: string) => readFileSync(join(SRC, file), 'utf8');

/** The source of what is imported as `.js`. */
const fileOf = (target: string): string => {
  const typed = target.replace(/\.js$/, '.ts');
  return files.includes(`${typed}x`) ? `${typed}x` : typed;
};

/** Static and dynamic imports and re-exports of other modules of ours. */
const arrows: readonly Arrow[] = files.flatMap((from) =>
  [...source(from).matchAll(/(?:from\s*|import\s*\(\s*|import\s+)'(\.[^']*)'/g)].map(([, target]) => ({
    from,
    to: fileOf(posix.normalize(posix.join(dirname(from), target as string))),
  })),
);

const folderOf = (file: string): string => (file === 'cli.ts' ? file : (file.split('/')[0] as string).replace(/\.ts$/, ''));
const layerOf = (file: string): number => LAYERS.findIndex((layer) => layer.includes(folderOf(file)));
const show = ({ from, to }: Arrow) => `${from} -> ${to}`;

describe('the imports of src', () => {
  it('are found', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(arrows.map(show)).toContain('etl/run.ts -> lake/layout.ts');
    expect(arrows.filter(({ to }) => !files.includes(to)).map(show)).toEqual([]);
  });

  it('know every folder', () => {
    expect(files.filter((file) => layerOf(file) < 0 && folderOf(file) !== BROWSER)).toEqual([]);
  });

  it('point one way: to the own folder or to a lower layer', () => {
    const back = arrows.filter(
      ({ from, to }) => folderOf(from) !== BROWSER && folderOf(from) !== folderOf(to) && layerOf(to) >= layerOf(from),
    );
    expect(back.map(show)).toEqual([]);
  });

  it('lead round in no circle, those of types neither', () => {
    const reached = (from: string, seen = new Set<string>()): Set<string> => {
      for (const arrow of arrows) if (arrow.from === from && !seen.has(arrow.to)) reached(arrow.to, seen.add(arrow.to));
      return seen;
    };
    expect(files.filter((file) => reached(file).has(file))).toEqual([]);
  });

  it('never lead from the sources to the lake or back', () => {
    const pair = new Set(['sources', 'lake']);
    expect(
      arrows.filter(({ from, to }) => folderOf(from) !== folderOf(to) && pair.has(folderOf(from)) && pair.has(folderOf(to))).map(show),
    ).toEqual([]);
  });

  it('never lead from one source to another: only the registry knows them', () => {
    const channel = (file: string) => /^sources\/([^/]+)\//.exec(file)?.[1];
    expect(
      arrows.filter(({ from, to }) => channel(from) !== undefined && channel(to) !== undefined && channel(from) !== channel(to)).map(show),
    ).toEqual([]);
    expect(
      arrows.filter(({ from, to }) => ['etl', 'query', 'lake'].includes(folderOf(from)) && channel(to) !== undefined).map(show),
    ).toEqual([]);
  });

  it('leave it to the assemblers to open a lake', () => {
    const opened = arrows.filter(({ from, to }) => folderOf(to) === 'lake' && folderOf(from) !== 'lake' && !SHARED['lake']?.has(to));
    expect(opened.filter(({ from }) => !ASSEMBLERS.has(folderOf(from))).map(show)).toEqual([]);
  });
});

describe('the modules of src', () => {
  it('have no default exports', () => {
    expect(files.filter((file) => /^export default /m.test(source(file)))).toEqual([]);
  });

  it('hand nothing on from other modules, but index.ts', () => {
    expect(files.filter((file) => file !== 'index.ts' && /^export (?:type )?(?:\*|\{[^}]*\}) from /m.test(source(file)))).toEqual([]);
  });
});
