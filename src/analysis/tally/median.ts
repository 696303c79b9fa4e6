import { RESPONSE_WINDOW } from '../metrics/questions.js';

/** Median of values given by how often each occurs; null without any. */
export function medianOf(...histograms: readonly Uint32Array[]): number | null {
  let total = 0;
  for (const histogram of histograms) for (let value = 0; value < histogram.length; value += 1) total += histogram[value] as number;
  return total === 0 ? null : middleOf(total, histograms);
}

function middleOf(total: number, histograms: readonly Uint32Array[]): number {
  const at = (rank: number): number => {
    let passed = 0;
    for (let value = 0; ; value += 1) {
      for (const histogram of histograms) passed += histogram[value] as number;
      if (passed >= rank) return value;
    }
  };
  return (at(Math.floor((total + 1) / 2)) + at(Math.floor((total + 2) / 2))) / 2;
}

/** Values that are gathered for their median: seconds up to the response window. */
export interface Gathered {
  count: number;
  values: Uint32Array;
}

export const gather = (size = 256): Gathered => ({ count: 0, values: new Uint32Array(Math.max(1, size)) });

export function put(gathered: Gathered, value: number): void {
  if (gathered.count === gathered.values.length) enlarge(gathered, 2 * gathered.count);
  gathered.values[gathered.count] = value;
  gathered.count += 1;
}

export function putAll(gathered: Gathered, others: Gathered): void {
  const count = gathered.count + others.count;
  if (count > gathered.values.length) enlarge(gathered, count);
  gathered.values.set(others.values.subarray(0, others.count), gathered.count);
  gathered.count = count;
}

function enlarge(gathered: Gathered, size: number): void {
  const larger = new Uint32Array(size);
  larger.set(gathered.values);
  gathered.values = larger;
}

/** From here on counting is quicker than sorting. */
const MANY = 2000;

const histogram = new Uint32Array(RESPONSE_WINDOW + 1);

export function medianOfGathered({ count, values }: Gathered): number | null {
  if (count === 0) return null;
  if (count > MANY) {
    for (let at = 0; at < count; at += 1) histogram[values[at] as number] = (histogram[values[at] as number] as number) + 1;
    const median = middleOf(count, [histogram]);
    histogram.fill(0);
    return median;
  }
  const sorted = values.subarray(0, count).sort();
  return ((sorted[Math.floor((count - 1) / 2)] as number) + (sorted[Math.floor(count / 2)] as number)) / 2;
}
