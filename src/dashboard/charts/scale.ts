/** Every how many labels one is written, so that none touches the next. */
export function labelEvery(count: number, room: number, labelWidth: number): number {
  const fits = Math.max(1, Math.floor(room / labelWidth));
  const every = Math.ceil(count / fits);
  return [1, 2, 3, 4, 5, 6, 7, 10, 12, 14, 15, 20, 24, 30, 60, 90].find((step) => step >= every) ?? every;
}

/** A curve through points that never leaves the band between neighbours. */
export function smooth(points: readonly (readonly [number, number])[]): string {
  const first = points[0];
  if (first === undefined) return '';
  const slopes = points.map((_, index) => slopeAt(points, index));
  let path = `M${fix(first[0])},${fix(first[1])}`;
  for (let index = 1; index < points.length; index++) {
    const [x0, y0] = points[index - 1] as readonly [number, number];
    const [x1, y1] = points[index] as readonly [number, number];
    const third = (x1 - x0) / 3;
    const before = slopes[index - 1] as number;
    const after = slopes[index] as number;
    path += `C${fix(x0 + third)},${fix(y0 + before * third)} ${fix(x1 - third)},${fix(y1 - after * third)} ${fix(x1)},${fix(y1)}`;
  }
  return path;
}

const fix = (value: number): number => Math.round(value * 10) / 10;

/** Monotone cubic slopes (Steffen): zero at a peak, so that no curve overshoots it. */
function slopeAt(points: readonly (readonly [number, number])[], index: number): number {
  const here = points[index] as readonly [number, number];
  const before = points[index - 1];
  const after = points[index + 1];
  if (before === undefined || after === undefined) return 0;
  const left = (here[1] - before[1]) / (here[0] - before[0]);
  const right = (after[1] - here[1]) / (after[0] - here[0]);
  if (left * right <= 0) return 0;
  const mean = (left + right) / 2;
  return Math.sign(left) * Math.min(Math.abs(mean), 2 * Math.abs(left), 2 * Math.abs(right));
}
