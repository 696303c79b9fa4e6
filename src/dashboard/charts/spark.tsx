interface SparkProps {
  readonly values: readonly (number | null)[];
}

const WIDTH = 100;
const HEIGHT = 28;

/** A small line without axes. Gaps stay gaps; a point between two is a dot. One value has no course: its place stays empty. */
export function Spark({ values }: SparkProps) {
  const known = values.filter((value): value is number => value !== null);
  const most = Math.max(...known, 0);
  const least = Math.min(...known, 0);
  const span = most - least || 1;
  const x = (index: number) => (index / (values.length - 1)) * WIDTH;
  const y = (value: number) => HEIGHT - 2 - ((value - least) / span) * (HEIGHT - 4);
  const runs: string[][] = [[]];
  values.forEach((value, index) => {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push(`${x(index).toFixed(1)},${y(value).toFixed(1)}`);
  });
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {runs
        .filter((points) => points.length > 0 && values.length > 1)
        .map((points) => (
          <polyline key={points[0]} points={(points.length === 1 ? [points[0], points[0]] : points).join(' ')} />
        ))}
    </svg>
  );
}
