import { html } from 'hono/html';

type Html = ReturnType<typeof html>;

export interface Column {
  readonly label: string;
  /** From the bottom up; `kind` names the colour. */
  readonly parts: readonly { readonly kind: string; readonly value: number }[];
}

export interface ColumnsOptions {
  readonly bars: readonly Column[];
  /** Labels under every so many bars. */
  readonly tickEvery: number;
  readonly caption: string;
  /** What a bar stands for, and what its parts do. */
  readonly axis: string;
  readonly names: readonly string[];
  readonly number: (value: number) => string;
  /** Said when there is nothing to draw. */
  readonly empty: string;
  readonly low?: boolean;
}

/** A round number at or above `value`, whose half is whole. */
function roundedUp(value: number): number {
  if (value <= 2) return 2;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= value && (factor * power) % 2 === 0) ?? 10;
  return step * power;
}

/** Stacked bars that stretch to the width they have, labels that do not, and the same as a table for who cannot see them. */
export function columns(options: ColumnsOptions): Html {
  const { bars, tickEvery, number } = options;
  const heights = bars.map(({ parts }) => parts.reduce((sum, part) => sum + part.value, 0));
  const highest = Math.max(0, ...heights);
  if (highest === 0) return html`<div class="empty">${options.empty}</div>`;
  const top = roundedUp(highest);
  return html`<div class="${options.low ? 'plot low' : 'plot'}">
      <ol class="scale" aria-hidden="true">
        ${[top, top / 2, 0].map((value) => html`<li>${number(value)}</li>`)}
      </ol>
      <svg viewBox="0 0 ${bars.length} ${top}" preserveAspectRatio="none" aria-hidden="true">
        ${[0, top / 2, top].map((y) => html`<line class="grid-line" x1="0" x2="${bars.length}" y1="${y}" y2="${y}" />`)}
        ${bars.map((bar, index) => column(bar, index, top, number(heights[index] ?? 0)))}
      </svg>
    </div>
    <ol class="ticks" aria-hidden="true">
      ${bars.flatMap(({ label }, index) => (index % tickEvery === 0 ? [html`<li>${label}</li>`] : []))}
    </ol>
    ${table(options)}`;
}

function column({ label, parts }: Column, index: number, top: number, shown: string): Html {
  let y = top;
  return html`<g>
    <title>${label}: ${shown}</title>
    <rect class="hit" x="${index}" y="0" width="1" height="${top}" />
    ${parts.map(({ kind, value }) => {
      y -= value;
      return html`<rect class="${kind}" x="${index + 0.12}" y="${y}" width="0.76" height="${value}" />`;
    })}
  </g>`;
}

function table({ bars, caption, axis, names, number }: ColumnsOptions): Html {
  return html`<div class="hidden">
    <table>
      <caption>
        ${caption}
      </caption>
      <tr>
        <th scope="col">${axis}</th>
        ${names.map((name) => html`<th scope="col">${name}</th>`)}
      </tr>
      ${bars.map(
        ({ label, parts }) =>
          html`<tr>
            <th scope="row">${label}</th>
            ${parts.map(({ value }) => html`<td>${number(value)}</td>`)}
          </tr>`,
      )}
    </table>
  </div>`;
}

/** One bar a person, with the name before it and the figure after. Names are anybody's text, of any length. */
export function peopleBars(
  people: readonly { readonly kind: string; readonly name: string; readonly value: number; readonly shown: string }[],
): Html {
  const most = Math.max(...people.map(({ value }) => value));
  return html`<ol class="people">
    ${people.map(
      ({ kind, name, value, shown }) =>
        html`<li>
          <span class="name" title="${name}" dir="auto">${name}</span>
          <svg viewBox="0 0 ${most} 1" preserveAspectRatio="none" aria-hidden="true">
            <rect class="${kind}" width="${value}" height="1" />
          </svg>
          <b>${shown}</b>
        </li>`,
    )}
  </ol>`;
}
