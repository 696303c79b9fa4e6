import { useEffect, useState } from 'preact/hooks';
import type { AnalysisView } from '../../analysis/types.js';
import { SERIES_BY_KIND } from '../panels/layout.js';
import { Icon } from '../parts/icons.js';
import { resource } from '../state/resource.js';
import { place } from '../state/route.js';
import { view, viewAddress } from '../state/view.js';
import { words } from '../words/use.js';
import { catalog, forget, history, type Kept, saved } from './statement.js';

type Tab = 'presets' | 'saved' | 'history' | 'schema';
const TABS: readonly Tab[] = ['presets', 'saved', 'history', 'schema'];

/** Statements to begin with, those kept, those run, and what there is to ask. */
export function SqlShelf({ take }: { readonly take: (sql: string) => void }) {
  const text = words.value.sql;
  const [tab, setTab] = useState<Tab>('presets');
  return (
    <aside class="card shelf" aria-label={text[tab]}>
      <div class="tabs" role="group">
        {TABS.map((one) => (
          <button key={one} type="button" aria-pressed={one === tab} onClick={() => setTab(one)}>
            {text[one]}
          </button>
        ))}
      </div>
      <div class="shelf-body" tabIndex={0} role="group" aria-label={text[tab]}>
        {tab === 'presets' && (catalog.data.value === null ? <div class="bone body small" aria-hidden="true" /> : <Presets take={take} />)}
        {tab === 'saved' && <Statements list={saved.value} take={take} empty={text.nothingSaved} remove={forget} />}
        {tab === 'history' && <Statements list={history.value} take={take} empty={text.nothingRun} code />}
        {tab === 'schema' && <Schema take={take} />}
      </div>
    </aside>
  );
}

/** Another cut of a chart is not in the view: its statement is asked for. */
const cuts = resource<AnalysisView>();

/** What analysts begin with, and the statement of each chart under the filters of the address. */
function Presets({ take }: { readonly take: (sql: string) => void }) {
  const { analysts, charts } = words.value.sql;
  const asked = viewAddress(place.value, SERIES_BY_KIND);
  useEffect(() => void cuts.load(asked), [asked]);
  const panels = [...(view.data.value?.panels ?? []), ...(cuts.data.value?.panels ?? [])];
  return (
    <>
      <h2 class="shelf-head">{analysts}</h2>
      <Statements list={(catalog.data.value?.presets ?? []).map(({ title, sql }) => ({ name: title, sql }))} take={take} empty="" />
      {panels.length > 0 && (
        <>
          <h2 class="shelf-head">{charts}</h2>
          <Statements list={panels.map(({ title, sql }) => ({ name: title, sql }))} take={take} empty="" />
        </>
      )}
    </>
  );
}

interface StatementsProps {
  readonly list: readonly Kept[];
  readonly take: (sql: string) => void;
  readonly empty: string;
  readonly code?: boolean;
  readonly remove?: (name: string) => void;
}

function Statements({ list, take, empty, code = false, remove }: StatementsProps) {
  if (list.length === 0) return <p class="quiet">{empty}</p>;
  return (
    <ul class="statements">
      {list.map(({ name, sql }, index) => (
        <li key={`${index} ${name}`}>
          <button type="button" class={code ? 'statement code' : 'statement'} title={sql} onClick={() => take(sql)}>
            {name}
          </button>
          {remove !== undefined && (
            <button type="button" class="icon-button" aria-label={words.value.sql.remove(name)} onClick={() => remove(name)}>
              <Icon name="close" size={14} />
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function Schema({ take }: { readonly take: (sql: string) => void }) {
  const [text, setText] = useState('');
  const { filterTables } = words.value.sql;
  const wanted = text.toLowerCase();
  const tables = (catalog.data.value?.tables ?? [])
    .map((table) => ({
      ...table,
      columns: table.name.includes(wanted) ? table.columns : table.columns.filter(({ name }) => name.includes(wanted)),
    }))
    .filter(({ columns }) => columns.length > 0);
  return (
    <>
      <input
        type="search"
        aria-label={filterTables}
        placeholder={filterTables}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {tables.map((table) => (
        <details key={table.name} open={wanted !== ''} class="schema-table">
          <summary title={table.description}>
            <code>{table.name}</code>
          </summary>
          <p class="quiet">{table.description}</p>
          <ul>
            {table.columns.map((column) => (
              <li key={column.name} title={column.description}>
                <code>{column.name}</code>
                <span>{column.type}</span>
              </li>
            ))}
          </ul>
          <button type="button" class="text-button" onClick={() => take(`SELECT * FROM "${table.name}" LIMIT 100`)}>
            SELECT *
          </button>
        </details>
      ))}
    </>
  );
}
