import { type RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** The width of an element in whole pixels, kept up to date; 0 before the first layout. */
export function useWidth<T extends Element>(): readonly [RefObject<T | null>, number] {
  const node = useRef<T>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = node.current;
    if (element === null) return;
    setWidth(Math.floor(element.getBoundingClientRect().width));
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [node, width];
}

interface Rover {
  /** -1 for all marks but one, so that a chart is one stop of the Tab key. */
  readonly tabIndex: (index: number) => 0 | -1;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: (index: number) => void;
}

/** Arrow keys between the marks of a chart, which are `[data-mark]` in order; `columns` of them make a row. */
export function useRover(count: number, columns = 1, across = false): Rover {
  const [current, setCurrent] = useState(0);
  const safe = Math.min(current, Math.max(0, count - 1));
  const steps: Readonly<Record<string, number>> =
    columns > 1
      ? { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }
      : across
        ? { ArrowRight: 1, ArrowLeft: -1 }
        : { ArrowDown: 1, ArrowUp: -1 };
  return {
    tabIndex: (index) => (index === safe ? 0 : -1),
    onFocus: setCurrent,
    onKeyDown: (event) => {
      const step = steps[event.key];
      const ends: Readonly<Record<string, number>> = { Home: 0, End: count - 1 };
      const next = step === undefined ? ends[event.key] : safe + step;
      if (next === undefined || next < 0 || next >= count) return;
      const mark = (event.currentTarget as Element).querySelectorAll<SVGElement | HTMLElement>('[data-mark]')[next];
      if (mark === undefined || mark.ariaHidden === 'true') return;
      event.preventDefault();
      mark.focus();
    },
  };
}

/** Runs on Enter and on the space bar, as a button does. */
export const onPress =
  (run: (() => void) | undefined) =>
  (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    run?.();
  };
