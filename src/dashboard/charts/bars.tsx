import { useState } from 'preact/hooks';
import { words } from '../words/use.js';
import { tip, untip, type TipRow } from './tip.js';

export interface Bar {
  readonly key: string;
  readonly label: string;
  readonly value: number | null;
  readonly shown: string;
  /** A second figure, quiet, at the end of the row. */
  readonly aside?: string | undefined;
  readonly color?: string | undefined;
  /** The bar in pieces; their values add up to its own. */
  readonly parts?: readonly { readonly value: number; readonly color: string }[];
  readonly selected?: boolean;
  readonly pick?: (() => void) | undefined;
  readonly tip?: readonly TipRow[];
}

export interface BarsProps {
  readonly title: string;
  readonly bars: readonly Bar[];
  /** Full length; the longest bar's when left out. */
  readonly most?: number;
  /** Shown before “show all”. */
  readonly first?: number;
  /** `wash`: the bar lies behind its text, for long texts. */
  readonly style?: 'beside' | 'wash';
}

/** Rows with a bar each: a name, its bar, its number. Names are anybody's text and never longer than their place. */
export function Bars({ title, bars, most, first = 8, style = 'beside' }: BarsProps) {
  const [open, setOpen] = useState(false);
  const shown = open ? bars : bars.slice(0, first);
  const top = most ?? Math.max(...bars.map(({ value }) => value ?? 0), 0);
  const picked = bars.some(({ selected }) => selected);
  const asides = bars.some(({ aside }) => aside !== undefined);
  return (
    <>
      <ul class={`bars ${style}${asides ? ' asides' : ''}`} aria-label={title} onPointerLeave={untip}>
        {shown.map((bar) => (
          <li key={bar.key}>
            <Row bar={bar} top={top} faint={picked && !bar.selected} />
          </li>
        ))}
      </ul>
      {bars.length > first && (
        <button type="button" class="more" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? words.value.showFewer : words.value.showAll(bars.length)}
        </button>
      )}
    </>
  );
}

function Row({ bar, top, faint }: { readonly bar: Bar; readonly top: number; readonly faint: boolean }) {
  const width = top > 0 ? Math.max(bar.value === null || bar.value === 0 ? 0 : 0.8, ((bar.value ?? 0) / top) * 100) : 0;
  const show = (event: Event) => {
    if (bar.tip !== undefined) tip(event.currentTarget as Element, bar.label, bar.tip);
  };
  const body = (
    <>
      <span class="bar-name" dir="auto" title={bar.tip === undefined ? bar.label : undefined}>
        {bar.label}
      </span>
      <span class="bar-track" aria-hidden="true">
        <Fill bar={bar} width={width} />
      </span>
      <b>{bar.shown}</b>
      {bar.aside !== undefined && <i>{bar.aside}</i>}
    </>
  );
  const look = faint ? 'bar faint' : 'bar';
  if (bar.pick === undefined) {
    return (
      <div class={look} onPointerEnter={show}>
        {body}
      </div>
    );
  }
  return (
    <button
      type="button"
      class={look}
      aria-pressed={bar.selected ?? false}
      onClick={bar.pick}
      onPointerEnter={show}
      onFocus={show}
      onBlur={untip}
    >
      {body}
    </button>
  );
}

function Fill({ bar: { parts, color, value }, width }: { readonly bar: Bar; readonly width: number }) {
  if (parts === undefined)
    return <span class="bar-fill" style={{ width: `${width}%`, ...(color === undefined ? {} : { background: color }) }} />;
  return (
    <span class="bar-fill parts" style={{ width: `${width}%` }}>
      {parts.map((part) => (
        <i key={part.color} style={{ background: part.color, flexGrow: String(part.value / (value || 1)) }} />
      ))}
    </span>
  );
}
