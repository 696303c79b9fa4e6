import { useLayoutEffect, useRef } from 'preact/hooks';
import type { CoverageView } from '../../server/api-types.js';
import type { DayStatus } from '../../server/health.js';
import { onPress, useRover } from '../charts/hooks.js';
import { tip, untip } from '../charts/tip.js';
import { channelName } from '../format/cell.js';
import { addDays, dayLong, month, weekday } from '../format/date.js';
import { withExtra } from '../state/address.js';
import { go, place } from '../state/route.js';
import { language } from '../state/settings.js';
import { words } from '../words/use.js';
import { type DayCover, knownDays } from './covered.js';

type Look = 'none' | 'history' | 'uncovered' | 'good' | 'quarantine' | 'bad';

interface Day {
  readonly date: string;
  readonly look: Look;
  readonly statuses: readonly DayStatus[];
  readonly cover: DayCover;
}

const LEAST_WEEKS = 38;
const MOST_WEEKS = 53;

const lookOf = (statuses: readonly DayStatus[], { covered, messages }: DayCover): Look =>
  statuses.length === 0
    ? messages > 0
      ? 'history'
      : covered
        ? 'none'
        : 'uncovered'
    : statuses.some(({ addsUp }) => !addsUp)
      ? 'bad'
      : statuses.some(({ quarantined }) => quarantined > 0)
        ? 'quarantine'
        : 'good';

/** Whole weeks up to the newest day, Monday first; back to the first message, as far as there is room. */
function weeksOf(days: readonly DayStatus[], coverage: CoverageView | null): readonly (readonly Day[])[] {
  const byDate = new Map<string, DayStatus[]>();
  for (const day of days) byDate.set(day.date, [...(byDate.get(day.date) ?? []), day]);
  const known = knownDays(coverage);
  const dates = [...byDate.keys()].sort();
  const last = dates.at(-1) ?? new Date().toISOString().slice(0, 10);
  const wide = (date: string) => (new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7;
  const end = addDays(last, 6 - wide(last));
  const first = [dates[0] ?? last, known.first ?? last].sort()[0] ?? last;
  const spanned = Math.ceil((Date.parse(end) - Date.parse(first)) / (7 * 86_400_000)) + 1;
  const weeks = Math.min(MOST_WEEKS, Math.max(LEAST_WEEKS, spanned));
  return Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: 7 }, (_unused, index) => {
      const date = addDays(end, (week - weeks + 1) * 7 + index - 6);
      const statuses = byDate.get(date) ?? [];
      const cover = known.on(date);
      return { date, statuses, cover, look: lookOf(statuses, cover) };
    }),
  );
}

interface CalendarProps {
  readonly days: readonly DayStatus[] | null;
  /** Without it every day counts as covered. */
  readonly coverage: CoverageView | null;
}

/** A square for each arrival day, and for each that no source covers; the chosen one's sums in words. */
export function Calendar({ days, coverage }: CalendarProps) {
  const { legendNone, legendHistory, legendUncovered, legendMissing, legendGood, legendQuarantine, legendBad, calendar } =
    words.value.health;
  const weeks = weeksOf(days ?? [], coverage);
  const chosen = place.value.extras.day;
  const all = weeks.flat();
  const rover = useRover(all.length, 7);
  const box = useRef<HTMLDivElement>(null);
  // The newest days are at the end.
  useLayoutEffect(() => {
    if (box.current !== null) box.current.scrollLeft = box.current.scrollWidth;
  }, [weeks.length]);
  const keys: readonly (readonly [Look | 'none missing', string])[] = [
    ['none', legendNone],
    ['uncovered', legendUncovered],
    ['history', legendHistory],
    ['good', legendGood],
    ['quarantine', legendQuarantine],
    ['bad', legendBad],
    ['none missing', legendMissing],
  ];
  const open = all.find(({ date }) => date === chosen) ?? all.findLast(({ statuses }) => statuses.length > 0);
  return (
    <>
      <div
        class="calendar"
        ref={box}
        role="group"
        aria-label={calendar}
        onKeyDown={rover.onKeyDown}
        onPointerLeave={untip}
        onFocusOut={untip}
      >
        <div class="calendar-names" aria-hidden="true">
          {[1, 2, 3, 4, 5, 6, 7].map((day) => (
            <span key={day}>{day % 2 === 1 ? weekday(language.value, day) : ''}</span>
          ))}
        </div>
        {weeks.map((week, at) => (
          <div key={week[0]?.date} class="calendar-week">
            <span class="calendar-month" aria-hidden="true">
              {monthAt(weeks, at)}
            </span>
            {week.map((day, index) => (
              <Square
                key={day.date}
                day={day}
                tabIndex={rover.tabIndex(at * 7 + index)}
                onFocus={() => rover.onFocus(at * 7 + index)}
                chosen={day.date === open?.date}
              />
            ))}
          </div>
        ))}
      </div>
      <ul class="calendar-key">
        {keys.map(([look, name]) => (
          <li key={look}>
            <i class={`day ${look}`} />
            {name}
          </li>
        ))}
      </ul>
      <DayWords day={open} />
    </>
  );
}

/** The month above the week it begins in. */
function monthAt(weeks: readonly (readonly Day[])[], at: number): string {
  const first = weeks[at]?.find(({ date }) => date.endsWith('-01'));
  return first === undefined ? '' : (month(language.value, first.date).split(' ')[0] ?? '');
}

interface SquareProps {
  readonly day: Day;
  readonly chosen: boolean;
  readonly tabIndex: 0 | -1;
  readonly onFocus: () => void;
}

function Square({ day, chosen, tabIndex, onFocus }: SquareProps) {
  const { date, look, statuses, cover } = day;
  const title = dayLong(language.value, date);
  const lines = [
    ...statuses.map((status) => ({ label: status.source, value: sums(status) })),
    ...notes(day).map((label) => ({ label, value: '' })),
  ];
  const pick = () => go(withExtra(place.value, 'day', date), { replace: true });
  const show = (event: Event) => tip(event.currentTarget as Element, title, lines);
  return (
    <span
      class={`day ${look}${cover.missing > 0 ? ' missing' : ''}${chosen ? ' chosen' : ''}`}
      data-mark
      role="button"
      aria-pressed={chosen}
      aria-label={`${title}: ${lines.map(({ label, value }) => `${label} ${value}`.trim()).join('; ')}`}
      tabIndex={tabIndex}
      onClick={pick}
      onKeyDown={onPress(pick)}
      onPointerEnter={show}
      onFocus={(event) => {
        onFocus();
        show(event);
      }}
    />
  );
}

/** What else is to be said of a day than the sums of what arrived on it. */
function notes({ statuses, cover: { covered, messages, missing, uncoveredBy } }: Day): readonly string[] {
  const { dayNothing, dayUncovered, dayUncoveredBy, daySent, dayMissing } = words.value.health;
  const quiet = statuses.length === 0;
  return [
    ...(quiet ? [covered ? dayNothing : dayUncovered] : uncoveredBy.map(dayUncoveredBy)),
    ...(quiet && messages > 0 ? [daySent(messages)] : []),
    ...(missing > 0 ? [dayMissing(missing)] : []),
  ];
}

function sums({ units, rows, duplicates, quarantined }: DayStatus): string {
  return words.value.health.dayWords(units, rows, duplicates, quarantined);
}

function DayWords({ day }: { readonly day: Day | undefined }) {
  const text = words.value.health;
  if (day === undefined) return <p class="day-words quiet">{text.pickDay}</p>;
  return (
    <div class="day-words" aria-live="polite">
      <h3>{dayLong(language.value, day.date)}</h3>
      {day.statuses.map((status) => (
        <p key={status.source}>
          <span class={status.addsUp ? 'dot good' : 'dot bad'} /> <b>{channelName(status.source)}</b> {sums(status)},{' '}
          {text.dayLines(status.lines)}. {status.late > 0 && `${text.dayLate(status.late)}. `}
          {status.addsUp ? `${text.dayAddsUp}.` : <strong>{text.dayDoesNot}.</strong>}
        </p>
      ))}
      {notes(day).map((note) => (
        <p key={note} class="quiet">
          {note}.
        </p>
      ))}
    </div>
  );
}
