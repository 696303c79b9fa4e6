import type { ComponentChildren } from 'preact';
import { labelEvery } from './scale.js';

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface AxesProps {
  readonly frame: Frame;
  readonly ticks: readonly number[];
  readonly tickText: (value: number) => string;
  readonly labels: readonly string[];
  readonly children: ComponentChildren;
}

const CHARACTER = 6.2;

/** The room to the left that the widest number of an axis takes. */
export const axisRoom = (texts: readonly string[]): number => Math.ceil(Math.max(...texts.map((text) => text.length)) * CHARACTER) + 10;

/** Hairlines, numbers on the left, and as many labels below as fit. */
export function Axes({ frame, ticks, tickText, labels, children }: AxesProps) {
  const { width, height, left, right, top, bottom } = frame;
  const inner = height - top - bottom;
  const room = width - left - right;
  const most = ticks.at(-1) ?? 1;
  const least = Math.min(0, ticks[0] ?? 0);
  const widest = Math.max(...labels.map((label) => label.length), 1) * CHARACTER + 14;
  const every = labelEvery(labels.length, room, widest);
  const step = room / labels.length;
  return (
    <>
      <g aria-hidden="true">
        {ticks.map((tick) => {
          const y = Math.round(top + inner - ((tick - least) / (most - least)) * inner) + 0.5;
          return (
            <g key={tick}>
              <line class={tick === 0 ? 'axis-line base' : 'axis-line'} x1={left} x2={width - right} y1={y} y2={y} />
              <text class="axis-text" x={left - 8} y={y} dy="0.32em" text-anchor="end">
                {tickText(tick)}
              </text>
            </g>
          );
        })}
        {labels.map((label, index) => {
          if (index % every !== 0) return null;
          const middle = left + (index + 0.5) * step;
          const half = (label.length * CHARACTER) / 2;
          const x = Math.max(half, Math.min(width - half, middle));
          return (
            <text key={`${index}`} class="axis-text" x={Math.round(x)} y={height - 6} text-anchor="middle">
              {label}
            </text>
          );
        })}
      </g>
      {children}
    </>
  );
}
