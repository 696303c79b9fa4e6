import type { Panel } from '../../analysis/types.js';
import { Heat, type HeatCell } from '../charts/heat.js';
import { cellText } from '../format/cell.js';
import * as dates from '../format/date.js';
import { speech } from '../state/view.js';
import { words } from '../words/use.js';
import { Card } from './card.js';
import type { Placing } from './layout.js';
import { pickMoment, pickOf } from './pick.js';
import { crossed, indexOf, valuesOf } from './read.js';

interface FieldProps {
  readonly panel: Panel;
  readonly placing: Omit<Placing, 'id'>;
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];

/** Weekday by hour. A cell filters by both. */
export function HeatPanel({ panel, placing }: FieldProps) {
  const { language } = speech.value;
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
    <Card panel={panel} placing={placing}>
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

/** Weeks of first message by weeks after it: how many came back. */
export function GridPanel({ panel, placing }: FieldProps) {
  const [rowColumn, acrossColumn] = panel.columns;
  const shareColumn = panel.columns.find(({ kind }) => kind === 'share') ?? valuesOf(panel).at(-1);
  if (rowColumn === undefined || acrossColumn === undefined || shareColumn === undefined) return null;
  const values = crossed(panel, 0, 1, panel.columns.indexOf(shareColumn));
  const rows = [...new Set(panel.rows.map((row) => String(row[0])))];
  const across = [...new Set(panel.rows.map((row) => Number(row[1])))].sort((a, b) => a - b);
  const cellAt = (row: string, after: number): HeatCell => {
    const value = values.get(`${row} ${after}`);
    const shown = cellText(shareColumn, value ?? null, speech.value);
    return {
      value: value ?? null,
      long: `${cellText(rowColumn, row, speech.value)}, ${acrossColumn.label} ${after}`,
      shown,
      ...(value === undefined || value === null ? { absent: true } : { text: shown.replace(/\s?%$/, '') }),
      ...pickOf(rowColumn, row),
    };
  };
  return (
    <Card panel={panel} placing={placing}>
      <Heat
        title={shareColumn.label}
        look="grid"
        most={shareColumn.kind === 'share' ? 1 : Math.max(...[...values.values()].map((value) => value ?? 0))}
        rows={rows.map((row) => cellText(rowColumn, row, speech.value))}
        columns={across.map(String)}
        cells={rows.map((row) => across.map((after) => cellAt(row, after)))}
      />
    </Card>
  );
}
