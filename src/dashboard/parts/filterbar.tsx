import { useState } from 'preact/hooks';
import type { Period } from '../../analysis/types.js';
import { keyText } from '../format/cell.js';
import { daysIn, range as rangeText } from '../format/date.js';
import { LISTS, type ListName, withList } from '../state/address.js';
import { nameOf } from '../state/names.js';
import { go, place, toggle } from '../state/route.js';
import { language } from '../state/settings.js';
import { beginsLate, speech, view, zone } from '../state/view.js';
import { words } from '../words/use.js';
import { FilterMenu } from './filtermenu.js';
import { Icon } from './icons.js';
import { Popup } from './popup.js';

const PERIODS = ['today', '7d', '30d', '90d', '12m', 'all'] as const;

/** What the page is limited to. Never leaves. */
export function FilterBar() {
  const { filters, period, periods, periodNames, addFilter, clearFilters } = words.value;
  const here = place.value;
  const chips = LISTS.flatMap((name) => (here.limits[name] ?? []).map((value) => ({ name, value })));
  const choose = (chosen: Period) => go({ ...place.value, period: chosen });
  return (
    <section class="filters" aria-label={filters}>
      <div class="wrap row">
        <div class="seg" role="group" aria-label={period}>
          {PERIODS.map((one) => (
            <button key={one} type="button" aria-pressed={here.period === one} title={periodNames[one]} onClick={() => choose(one)}>
              {periods[one]}
            </button>
          ))}
          <CustomRange />
        </div>
        <Shown />
        <span class="grow" />
        <div class="chips">
          {chips.map((chip) => (
            <Chip key={`${chip.name} ${chip.value}`} {...chip} />
          ))}
          {chips.length > 1 && (
            <button type="button" class="text-button" onClick={() => go({ ...place.value, limits: {} })}>
              {clearFilters}
            </button>
          )}
          <Popup
            role="dialog"
            buttonClass="add"
            button={
              <>
                <Icon name="plus" size={14} />
                {addFilter}
              </>
            }
          >
            {() => <FilterMenu />}
          </Popup>
        </div>
      </div>
    </section>
  );
}

/** The days that are shown, what they are compared with, and the zone they are in. */
function Shown() {
  const now = view.data.value;
  const { versus, zone: inZone } = words.value;
  if (now === null) return <span class="range bone-text" aria-hidden="true" />;
  const { from, to } = now.range;
  return (
    <span class="range" title={inZone(zone.value)}>
      <b>{rangeText(language.value, from, to)}</b>
      <i>
        {now.before !== null && beginsLate.value === null && <span class="versus">{`${versus(daysIn(from, to))} · `}</span>}
        <span class="zone">{zone.value}</span>
      </i>
    </span>
  );
}

function Chip({ name, value }: { readonly name: ListName; readonly value: string }) {
  const { names, removeFilter } = words.value;
  const said = name === 'person' || name === 'conversation' ? nameOf(name, value) : keyText(name, value, speech.value);
  return (
    <button
      type="button"
      class="chip"
      aria-label={removeFilter(`${names[name]}: ${said}`)}
      title={`${names[name]}: ${said}`}
      onClick={() => toggle(name, value)}
    >
      <span>
        {names[name]}: <bdi>{said}</bdi>
      </span>
      <Icon name="close" size={12} />
    </button>
  );
}

function CustomRange() {
  const { custom, from, to, apply } = words.value;
  const pressed = place.value.period.includes('..');
  const now = view.data.value?.range;
  const [start, setStart] = useState('');
  const [end, setEnd] = useState('');
  const first = start || now?.from || '';
  const last = end || now?.to || '';
  return (
    <Popup role="dialog" align="left" buttonClass={pressed ? 'seg-button pressed' : 'seg-button'} button={custom} class="range-form">
      {(close) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (first === '' || last === '') return;
            go({ ...place.value, period: first <= last ? `${first}..${last}` : `${last}..${first}` });
            setStart('');
            setEnd('');
            close();
          }}
        >
          <label>
            {from}
            <input type="date" value={first} max="9999-12-31" required onInput={(event) => setStart(event.currentTarget.value)} />
          </label>
          <label>
            {to}
            <input type="date" value={last} max="9999-12-31" required onInput={(event) => setEnd(event.currentTarget.value)} />
          </label>
          <button type="submit" class="button primary">
            {apply}
          </button>
        </form>
      )}
    </Popup>
  );
}

/** Takes every value of a list away. */
export const clearList = (name: ListName): void => go(withList(place.value, name, []));
