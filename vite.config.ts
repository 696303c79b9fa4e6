import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Compressed JavaScript of the first view: the entry and what it imports at once. */
const BUDGET = 130_000;
const SERVER = `http://127.0.0.1:${process.env['CHATLAKE_PORT'] ?? '8080'}`;
const OUT = 'dist/dashboard';
const LICENSES = 'licenses.md';
/** Comes by a style sheet, of whose licence the bundler knows nothing. */
const FONT = 'node_modules/@fontsource-variable/inter';
const TEXT = /\.(?:js|css|html|svg)$/;

/** Keeps a compressed copy beside each text, and fails the build when the first view outgrows its budget. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    writeBundle({ dir = OUT }, bundle) {
      const sizes = new Map<string, number>();
      for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !TEXT.test(entry.name)) continue;
        const file = join(entry.parentPath, entry.name);
        const text = readFileSync(file);
        const gzip = gzipSync(text, { level: 9 });
        writeFileSync(`${file}.gz`, gzip);
        writeFileSync(`${file}.br`, brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
        sizes.set(entry.name, gzip.length);
      }
      const first = new Set<string>();
      const take = (name: string): void => {
        const chunk = bundle[name];
        if (first.has(name) || chunk?.type !== 'chunk') return;
        first.add(name);
        chunk.imports.forEach(take);
      };
      for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk' && chunk.isEntry) take(chunk.fileName);
      const total = [...first].reduce((sum, name) => sum + (sizes.get(name.replace(/^.*\//, '')) ?? 0), 0);
      if (total > BUDGET) throw new Error(`The first view loads ${total} bytes of compressed JavaScript; the budget is ${BUDGET}.`);
      this.info(`first view: ${total} of ${BUDGET} bytes of compressed JavaScript`);
    },
  };
}

/** Puts the font's licence beside those of the modules. */
function fontLicense(): Plugin {
  return {
    name: 'font-license',
    apply: 'build',
    writeBundle({ dir = OUT }) {
      const { name, version, license } = JSON.parse(readFileSync(join(FONT, 'package.json'), 'utf8')) as Record<string, string>;
      appendFileSync(join(dir, LICENSES), `\n## ${name} - ${version} (${license})\n\n${readFileSync(join(FONT, 'LICENSE'), 'utf8')}`);
    },
  };
}

export default defineConfig({
  root: 'src/dashboard',
  base: '/',
  plugins: [compressed(), fontLicense()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: `../../${OUT}`,
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    license: { fileName: LICENSES },
    reportCompressedSize: false,
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  // For work on the page: `vite` beside a running `chatlake up`. Modules of the page lie under /api/ too, and have a dot in their names.
  server: { proxy: { '^/(?:api/[^.?]*|login|logout|share)(?:[?/]|$)': SERVER } },
});
