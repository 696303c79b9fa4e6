import { Heat, type HeatCell } from '../charts/heat.js';
import { cellText } from '../format/cell.js';
import * as dates from '../format/date.js';
import { stretched } from '../state/address.js';
import { place } from '../state/route.js';
import { speech, viewAddress } from '../state/view.js';
import { words } from '../words/use.js';
import { Card, type PanelProps } from './card.js';
import { useCut } from './cut.js';
import { pickMoment, pickOf } from './pick.js';
import { crossed, indexOf, latestWeek, valuesOf, weekAfter } from './read.js';
import { StretchSelect } from './stretch.js';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];

/** Weekday by hour, of the whole period, a month or a week. A cell filters by both. */
export function HeatPanel({ panel: whole, placing, range: own }: PanelProps) {
  const limited = own !== null;
  const { language } = speech.value;
  const cut = limited ? stretched(place.value) : undefined;
  const { panel, range } = useCut(whole, cut && viewAddress(cut, whole.id));
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
      ...(limited && pickMoment(weekday, hour)),
    };
  };
  return (
    <Card panel={panel} placing={placing} range={limited ? range : null} controls={limited && <StretchSelect />}>
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
/** Weeks that need no year to be told apart. */
const QUARTER_WEEKS = 13;

/** Weeks of first message by weeks after it: how many wrote again, shaded by their part of the first week's. */
export function GridPanel({ panel, placing }: PanelProps) {
  const [rowColumn, acrossColumn] = panel.columns;
  const measure = panel.columns.find(({ kind }) => kind === 'count') ?? valuesOf(panel).at(-1);
  if (rowColumn === undefined || acrossColumn === undefined || measure === undefined) return null;
  const values = crossed(panel, 0, 1, panel.columns.indexOf(measure));
  const rows = [...new Set(panel.rows.map((row) => String(row[0])))];
  const last = Math.max(...panel.rows.map((row) => Number(row[1])));
  const across = Array.from({ length: Math.max(last + 1, LEAST_WEEKS) }, (_, after) => after);
  const latest = latestWeek(panel.rows);
  const cellAt = (row: string, after: number): HeatCell => {
    const value = values.get(`${row} ${after}`) ?? 0;
    const first = values.get(`${row} 0`) ?? 0;
    const shown = cellText(measure, value, speech.value);
    return {
      value: first === 0 ? 0 : value / first,
      long: `${cellText(rowColumn, row, speech.value)}, ${acrossColumn.label} ${after}`,
      shown,
      ...(weekAfter(row, after) > latest ? { absent: true } : { text: shown }),
      ...pickOf(rowColumn, row),
    };
  };
  return (
    <Card panel={panel} placing={placing}>
      <Heat
        title={measure.label}
        look="grid"
        most={1}
        rows={rows.map((row) => cellText(rowColumn, row, { ...speech.value, withYear: rows.length > QUARTER_WEEKS }))}
        columns={across.map(String)}
        axis={acrossColumn.label}
        cells={rows.map((row) => across.map((after) => cellAt(row, after)))}
      />
    </Card>
  );
}
