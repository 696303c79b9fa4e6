import { useState } from 'preact/hooks';
import { NAMED_PERIODS } from '../../analysis/period.js';
import type { Period } from '../../analysis/types.js';
import { daysIn, range as rangeText } from '../format/date.js';
import { addressOf, LISTS, type ListName, toggled, withList } from '../state/address.js';
import { nameOfLimit } from '../state/limit.js';
import { go, place, toggle } from '../state/route.js';
import { mayGo, shared } from '../state/session.js';
import { language } from '../state/settings.js';
import { beginsLate, view, zone } from '../state/view.js';
import { words } from '../words/use.js';
import { FilterMenu, openFields } from './filtermenu.js';
import { Icon } from './icons.js';
import { Popup } from './popup.js';

/** What the page is limited to. Never leaves. */
export function FilterBar() {
  const { filters, period, addFilter, clearFilters } = words.value;
  const here = place.value;
  const chips = LISTS.flatMap((name) => (here.limits[name] ?? []).map((value) => ({ name, value })));
  const cleared = { ...here, limits: shared.value?.place.limits ?? {} };
  return (
    <section class="filters" aria-label={filters}>
      <div class="wrap row">
        <div class="seg" role="group" aria-label={period}>
          <Periods />
          <CustomRange />
        </div>
        <Shown />
        <span class="grow" />
        {shared.value !== null && (
          <span class="quiet shared">
            <Icon name="share" size={14} />
            {words.value.shared}
          </span>
        )}
        <div class="chips">
          {chips.map((chip) => (
            <Chip key={`${chip.name} ${chip.value}`} {...chip} />
          ))}
          {chips.length > 1 && addressOf(cleared) !== addressOf(here) && (
            <button type="button" class="text-button" onClick={() => go(cleared)}>
              {clearFilters}
            </button>
          )}
          {openFields().length > 0 && (
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
          )}
        </div>
      </div>
    </section>
  );
}

/** The periods with a name; of a shared link those within its own, which comes first where it has no name. */
function Periods() {
  const { periods, periodNames, wholePeriod } = words.value;
  const here = place.value;
  const own = shared.value?.place.period;
  const shown = NAMED_PERIODS.filter((one) => mayGo({ ...here, period: one }));
  const button = (one: Period, label: string, title: string) => (
    <button key={one} type="button" aria-pressed={here.period === one} title={title} onClick={() => go({ ...here, period: one })}>
      {label}
    </button>
  );
  return (
    <>
      {own?.includes('..') && button(own, wholePeriod, wholePeriod)}
      {shown.map((one) => button(one, periods[one], periodNames[one]))}
    </>
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
  const said = nameOfLimit(name, value);
  const text = (
    <span>
      {names[name]}: <bdi>{said}</bdi>
    </span>
  );
  if (!mayGo(toggled(place.value, name, value)))
    return (
      <span class="chip fixed" title={`${names[name]}: ${said}`}>
        {text}
      </span>
    );
  return (
    <button
      type="button"
      class="chip"
      aria-label={removeFilter(`${names[name]}: ${said}`)}
      title={`${names[name]}: ${said}`}
      onClick={() => toggle(name, value)}
    >
      {text}
      <Icon name="close" size={12} />
    </button>
  );
}

function CustomRange() {
  const { custom, from, to, apply } = words.value;
  const link = shared.value;
  const pressed = place.value.period.includes('..') && place.value.period !== link?.place.period;
  const now = view.data.value?.range;
  const [start, setStart] = useState('');
  const [end, setEnd] = useState('');
  const first = start || now?.from || '';
  const last = end || now?.to || '';
  const limits = { max: link?.to ?? '9999-12-31', ...(link?.from && { min: link.from }) };
  if (link !== null && link.from !== null && link.from === (link.to ?? now?.to)) return null;
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
            <input type="date" value={first} {...limits} required onInput={(event) => setStart(event.currentTarget.value)} />
          </label>
          <label>
            {to}
            <input type="date" value={last} {...limits} required onInput={(event) => setEnd(event.currentTarget.value)} />
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
