import { Heat, type HeatCell } from '../charts/heat.js';
import { cellText } from '../format/cell.js';
import * as dates from '../format/date.js';
import { periodOf, withExtra } from '../state/address.js';
import { go, place } from '../state/route.js';
import { speech, view, viewAddress } from '../state/view.js';
import { words } from '../words/use.js';
import { Card, type PanelProps } from './card.js';
import { useCut } from './cut.js';
import { pickMoment, pickOf } from './pick.js';
import { crossed, indexOf, valuesOf } from './read.js';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];
const MONTH = /^\d{4}-\d\d$/;

/** Weekday by hour, of the whole period or of a month. A cell filters by both. */
export function HeatPanel({ panel: whole, placing }: PanelProps) {
  const { language } = speech.value;
  const asked = place.value.extras.month;
  const month = asked !== undefined && MONTH.test(asked) ? asked : undefined;
  const { panel } = useCut(
    whole,
    month === undefined ? undefined : viewAddress({ ...place.value, period: periodOf('month', `${month}-01`) }, whole.id),
  );
  const measure = valuesOf(panel)[0];
  const cells = crossed(
    panel,
    indexOf(panel, ({ kind }) => kind === 'weekday'),
    indexOf(panel, ({ kind }) => kind === 'hour'),
    measure === undefined ? -1 : panel.columns.indexOf(measure),
  );
  const cellAt = (weekday: number, hour: number): HeatCell => {
    const value = cells.get(`${weekday} ${hour}`) ?? 0;
    return {
      value,
      long: `${dates.weekday(language, weekday, 'long')}, ${dates.hour(hour)}`,
      shown: measure === undefined ? String(value) : cellText(measure, value, speech.value),
      ...pickMoment(weekday, hour),
    };
  };
  return (
    <Card panel={panel} placing={placing} controls={<MonthSelect month={month} />}>
      <Heat
        title={measure?.label ?? panel.title}
        look="heat"
        rows={WEEKDAYS.map((weekday) => dates.weekday(language, weekday))}
        columns={HOURS.map(dates.hour)}
        every={3}
        cells={WEEKDAYS.map((weekday) => HOURS.map((hour) => cellAt(weekday, hour)))}
      />
      <ShadeKey />
    </Card>
  );
}

const MOST_MONTHS = 60;

/** Months with messages, the newest first. */
function months(): readonly string[] {
  const bounds = view.data.value?.bounds ?? null;
  if (bounds === null) return [];
  const found: string[] = [];
  let at = `${bounds.to.slice(0, 7)}-01`;
  while (at.slice(0, 7) >= bounds.from.slice(0, 7) && found.length < MOST_MONTHS) {
    found.push(at.slice(0, 7));
    at = `${dates.addDays(at, -1).slice(0, 7)}-01`;
  }
  return found;
}

function MonthSelect({ month }: { readonly month: string | undefined }) {
  const { month: label, wholePeriod } = words.value;
  return (
    <select
      class="small card-controls"
      aria-label={label}
      value={month ?? ''}
      onChange={(event) => go(withExtra(place.value, 'month', event.currentTarget.value || undefined), { replace: true })}
    >
      <option value="">{wholePeriod}</option>
      {months().map((one) => (
        <option key={one} value={one}>
          {dates.month(speech.value.language, `${one}-01`)}
        </option>
      ))}
    </select>
  );
}

function ShadeKey() {
  return (
    <p class="shade-key" aria-hidden="true">
      {words.value.less}
      {[0, 1, 2, 3, 4].map((step) => (
        <i key={step} class={`h${step}`} />
      ))}
      {words.value.moreWord}
    </p>
  );
}

/** Fewer would make very wide cells. */
const LEAST_WEEKS = 8;

/** Weeks of first message by weeks after it: how many wrote again, shaded by their part of the first week's. */
export function GridPanel({ panel, placing }: PanelProps) {
  const [rowColumn, acrossColumn] = panel.columns;
  const measure = panel.columns.find(({ kind }) => kind === 'count') ?? valuesOf(panel).at(-1);
  if (rowColumn === undefined || acrossColumn === undefined || measure === undefined) return null;
  const values = crossed(panel, 0, 1, panel.columns.indexOf(measure));
  const rows = [...new Set(panel.rows.map((row) => String(row[0])))];
  const last = Math.max(...panel.rows.map((row) => Number(row[1])));
  const across = Array.from({ length: Math.max(last + 1, LEAST_WEEKS) }, (_, after) => after);
  const latest = Math.max(...rows.map((row, index) => index + Math.max(0, ...across.filter((after) => values.has(`${row} ${after}`)))));
  const cellAt = (row: string, index: number, after: number): HeatCell => {
    const value = values.get(`${row} ${after}`) ?? 0;
    const first = values.get(`${row} 0`) ?? 0;
    const shown = cellText(measure, value, speech.value);
    return {
      value: first === 0 ? 0 : value / first,
      long: `${cellText(rowColumn, row, speech.value)}, ${acrossColumn.label} ${after}`,
      shown,
      ...(index + after > latest ? { absent: true } : { text: shown }),
      ...pickOf(rowColumn, row),
    };
  };
  return (
    <Card panel={panel} placing={placing}>
      <Heat
        title={measure.label}
        look="grid"
        most={1}
        rows={rows.map((row) => cellText(rowColumn, row, speech.value))}
        columns={across.map(String)}
        axis={acrossColumn.label}
        cells={rows.map((row, index) => across.map((after) => cellAt(row, index, after)))}
      />
    </Card>
  );
}
