import { useState } from 'preact/hooks';
import type { QuarantineView } from '../../server/api-types.js';
import { day, moment } from '../format/date.js';
import { CopyButton } from '../parts/copy.js';
import { Empty } from '../parts/empty.js';
import { language } from '../state/settings.js';
import { zone } from '../state/view.js';
import { reasonText } from '../words/reasons.js';
import { words } from '../words/use.js';
import { dump } from './dump.js';

type Row = QuarantineView['rows'][number];

/** What could not be read, with the reason and its bytes. */
export function Quarantine({ view }: { readonly view: QuarantineView | null }) {
  const { quarantineEmpty } = words.value.health;
  if (view === null) return <div class="bone body small" aria-hidden="true" />;
  if (view.rows.length === 0) return <Empty title={quarantineEmpty} />;
  return (
    <ul class="quarantine">
      {view.rows.map((row) => (
        <Item key={`${row.file}:${row.line}`} row={row} />
      ))}
    </ul>
  );
}

function bytesOf({ encoding, payload }: Row): Uint8Array {
  if (encoding === 'utf8') return new TextEncoder().encode(payload);
  try {
    return Uint8Array.from(atob(payload), (letter) => letter.codePointAt(0) ?? 0);
  } catch {
    return new TextEncoder().encode(payload);
  }
}

function Item({ row }: { readonly row: Row }) {
  const { asText, asBytes, cut } = words.value.health;
  const [hex, setHex] = useState(row.encoding === 'base64');
  const bytes = bytesOf(row);
  return (
    <li>
      <details>
        <summary>
          <b>{reasonText(row.reason, language.value)}</b>
          <span class="quiet">{row.source}</span>
          <code>
            {row.file}:{row.line}
          </code>
          <time>{row.receivedAt === null ? day(language.value, row.date, true) : moment(language.value, row.receivedAt, zone.value)}</time>
        </summary>
        <div class="quarantine-tools">
          <div class="seg" role="group" aria-label={reasonText(row.reason, language.value)}>
            <button type="button" aria-pressed={!hex} onClick={() => setHex(false)}>
              {asText}
            </button>
            <button type="button" aria-pressed={hex} onClick={() => setHex(true)}>
              {asBytes}
            </button>
          </div>
          <CopyButton text={row.payload} />
          {row.cut && <span class="quiet">{cut}</span>}
        </div>
        <pre tabIndex={0} class={hex ? 'bytes' : undefined}>
          {hex ? dump(bytes) : new TextDecoder().decode(bytes)}
        </pre>
      </details>
    </li>
  );
}
