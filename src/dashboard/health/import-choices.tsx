import { useState } from 'preact/hooks';
import { type Choices, type Import, preview } from '../state/imports.js';
import { zone } from '../state/view.js';
import { words } from '../words/use.js';

const ORDERS = ['dmy', 'mdy', 'ymd'] as const;

/** What the file does not tell, or tells wrong; it is read again with it. */
export function ChoicesForm({ item: { key, choices } }: { readonly item: Pick<Import, 'key' | 'choices'> }) {
  const { choices: title, timezone, dateOrder, dateOrders, found, chat, me, number, again, ofFile } = words.value.imports;
  const [now, setNow] = useState<Choices>(choices);
  const text = (name: 'timezone' | 'chat' | 'me' | 'number', label: string, placeholder: string) => (
    <label>
      {label}
      <input
        type="text"
        maxLength={200}
        value={now[name]}
        placeholder={placeholder}
        onInput={(event) => setNow({ ...now, [name]: event.currentTarget.value })}
      />
    </label>
  );
  return (
    <details class="import-choices">
      <summary>{title}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void preview(key, now);
        }}
      >
        {text('timezone', timezone, zone.value)}
        <label>
          {dateOrder}
          <select
            value={now.dateOrder}
            onChange={(event) => setNow({ ...now, dateOrder: event.currentTarget.value as Choices['dateOrder'] })}
          >
            <option value="">{found}</option>
            {ORDERS.map((order) => (
              <option key={order} value={order}>
                {dateOrders[order]}
              </option>
            ))}
          </select>
        </label>
        {text('chat', chat, ofFile)}
        {text('me', me, ofFile)}
        {text('number', number, '+5511999990000')}
        <button type="submit" class="button">
          {again}
        </button>
      </form>
    </details>
  );
}
