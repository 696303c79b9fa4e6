import type { ImportView } from '../../server/api-types.js';
import { keyText } from '../format/cell.js';
import { dateIn, moment, range } from '../format/date.js';
import { count } from '../format/number.js';
import { language } from '../state/settings.js';
import { speech, zone } from '../state/view.js';
import { noteText } from '../words/notes.js';
import { reasonText } from '../words/reasons.js';
import { refused } from '../words/refused.js';
import { words } from '../words/use.js';

type Outcome = ImportView['outcomes'][number];
type Summary = Outcome['summary'];

const CHATS = 8;
const n = (value: number): string => count(language.value, value);
const dateOf = (seconds: number): string => dateIn(seconds * 1000, zone.value);
const daysOf = (first: number | null, last: number | null): string =>
  first === null || last === null ? '–' : range(language.value, dateOf(first), dateOf(last));

/** What an export holds: chats, kinds, a sample, and what cannot be read. */
export function ImportPreview({ outcome: { summary, cut } }: { readonly outcome: Outcome }) {
  const { notes } = words.value.imports;
  return (
    <section class="import-preview" aria-label={summary.file}>
      {cut !== null && (
        <p class="problem" role="alert">
          {refused(cut)}
        </p>
      )}
      <Chats summary={summary} />
      <div>
        <Kinds summary={summary} />
        <Sample summary={summary} />
        {summary.notes.length > 0 && (
          <details class="import-notes">
            <summary>{notes}</summary>
            <ul>
              {summary.notes.map((note, index) => (
                <li key={index} dir="auto">
                  {noteText(note, language.value)}
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </section>
  );
}

function Chats({ summary: { source, chats } }: { readonly summary: Summary }) {
  const { chats: title, messages, people, period, moreChats } = words.value.imports;
  const name = keyText('channel', source, speech.value);
  const namesakes = (one: string) => chats.filter((chat) => chat.name === one).length > 1;
  return (
    <table class="plain import-chats">
      <thead>
        <tr>
          <th scope="col">{`${name}: ${title(chats.length)}`}</th>
          <th scope="col" class="num">
            {messages}
          </th>
          <th scope="col" class="num">
            {people}
          </th>
          <th scope="col">{period}</th>
        </tr>
      </thead>
      <tbody>
        {chats.slice(0, CHATS).map((chat, index) => (
          <tr key={index}>
            <td title={chat.name}>
              <bdi>{chat.name}</bdi>
              {chat.id !== null && namesakes(chat.name) && <span class="quiet"> {chat.id}</span>}
            </td>
            <td class="num">{n(chat.messages)}</td>
            <td class="num">{n(chat.people)}</td>
            <td>{daysOf(chat.first, chat.last)}</td>
          </tr>
        ))}
        {chats.length > CHATS && (
          <tr>
            <td colSpan={4} class="quiet">
              {moreChats(chats.length - CHATS)}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function Kinds({ summary: { kinds, rejected, reasons } }: { readonly summary: Summary }) {
  const { rejectedLines } = words.value.imports;
  return (
    <>
      <p class="import-kinds">
        {Object.entries(kinds).map(([kind, times]) => (
          <span key={kind}>
            {keyText('kind', kind, speech.value)} <b>{n(times)}</b>
          </span>
        ))}
      </p>
      {rejected > 0 && (
        <div class="import-rejected">
          <p>{rejectedLines(rejected)}</p>
          <ul>
            {Object.entries(reasons).map(([reason, times]) => (
              <li key={reason}>
                {reasonText(reason, language.value)}: {n(times)}
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function Sample({ summary: { sample } }: { readonly summary: Summary }) {
  const { sample: title } = words.value.imports;
  if (sample.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="import-sample">
        {sample.map(({ author, date, text }, index) => (
          <li key={index}>
            <b>
              <bdi>{author ?? words.value.noName}</bdi>
            </b>
            <time>{date === undefined ? '' : moment(language.value, date * 1000, zone.value)}</time>
            <span dir="auto" title={text}>
              {text}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
