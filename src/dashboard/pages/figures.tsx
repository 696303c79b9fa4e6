import type { Figure } from '../../analysis/types.js';
import { Spark } from '../charts/spark.js';
import { day } from '../format/date.js';
import * as numbers from '../format/number.js';
import { onPage } from '../state/address.js';
import { place } from '../state/route.js';
import { language } from '../state/settings.js';
import { beginsLate, comparable, view } from '../state/view.js';
import { Link } from '../parts/link.js';
import { words } from '../words/use.js';

const shown = (kind: Figure['kind'], value: number): string =>
  kind === 'count'
    ? numbers.count(language.value, value)
    : kind === 'share'
      ? numbers.share(language.value, value)
      : numbers.duration(language.value, value);

/** What there is to say of a change: up or down, and whether that is good. */
function changeOf({ value, before, good }: Figure): { text: string; look: 'good' | 'bad' | 'flat' } | null {
  if (value === null || before === null) return null;
  const text = numbers.change(language.value, value, before);
  if (text === null) return null;
  const direction = Math.sign(value - before) * good;
  return { text, look: direction > 0 ? 'good' : direction < 0 ? 'bad' : 'flat' };
}

/** The figures in one quiet strip, each with its change and its course. */
export function Figures({ figures }: { readonly figures: readonly Figure[] }) {
  return (
    <section class="figures" aria-label={words.value.figures}>
      {figures.map((figure) => (
        <FigureBox key={figure.id} figure={figure} />
      ))}
    </section>
  );
}

function FigureBox({ figure }: { readonly figure: Figure }) {
  const { openSql } = words.value;
  const { label, kind, value, note, spark, sql } = figure;
  const why = value === null && spark.every((one) => one === null);
  return (
    <div class="figure" title={note}>
      <h2>
        <Link to={onPage(place.value, 'sql', { sql })} title={openSql}>
          {label}
        </Link>
      </h2>
      <b>{value === null ? '–' : shown(kind, value)}</b>
      <p class={why ? 'change why' : 'change'}>
        <Change figure={figure} />
      </p>
      {!why && <Spark values={spark} />}
    </div>
  );
}

/** How it changed against the period before, or why that cannot be said. */
function Change({ figure }: { readonly figure: Figure }) {
  const { noBefore, asBefore, beginsOn } = words.value;
  const { kind, value, before, note } = figure;
  const begins = beginsLate.value;
  if (value === null || before === null) return <span class="flat">{note ?? noBefore}</span>;
  if (begins !== null) {
    const known = begins <= (view.data.value?.range.to ?? begins);
    return <span class="flat">{known ? beginsOn(day(language.value, begins)) : noBefore}</span>;
  }
  const change = comparable.value ? changeOf(figure) : null;
  if (change === null) return <span class="flat">{asBefore(shown(kind, before))}</span>;
  return (
    <span class={change.look} title={asBefore(shown(kind, before))}>
      {change.text}
    </span>
  );
}

export function FiguresSkeleton() {
  return (
    <div class="figures" aria-hidden="true">
      {Array.from({ length: 9 }, (_, index) => (
        <div key={index} class="figure">
          <div class="bone line short" />
          <div class="bone line tall" />
          <div class="bone line short" />
          <div class="bone spark" />
        </div>
      ))}
    </div>
  );
}
