import { onPress, useRover, useWidth } from './hooks.js';
import { Axes, axisRoom, type Frame } from './frame.js';
import { smooth } from './scale.js';
import { tip, untip } from './tip.js';

export interface Bucket {
  /** Under the axis. */
  readonly label: string;
  /** In the tip and for who cannot see. */
  readonly long: string;
  /** Less than the others for being cut off: drawn paler. */
  readonly partial?: boolean;
  readonly selected?: boolean;
  readonly pick?: (() => void) | undefined;
}

export interface Line {
  readonly name: string;
  readonly label: string;
  readonly color: string;
  readonly values: readonly (number | null)[];
  /** Drawn thin and dashed, for comparing. */
  readonly dashed?: boolean;
}

export interface SeriesProps {
  readonly title: string;
  readonly buckets: readonly Bucket[];
  /** Stacked columns from the bottom up, or lines. */
  readonly columns?: readonly Line[];
  readonly lines?: readonly Line[];
  /** Columns that hang down from the line of zero. */
  readonly below?: readonly Line[];
  readonly height: number;
  readonly ticks: (most: number) => readonly number[];
  readonly tickText: (value: number) => string;
  readonly valueText: (value: number) => string;
  /** The word for a column's sum; left out when there is nothing to add up. */
  readonly total?: string | undefined;
}

/** Radius of a value that stands alone, as no line goes through it. */
const DOT = 3;

const sumAt = (columns: readonly Line[], index: number): number => columns.reduce((sum, { values }) => sum + (values[index] ?? 0), 0);

/** Columns, stacked when there are several, and lines over them, along buckets that can be picked. */
export function Series(props: SeriesProps) {
  const { title, buckets, columns = [], lines = [], below = [], height } = props;
  const [node, width] = useWidth<HTMLDivElement>();
  const rover = useRover(buckets.length, 1, true);
  const sums = buckets.map((_, index) => sumAt(columns, index));
  const most = Math.max(0, ...sums, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const depth = Math.max(0, ...buckets.map((_, index) => sumAt(below, index)));
  const up = props.ticks(Math.max(most, below.length > 0 ? depth / 3 : 0));
  const ticks = depth === 0 ? up : [...downTo(depth, up), ...up];
  const frame: Frame = { width, height, left: axisRoom(ticks.map(props.tickText)), top: 8, right: 2, bottom: 26 };
  return (
    <div class="series" ref={node} style={{ height: `${height}px` }}>
      {width > 0 && (
        <svg
          width={width}
          height={height}
          role="group"
          aria-label={title}
          onKeyDown={rover.onKeyDown}
          onPointerLeave={untip}
          onFocusOut={untip}
        >
          <Axes frame={frame} ticks={ticks} tickText={props.tickText} labels={buckets.map(({ label }) => label)}>
            <Marks {...props} frame={frame} top={ticks.at(-1) ?? 1} bottom={ticks[0] ?? 0} sums={sums} />
            {buckets.map((bucket, index) => (
              <Hit
                key={index}
                bucket={bucket}
                index={index}
                frame={frame}
                count={buckets.length}
                rover={rover}
                rows={rowsAt(props, index, sums)}
              />
            ))}
          </Axes>
        </svg>
      )}
    </div>
  );
}

/** Steps below zero, as far apart as those above, the lowest first. */
function downTo(depth: number, up: readonly number[]): readonly number[] {
  const step = (up[1] ?? 1) - (up[0] ?? 0);
  return Array.from({ length: Math.ceil(depth / step) }, (_, index) => -(index + 1) * step).reverse();
}

interface MarksProps extends SeriesProps {
  readonly frame: Frame;
  readonly top: number;
  /** The lowest step of the axis: 0, or less. */
  readonly bottom: number;
  readonly sums: readonly number[];
}

function Marks({ buckets, columns = [], lines = [], below = [], frame, top, bottom, sums }: MarksProps) {
  const inner = frame.height - frame.top - frame.bottom;
  const step = (frame.width - frame.left - frame.right) / buckets.length;
  const gap = Math.min(12, Math.max(1, step * 0.16));
  const bar = Math.min(48, step - gap);
  const high = (value: number) => (value / (top - bottom)) * inner;
  const foot = frame.top + high(top);
  const picked = buckets.some(({ selected }) => selected);
  const shadeOf = ({ selected, partial }: Bucket) => (picked && !selected ? 'faint' : partial ? 'partial' : undefined);
  return (
    <g aria-hidden="true">
      {buckets.map((bucket, index) => {
        const x = frame.left + index * step + (step - bar) / 2;
        let y = foot;
        const parts = columns.map((column) => {
          const size = high(column.values[index] ?? 0);
          y -= size;
          return { column, y, size };
        });
        const last = parts.findLastIndex(({ size }) => size > 0);
        return (
          <g key={index} class={shadeOf(bucket)}>
            {sums[index] !== 0 &&
              parts.map(({ column, y: from, size }, part) =>
                size <= 0 ? null : (
                  <path
                    key={column.name}
                    style={{ fill: column.color }}
                    d={block(x, from, bar, Math.max(size - (part > 0 ? 1 : 0), 0.75), part === last)}
                  />
                ),
              )}
          </g>
        );
      })}
      {below.map((line) => (
        <g key={line.name}>
          {buckets.map((bucket, index) => {
            const value = line.values[index] ?? 0;
            return value === 0 ? null : (
              <rect
                key={index}
                style={{ fill: line.color }}
                class={shadeOf(bucket)}
                x={frame.left + index * step + (step - bar) / 2}
                y={foot + 1}
                width={bar}
                height={Math.max(high(value), 0.75)}
                rx={Math.min(3, bar / 2)}
              />
            );
          })}
        </g>
      ))}
      {lines.map(({ name, color, dashed, values }) => {
        const runs = runsOf(values, (index, value) => [frame.left + (index + 0.5) * step, foot - high(value)]);
        return (
          <g key={name}>
            <path class={dashed ? 'line dashed' : 'line'} style={{ stroke: color }} d={runs.map(smooth).join('')} />
            {runs.map(
              ([[x, y], next]) => next === undefined && <circle key={x} cx={x} cy={y} r={dashed ? 1 : DOT} style={{ fill: color }} />,
            )}
          </g>
        );
      })}
    </g>
  );
}

/** A bar with its upper corners rounded where it is the top of a stack. */
function block(x: number, y: number, width: number, height: number, rounded: boolean): string {
  const radius = rounded ? Math.min(3, width / 2, height) : 0;
  const at = (value: number) => Math.round(value * 100) / 100;
  return `M${at(x)},${at(y + height)}v${at(radius - height)}q0,${-radius} ${radius},${-radius}h${at(width - 2 * radius)}q${radius},0 ${radius},${radius}v${at(height - radius)}z`;
}

type Point = readonly [number, number];
/** Points that follow each other: one at least. */
type Run = readonly [Point, ...Point[]];

/** The known values in runs; a gap ends one. */
function runsOf(values: readonly (number | null)[], point: (index: number, value: number) => Point): readonly Run[] {
  const runs: [Point, ...Point[]][] = [];
  values.forEach((value, index) => {
    if (value === null) return;
    const at = point(index, value);
    const follows = index > 0 && values[index - 1] !== null;
    if (follows) runs.at(-1)?.push(at);
    else runs.push([at]);
  });
  return runs;
}

interface HitProps {
  readonly bucket: Bucket;
  readonly index: number;
  readonly count: number;
  readonly frame: Frame;
  readonly rover: ReturnType<typeof useRover>;
  readonly rows: readonly { readonly label: string; readonly value: string; readonly color?: string }[];
}

/** The whole strip of a bucket answers to the pointer and to the keyboard. */
function Hit({ bucket, index, count, frame, rover, rows }: HitProps) {
  const step = (frame.width - frame.left - frame.right) / count;
  const say = `${bucket.long}: ${rows.map(({ label, value }) => `${label} ${value}`).join(', ')}`;
  const show = (event: Event) => tip(event.currentTarget as Element, bucket.long, rows);
  return (
    <rect
      class="hit"
      data-mark
      role={bucket.pick === undefined ? 'img' : 'button'}
      aria-label={say}
      aria-pressed={bucket.pick === undefined ? undefined : (bucket.selected ?? false)}
      tabIndex={rover.tabIndex(index)}
      x={frame.left + index * step}
      y={frame.top}
      width={step}
      height={frame.height - frame.top - frame.bottom}
      onPointerEnter={show}
      onFocus={(event) => {
        rover.onFocus(index);
        show(event);
      }}
      onClick={bucket.pick}
      onKeyDown={onPress(bucket.pick)}
    />
  );
}

function rowsAt({ columns = [], lines = [], below = [], valueText, total }: SeriesProps, index: number, sums: readonly number[]) {
  const row = ({ label, color, values }: Line) => {
    const value = values[index];
    return { label, color, value: value === null || value === undefined ? '–' : valueText(value) };
  };
  const sum = columns.length > 1 && total !== undefined ? [{ label: total, value: valueText(sums[index] ?? 0) }] : [];
  return [...columns.map(row), ...sum, ...below.map(row), ...lines.map(row)];
}
