import * as dates from '../format/date.js';
import { isMonth, periodOf, stretchOf, withExtra } from '../state/address.js';
import { go, place } from '../state/route.js';
import { shared } from '../state/session.js';
import { opensPeriod } from '../state/shared.js';
import { speech, view } from '../state/view.js';
import { words } from '../words/use.js';

const MOST_MONTHS = 60;
const MOST_WEEKS = 160;

/** Steps back from the last day with messages to the first, the newest first; those that a shared link shows whole. */
function back(kind: 'month' | 'week', most: number, startOf: (day: string) => string): readonly string[] {
  const bounds = view.data.value?.bounds ?? null;
  if (bounds === null) return [];
  const found: string[] = [];
  for (let at = startOf(bounds.to); at >= startOf(bounds.from) && found.length < most; at = startOf(dates.addDays(at, -1))) found.push(at);
  const link = shared.value;
  return link === null ? found : found.filter((start) => opensPeriod(link, periodOf(kind, start)));
}

/** Limits a chart to one of the months or weeks with messages. */
export function StretchSelect() {
  const { stretch, months, weeks, wholePeriod } = words.value;
  const { language } = speech.value;
  const choose = (chosen: string) => {
    const without = withExtra(withExtra(place.value, 'month', undefined), 'week', undefined);
    go(withExtra(without, isMonth(chosen) ? 'month' : 'week', chosen), { replace: true });
  };
  const allMonths = back('month', MOST_MONTHS, (day) => `${day.slice(0, 7)}-01`);
  const allWeeks = back('week', MOST_WEEKS, dates.mondayOf);
  if (allMonths.length + allWeeks.length === 0) return null;
  return (
    <select
      class="small card-controls"
      aria-label={stretch}
      value={stretchOf(place.value) ?? ''}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      <option value="">{wholePeriod}</option>
      <optgroup label={months}>
        {allMonths.map((first) => (
          <option key={first} value={first.slice(0, 7)}>
            {dates.month(language, first)}
          </option>
        ))}
      </optgroup>
      <optgroup label={weeks}>
        {allWeeks.map((monday) => (
          <option key={monday} value={monday}>
            {dates.range(language, monday, dates.addDays(monday, 6))}
          </option>
        ))}
      </optgroup>
    </select>
  );
}
