import { useEffect, useState } from 'preact/hooks';
import type { MessageRow, RawLine } from '../../analysis/types.js';
import { askJson, isRefusal, type Refusal } from '../api/client.js';
import { moment } from '../format/date.js';
import { count } from '../format/number.js';
import { CopyButton } from '../parts/copy.js';
import { remember } from '../state/names.js';
import { go, place } from '../state/route.js';
import { withList } from '../state/address.js';
import { language } from '../state/settings.js';
import { zone } from '../state/view.js';
import { refused } from '../words/refused.js';
import { words } from '../words/use.js';

/** JSON set out over lines; the text as it is when it is not JSON. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** What a message was when it arrived: its file and line, its JSON, and the versions before it. */
export function Details({ row }: { readonly row: MessageRow }) {
  const { messages } = words.value;
  const [raw, setRaw] = useState<RawLine | null>(null);
  const [error, setError] = useState<Refusal | null>(null);
  useEffect(() => {
    const query = new URLSearchParams({ message: row.id, at: String(row.sentAt) });
    askJson<RawLine>(`/api/raw?${query}`).then(setRaw, (failure: unknown) => {
      if (isRefusal(failure)) setError(failure);
    });
  }, [row.id]);
  const only = (name: 'person' | 'conversation', value: string | null, label: string | null) => {
    if (value === null) return;
    if (label !== null) remember(name, value, label);
    go(withList(place.value, name, [value]));
  };
  return (
    <div class="details">
      <p class="details-line">
        {messages.sentAt} {moment(language.value, row.sentAt, zone.value)}
      </p>
      <div class="details-actions">
        {row.person !== null && (
          <button type="button" class="text-button" onClick={() => only('person', row.person, row.personName)}>
            {messages.onlyPerson}
          </button>
        )}
        <button type="button" class="text-button" onClick={() => only('conversation', row.conversation, row.conversationName)}>
          {messages.onlyConversation}
        </button>
      </div>
      <h3>{messages.raw}</h3>
      {error !== null && <p class="quiet">{refused(error)}</p>}
      {raw === null && error === null && <div class="bone raw" />}
      {raw !== null && <RawView raw={raw} />}
    </div>
  );
}

function RawView({ raw }: { readonly raw: RawLine }) {
  const { messages } = words.value;
  const text = pretty(raw.text);
  return (
    <>
      <p class="details-line">
        <code>{messages.rawFrom(raw.file, count(language.value, raw.line))}</code>
        <CopyButton text={raw.text} />
      </p>
      <pre tabIndex={0} aria-label={messages.raw}>
        {text}
      </pre>
      {raw.versions.length > 0 && (
        <>
          <h3>{messages.versions}</h3>
          {raw.versions.map(({ at, payload }) => (
            <details key={at}>
              <summary>{moment(language.value, at, zone.value)}</summary>
              <pre tabIndex={0}>{pretty(payload)}</pre>
            </details>
          ))}
        </>
      )}
    </>
  );
}
