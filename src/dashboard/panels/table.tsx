import type { Cell, Panel, PanelColumn } from '../../analysis/types.js';
import { cellText, isNumeric } from '../format/cell.js';
import { speech } from '../state/view.js';
import { words } from '../words/use.js';
import { nameOf } from '../state/names.js';
import { pickOf } from './pick.js';

const MOST = 500;

/** A cell in words; a conversation by its name, where no column beside it says that. */
function textOf({ columns }: Panel, column: PanelColumn, value: Cell): string {
  const named = columns.some(({ name }) => name === 'name');
  if (column.filter === 'conversation' && value !== null && !named) return nameOf('conversation', String(value));
  return cellText(column, value, speech.value);
}

/** The same numbers as rows; values that a filter takes are buttons. */
export function PanelTable({ panel, height }: { readonly panel: Panel; readonly height: number }) {
  return (
    <div
      class="table-box"
      style={{ maxHeight: `${Math.max(height, 160)}px` }}
      tabIndex={0}
      role="group"
      aria-label={words.value.table.of(panel.title)}
    >
      <table>
        <thead>
          <tr>
            {panel.columns.map((column) => (
              <th key={column.name} scope="col" class={isNumeric(column) ? 'num' : undefined}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {panel.rows.slice(0, MOST).map((row, index) => (
            <tr key={index}>
              {panel.columns.map((column, at) => {
                const value = row[at] ?? null;
                const text = textOf(panel, column, value);
                const { pick, selected } = pickOf(column, value);
                return (
                  <td key={column.name} class={isNumeric(column) ? 'num' : undefined} dir="auto" title={text}>
                    {pick === undefined ? (
                      text
                    ) : (
                      <button type="button" class="cell-pick" aria-pressed={selected} onClick={pick}>
                        {text}
                      </button>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
