import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface VirtualProps {
  readonly count: number;
  /** Pixels; every row has the same. */
  readonly rowHeight: number;
  readonly row: (index: number) => ComponentChildren;
  readonly label: string;
  readonly class?: string;
  /** The reader comes near the end. */
  readonly onEnd?: () => void;
  /** After the rows. */
  readonly foot?: ComponentChildren;
  /** Before the rows, in the same scrolled box. */
  readonly head?: ComponentChildren;
  /** `table`: the box is one, and `row` draws its rows. */
  readonly role?: 'list' | 'table';
  readonly box?: (element: HTMLDivElement | null) => void;
}

const SPARE = 8;

/** A scrolled box that draws the rows in sight and a few around them, however many there are. */
export function Virtual({ count, rowHeight, row, label, class: look = '', onEnd, foot, head, role = 'list', box }: VirtualProps) {
  const node = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  useLayoutEffect(() => {
    const element = node.current;
    if (element === null) return undefined;
    box?.(element);
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight });
    look();
    element.addEventListener('scroll', look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, []);
  const first = Math.max(0, Math.floor(view.top / rowHeight) - SPARE);
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + SPARE);
  const near = last >= count - SPARE;
  useEffect(() => {
    if (near) onEnd?.();
  }, [near, count]);
  return (
    <div
      ref={node}
      class={`virtual ${look}`}
      tabIndex={0}
      role={role === 'table' ? 'table' : 'group'}
      aria-rowcount={role === 'table' ? count + 1 : undefined}
      aria-label={label}
    >
      {head}
      <div role={role === 'list' ? 'list' : 'rowgroup'} class="virtual-rows" style={{ height: `${count * rowHeight}px` }}>
        <div class="virtual-window" style={{ transform: `translateY(${first * rowHeight}px)` }}>
          {Array.from({ length: Math.max(0, last - first) }, (_, index) => row(first + index))}
        </div>
      </div>
      {foot}
    </div>
  );
}
