import type { BenchRow } from './rows.js';

/** Prints rows of a suite that is run by itself. */
export function printed(rows: readonly BenchRow[]): void {
  for (const { name, value, unit, ratio, target } of rows) {
    const beside = `${ratio === undefined ? '' : `  ratio ${ratio.toFixed(2)}`}${target === undefined ? '' : `  target ${target}`}`;
    process.stdout.write(`${name.padEnd(90)} ${value.toFixed(value < 100 ? 1 : 0).padStart(8)} ${unit}${beside}\n`);
  }
}
