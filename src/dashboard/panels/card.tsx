import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Panel, Range } from '../../analysis/types.js';
import { Empty } from '../parts/empty.js';
import { shownRange } from '../state/view.js';
import { words } from '../words/use.js';
import type { Placing } from './layout.js';
import { PanelMenu } from './menu.js';
import { PanelTable } from './table.js';

export interface Legend {
  readonly label: string;
  readonly color: string;
  readonly dashed?: boolean;
}

/** A panel and its place. */
export interface PanelProps {
  readonly panel: Panel;
  /** The same in the period before, to compare with. */
  readonly before?: Panel | undefined;
  readonly placing: Omit<Placing, 'id'>;
  /** The days it shows, where they are not the view's; null where the view limits nothing. */
  readonly range?: Range | null | undefined;
}

interface CardProps {
  readonly panel: Panel;
  readonly placing: Omit<Placing, 'id'>;
  readonly range?: PanelProps['range'];
  readonly legend?: readonly Legend[];
  /** Controls of the chart, in its title line. */
  readonly controls?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** Keys that fit into the title line; more have a line of their own. */
const BESIDE = 3;

/** A titled chart with its legend, its menu, and its numbers as a table. */
export function Card({ panel, placing, range = shownRange(), legend = [], controls, children }: CardProps) {
  const node = useRef<HTMLElement>(null);
  const [table, setTable] = useState(false);
  const { noData, noDataHint } = words.value;
  const bare = panel.rows.length === 0;
  return (
    <figure class={`card span-${placing.span}`} id={`panel-${panel.id}`} ref={node} tabIndex={-1}>
      <figcaption>
        <h3 title={panel.title}>{panel.title}</h3>
        <span class="card-end">
          {legend.length > 1 && legend.length <= BESIDE && <LegendKeys legend={legend} class="legend" />}
          {controls}
          <PanelMenu panel={panel} range={range} card={() => node.current} table={table} setTable={setTable} />
        </span>
        {panel.note !== undefined && <p class="note">{panel.note}</p>}
        {legend.length > BESIDE && <LegendKeys legend={legend} class="legend row" />}
      </figcaption>
      <div class="card-body" style={{ minHeight: `${placing.height}px` }}>
        {bare ? (
          <Empty title={panel.empty ?? noData} hint={panel.empty === undefined ? noDataHint : undefined} height={placing.height} />
        ) : table ? (
          <PanelTable panel={panel} height={placing.height} />
        ) : (
          children
        )}
      </div>
    </figure>
  );
}

function LegendKeys({ legend, class: name }: { readonly legend: readonly Legend[]; readonly class: string }) {
  return (
    <span class={name}>
      {legend.map(({ label, color, dashed }) => (
        <span key={label} dir="auto">
          <i class={dashed ? 'swatch dashed' : 'swatch'} style={dashed ? { borderColor: color } : { background: color }} />
          {label}
        </span>
      ))}
    </span>
  );
}

/** The place of a card whose numbers are on their way. */
export function CardSkeleton({ placing }: { readonly placing: Omit<Placing, 'id'> }) {
  return (
    <div class={`card span-${placing.span} skeleton`} aria-hidden="true">
      <div class="bone title" />
      <div class="bone body" style={{ height: `${placing.height}px` }} />
    </div>
  );
}
