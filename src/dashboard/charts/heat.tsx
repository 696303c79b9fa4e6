import { shade } from '../../analysis/shade.js';
import { onPress, useRover } from './hooks.js';
import { tip, untip } from './tip.js';

export interface HeatCell {
  readonly value: number | null;
  /** What the cell stands for, in words. */
  readonly long: string;
  readonly shown: string;
  /** Written into the cell. */
  readonly text?: string;
  readonly selected?: boolean;
  readonly pick?: (() => void) | undefined;
  /** Nothing there, and nothing to say. */
  readonly absent?: boolean;
}

export interface HeatProps {
  readonly title: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** What the columns count. */
  readonly axis?: string;
  /** Every how many columns a label is written. */
  readonly every?: number;
  /** Row by row. */
  readonly cells: readonly (readonly HeatCell[])[];
  readonly most?: number;
  readonly look: 'heat' | 'grid';
}

/** A field of cells in five steps of one hue. */
export function Heat({ title, rows, columns, axis, every = 1, cells, most, look }: HeatProps) {
  const rover = useRover(rows.length * columns.length, columns.length);
  const top = most ?? Math.max(0, ...cells.flat().map(({ value }) => value ?? 0));
  const picked = cells.flat().some(({ selected }) => selected);
  return (
    <div
      class={look === 'grid' ? 'cohorts' : look}
      role="group"
      aria-label={title}
      onKeyDown={rover.onKeyDown}
      onPointerLeave={untip}
      onFocusOut={untip}
    >
      {rows.map((row, y) => (
        <div key={y} class="heat-row" style={{ gridTemplateColumns: `var(--heat-name) repeat(${columns.length}, minmax(0, 1fr))` }}>
          <span class="heat-name" aria-hidden="true">
            {row}
          </span>
          {columns.map((_, x) => {
            const index = y * columns.length + x;
            const cell = cells[y]?.[x];
            if (cell === undefined || cell.absent) return <span key={x} class="cell absent" data-mark tabIndex={-1} aria-hidden="true" />;
            const show = (event: Event) => tip(event.currentTarget as Element, cell.long, [{ label: title, value: cell.shown }]);
            return (
              <span
                key={x}
                class={`cell h${shade(cell.value, top, look === 'grid' ? 'shares' : 'counts')}${picked && !cell.selected ? ' faint' : ''}`}
                data-mark
                role={cell.pick === undefined ? 'img' : 'button'}
                aria-pressed={cell.pick === undefined ? undefined : (cell.selected ?? false)}
                aria-label={`${cell.long}: ${cell.shown}`}
                tabIndex={rover.tabIndex(index)}
                onPointerEnter={show}
                onFocus={(event) => {
                  rover.onFocus(index);
                  show(event);
                }}
                onClick={cell.pick}
                onKeyDown={onPress(cell.pick)}
              >
                {cell.text}
              </span>
            );
          })}
        </div>
      ))}
      <div
        class="heat-row heat-foot"
        aria-hidden="true"
        style={{ gridTemplateColumns: `var(--heat-name) repeat(${columns.length}, minmax(0, 1fr))` }}
      >
        <span class="heat-name">{axis}</span>
        {columns.map((label, x) => (
          <span key={x} class="heat-tick">
            {x % every === 0 ? label : ''}
          </span>
        ))}
      </div>
    </div>
  );
}
