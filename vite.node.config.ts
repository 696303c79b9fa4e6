import { defineConfig } from 'vite';

/**
 * What Node runs, with all that it imports in few files: `chatlake`, the library, and what these start beside themselves. To load hundreds
 * of modules one by one would take longer than many a command.
 */
export default defineConfig({
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'node20',
    ssr: true,
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      input: {
        cli: 'src/cli.ts',
        index: 'src/index.ts',
        'analysis-thread': 'src/server/analysis-thread.ts',
        'twin-thread': 'src/analysis/twin/twin-thread.ts',
        child: 'src/query/worker/child.ts',
      },
      // In one folder, where they look for each other.
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
  // The engine itself is a library of the machine.
  ssr: { noExternal: true, external: ['@duckdb/node-bindings'] },
});
