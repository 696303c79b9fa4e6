import type { Panel, Range } from '../../analysis/types.js';
import { csv } from '../export/csv.js';
import { fileName, saveFile } from '../export/save.js';
import { Icon } from '../parts/icons.js';
import { Popup } from '../parts/popup.js';
import { onPage } from '../state/address.js';
import { go, place } from '../state/route.js';
import { onlyPage } from '../state/session.js';
import { words } from '../words/use.js';

interface MenuProps {
  readonly panel: Panel;
  readonly range: Range | null;
  readonly card: () => HTMLElement | null;
  readonly table: boolean;
  readonly setTable: (table: boolean) => void;
}

/** What can be done with a chart. */
export function PanelMenu({ panel, range, card, table, setTable }: MenuProps) {
  const { menu, asTable, asChart, openSql, save } = words.value;
  const picture = async (format: 'svg' | 'png') => {
    const node = card();
    if (node === null) return;
    // Few ask for a picture: its code waits until one does.
    const [{ svgOf, pngOf }, { captionOf }] = await Promise.all([import('../export/picture.js'), import('../export/caption.js')]);
    const svg = svgOf(node, range === null ? '' : captionOf(range));
    saveFile(fileName(panel.title, format), format === 'svg' ? new Blob([svg.text], { type: 'image/svg+xml' }) : await pngOf(svg));
  };
  const saveCsv = () =>
    saveFile(
      fileName(panel.title, 'csv'),
      new Blob(
        [
          csv(
            panel.columns.map(({ label }) => label),
            panel.rows,
          ),
        ],
        { type: 'text/csv;charset=utf-8' },
      ),
    );
  return (
    <Popup label={menu(panel.title)} role="menu" buttonClass="icon-button" button={<Icon name="more" />} class="menu">
      {(close) => {
        const item = (text: string, run: () => void) => (
          <button
            type="button"
            role="menuitem"
            tabIndex={-1}
            onClick={() => {
              close();
              run();
            }}
          >
            {text}
          </button>
        );
        return (
          <>
            {item(table ? asChart : asTable, () => setTable(!table))}
            {onlyPage.value === null && item(openSql, () => go(onPage(place.value, 'sql', { sql: panel.sql })))}
            <hr />
            {item(save('CSV'), saveCsv)}
            {item(save('SVG'), () => void picture('svg'))}
            {item(save('PNG'), () => void picture('png'))}
          </>
        );
      }}
    </Popup>
  );
}
