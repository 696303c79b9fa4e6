import type { Cell } from '../../analysis/types.js';

/** A text that a spreadsheet would run begins with one of these. */
const FORMULA = /^[=+\-@\t\r]/;

function field(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as RFC 4180 with the names in the first line; texts that look like formulas get an apostrophe before them. */
export const csv = (names: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  `${[names, ...rows].map((row) => row.map(field).join(',')).join('\r\n')}\r\n`;
