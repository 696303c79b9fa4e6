import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface TipRow {
  readonly label: string;
  readonly value: string;
  /** A CSS colour of the mark. */
  readonly color?: string;
}

export interface Tip {
  readonly title: string;
  readonly rows: readonly TipRow[];
  /** The mark, in the window's pixels. */
  readonly at: DOMRect;
}

const shown = signal<Tip | null>(null);

/** Shows a tip above a mark. */
export function tip(target: Element, title: string, rows: readonly TipRow[]): void {
  shown.value = { title, rows, at: target.getBoundingClientRect() };
}

export function untip(): void {
  shown.value = null;
}

addEventListener('scroll', untip, { passive: true, capture: true });
addEventListener('keydown', (event) => {
  if (event.key === 'Escape') untip();
});

const GAP = 8;

/** The one tip of the page. Says nothing to a screen reader: marks carry their own label. */
export function TipLayer() {
  const box = useRef<HTMLDivElement>(null);
  const value = shown.value;
  useLayoutEffect(() => {
    const node = box.current;
    if (node === null || value === null) return;
    const { width, height } = node.getBoundingClientRect();
    const middle = value.at.left + value.at.width / 2;
    const left = Math.max(GAP, Math.min(innerWidth - width - GAP, middle - width / 2));
    const above = value.at.top - height - GAP;
    node.style.left = `${Math.round(left)}px`;
    node.style.top = `${Math.round(above >= GAP ? above : Math.min(innerHeight - height - GAP, value.at.bottom + GAP))}px`;
  }, [value]);
  if (value === null) return null;
  return (
    <div class="tip" ref={box} aria-hidden="true">
      <b dir="auto">{value.title}</b>
      {value.rows.map((row) => (
        <span key={row.label} class="tip-row">
          {row.color !== undefined && <i class="swatch" style={{ background: row.color }} />}
          <span dir="auto">{row.label}</span>
          <em>{row.value}</em>
        </span>
      ))}
    </div>
  );
}
