import { useEffect, useState } from 'preact/hooks';
import type { Option } from '../../analysis/types.js';
import { askJson } from '../api/client.js';
import { keyText } from '../format/cell.js';
import { count } from '../format/number.js';
import { nameOf, remember } from '../state/names.js';
import { type ListName, toggled } from '../state/address.js';
import { place, toggle } from '../state/route.js';
import { mayGo, shared } from '../state/session.js';
import { language } from '../state/settings.js';
import { isLimited } from '../state/shared.js';
import { speech } from '../state/view.js';
import { words } from '../words/use.js';

const FIELDS: readonly ListName[] = ['person', 'conversation', 'kind', 'channel', 'direction', 'weekday', 'hour'];

/** Options that need nobody to be asked. */
const FIXED: Readonly<Partial<Record<ListName, readonly string[]>>> = {
  direction: ['in', 'out'],
  weekday: ['1', '2', '3', '4', '5', '6', '7'],
  hour: Array.from({ length: 24 }, (_, hour) => String(hour)),
};

/** The values of a field that are known without asking anybody: the fixed ones, and those that a shared link is limited to. */
const knownIn = (field: ListName): readonly string[] | undefined => shared.value?.place.limits[field] ?? FIXED[field];

/** The fields that leave a choice. */
export function openFields(): readonly ListName[] {
  const link = shared.value;
  if (link === null) return FIELDS;
  return FIELDS.filter((field) => (knownIn(field) ?? (isLimited(link) ? [] : ['', ''])).length > 1);
}

const labelIn = (field: ListName, value: string): string =>
  field === 'person' || field === 'conversation' ? nameOf(field, value) : keyText(field, value, speech.value);

const WAIT = 120;

/** Chooses values of one filter after the other. */
export function FilterMenu() {
  const { names, findIn, noMatch } = words.value;
  const fields = openFields();
  const [field, setField] = useState<ListName>(fields[0] ?? 'weekday');
  const [text, setText] = useState('');
  const options = useOptions(field, text);
  return (
    <div class="filter-menu">
      <div class="filter-fields" role="group" aria-label={words.value.filters}>
        {fields.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={name === field}
            onClick={() => {
              setField(name);
              setText('');
            }}
          >
            {names[name]}
          </button>
        ))}
      </div>
      <div class="filter-values">
        <input
          type="search"
          placeholder={findIn(names[field])}
          aria-label={findIn(names[field])}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <ul>
          {options.map(({ value, label, messages }) => (
            <li key={value}>
              <label>
                <input
                  type="checkbox"
                  checked={place.value.limits[field]?.includes(value) ?? false}
                  disabled={!mayGo(toggled(place.value, field, value))}
                  onChange={() => {
                    remember(field, value, label);
                    toggle(field, value);
                  }}
                />
                <span dir="auto" title={label}>
                  {label}
                </span>
                {messages !== undefined && <b>{count(language.value, messages)}</b>}
              </label>
            </li>
          ))}
        </ul>
        {options.length === 0 && <p class="quiet">{noMatch}</p>}
      </div>
    </div>
  );
}

type Choice = Omit<Option, 'messages'> & { readonly messages?: number };

/** The options of a field that match, the most used first; the ones before stay until the next are there. */
function useOptions(field: ListName, text: string): readonly Choice[] {
  const [found, setFound] = useState<{ readonly field: ListName; readonly options: readonly Choice[] }>({ field, options: [] });
  useEffect(() => {
    if (knownIn(field) !== undefined) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(
      () => {
        const query = new URLSearchParams({ field, q: text });
        askJson<{ options: readonly Option[] }>(`/api/options?${query}`, { signal: abort.signal }).then(
          ({ options }) => setFound({ field, options }),
          () => undefined,
        );
      },
      text === '' ? 0 : WAIT,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [field, text]);
  const known = knownIn(field);
  if (known === undefined) {
    const options = found.field === field ? found.options : [];
    return field === 'kind' || field === 'channel'
      ? options.map((one) => ({ ...one, label: keyText(field, one.value, speech.value) }))
      : options;
  }
  const wanted = text.toLowerCase();
  return known.map((value) => ({ value, label: labelIn(field, value) })).filter(({ label }) => label.toLowerCase().includes(wanted));
}
