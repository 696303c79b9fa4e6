import type { ColumnKind } from './types.js';

/** Kinds whose numbers may stand between two whole ones on an axis. */
const FRACTIONS: ReadonlySet<ColumnKind> = new Set(['share', 'number', 'rate']);
const STEPS = [1, 2, 2.5, 5, 10] as const;

/**
 * Round steps of an axis from 0 to at or above `most`, about `wanted` of them, the last one its top: whole numbers for counts, and for
 * durations whole seconds, minutes, hours or days.
 */
export function ticksTo(kind: ColumnKind, most: number, wanted = 4): readonly number[] {
  const unit = kind === 'seconds' ? unitOf(most) : 1;
  if (!(most > 0)) return [0, unit];
  const rough = most / unit / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const steps = STEPS.map((factor) => factor * power).filter((step) => FRACTIONS.has(kind) || Number.isInteger(step));
  const step = steps.find((one) => one >= rough * 0.999) ?? 1;
  const top = Math.ceil((most / unit / step) * 0.9999);
  return Array.from({ length: top + 1 }, (_, at) => Number((at * step * unit).toPrecision(12)));
}

/** Seconds of the unit that people say so long a time in. */
const unitOf = (seconds: number): number => (seconds > 172_800 ? 86_400 : seconds > 7200 ? 3600 : seconds > 120 ? 60 : 1);
