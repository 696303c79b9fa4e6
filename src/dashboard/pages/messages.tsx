import { useEffect, useRef } from 'preact/hooks';
import { calledBy, seen } from '../../analysis/text/seen.js';
import type { MessageRow } from '../../analysis/types.js';
import { keyText } from '../format/cell.js';
import { clock, dateIn, day } from '../format/date.js';
import { Avatar } from '../parts/avatar.js';
import { Empty, Failed } from '../parts/empty.js';
import { Icon } from '../parts/icons.js';
import { Link } from '../parts/link.js';
import { Virtual } from '../parts/virtual.js';
import { withExtra } from '../state/address.js';
import { onLake } from '../state/live.js';
import { go, place } from '../state/route.js';
import { onlyPage } from '../state/session.js';
import { language } from '../state/settings.js';
import { seeking } from '../state/shortcuts.js';
import { speech, zone } from '../state/view.js';
import { words } from '../words/use.js';
import { Conversation } from './conversation.js';
import { answered, failure, loading, more, next, refresh, rows, search, searchOf } from './messages-list.js';

const ROW = 60;
const WAIT = 200;

/** Search, the newest messages that match, and the conversation around the chosen one. */
export function MessagesPage() {
  const { title, open: choose } = words.value.messages;
  const box = useRef<HTMLDivElement | null>(null);
  const query = searchOf(place.value);
  const open = place.value.extras.open;
  useEffect(() => search(query), [query]);
  useEffect(() => onLake(() => void refresh().then((came) => stay(box.current, came))), []);
  return (
    <div class={open === undefined ? 'messages' : 'messages reading'}>
      <h1 class="unseen">{title}</h1>
      <section class="card messages-list" aria-label={title}>
        <SearchBox />
        <List box={(element) => (box.current = element)} />
      </section>
      <section class="card messages-open" aria-label={words.value.messages.conversation}>
        {onlyPage.value !== null ? (
          <Empty title={words.value.sharedNoConversation} />
        ) : open === undefined ? (
          <Empty title={choose} />
        ) : (
          <Conversation key={open} open={open} at={place.value.extras.at} />
        )}
      </section>
    </div>
  );
}

/** Rows that come in above leave what is being read where it is. */
function stay(box: HTMLDivElement | null, came: number): void {
  if (box !== null && box.scrollTop > ROW) box.scrollTop += came * ROW;
}

function SearchBox() {
  const { search: label, placeholder } = words.value.messages;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!seeking.value) return;
    seeking.value = false;
    // After the page has taken the focus, as it does when it is turned to.
    requestAnimationFrame(() => requestAnimationFrame(() => input.current?.focus()));
  }, [seeking.value]);
  const find = (text: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => go(withExtra(place.value, 'q', text.trim()), { replace: true }), WAIT);
  };
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        find(event.currentTarget.querySelector('input')?.value ?? '');
      }}
    >
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        name="q"
        aria-label={label}
        placeholder={placeholder}
        value={place.value.extras.q ?? ''}
        onInput={(event) => find(event.currentTarget.value)}
      />
    </form>
  );
}

function List({ box }: { readonly box: (element: HTMLDivElement | null) => void }) {
  const { title, none, noneHint, end, loadingMore, searching } = words.value.messages;
  if (failure.value !== null && rows.value.length === 0)
    return <Failed error={failure.value} retry={() => search(searchOf(place.value))} />;
  if (answered.value === null) return <ListSkeleton />;
  if (rows.value.length === 0 && !loading.value) return <Empty title={none} hint={noneHint} />;
  const foot = rows.value.length === 0 ? searching : next.value !== null || loading.value ? loadingMore : end;
  return (
    <Virtual
      label={title}
      class={loading.value && answered.value !== searchOf(place.value) ? 'list busy' : 'list'}
      count={rows.value.length}
      rowHeight={ROW}
      onEnd={more}
      box={box}
      row={(index) => {
        const row = rows.value[index];
        return row === undefined ? null : <Row key={row.id} row={row} />;
      }}
      foot={
        <p class="list-end" role="status">
          {foot}
        </p>
      }
    />
  );
}

function ListSkeleton() {
  return (
    <div class="list" aria-hidden="true">
      {Array.from({ length: 10 }, (_, index) => (
        <div key={index} class="list-row">
          <div class="bone avatar" />
          <div>
            <div class="bone line short" />
            <div class="bone line" />
          </div>
        </div>
      ))}
    </div>
  );
}

/** The time for today, else the day, with its year where that is another. */
function when(at: number): string {
  const [date, today] = [dateIn(at, zone.value), dateIn(Date.now(), zone.value)];
  return date === today ? clock(language.value, at, zone.value) : day(language.value, date, date.slice(0, 4) !== today.slice(0, 4));
}

function Row({ row }: { readonly row: MessageRow }) {
  const { messages } = words.value;
  const chosen = place.value.extras.open === row.id;
  const to = withExtra(withExtra(place.value, 'open', row.id), 'at', String(row.sentAt));
  const where = seen(row.conversationName) ?? keyText('channel', row.channel, speech.value);
  return (
    <div role="listitem">
      <Link to={to} class={chosen ? 'list-row chosen' : 'list-row'}>
        <Avatar name={row.personName} person={row.person} />
        <span class="list-text">
          <span class="list-head">
            <b dir="auto">{calledBy(row.personName, row.person, words.value.noName)}</b>
            {row.isBot && <span class="tag">{messages.bot}</span>}
            <span class="list-where" title={where}>
              <i class={`channel ${row.channel}`} />
              <bdi>{where}</bdi>
            </span>
            <time dateTime={new Date(row.sentAt).toISOString()}>{when(row.sentAt)}</time>
          </span>
          <span class={row.text === null ? 'list-body quiet' : 'list-body'} dir="auto">
            {row.text ?? messages.noText(keyText('kind', row.kind, speech.value))}
          </span>
        </span>
      </Link>
    </div>
  );
}
