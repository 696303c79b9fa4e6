import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { calledBy, seen } from '../../analysis/text/seen.js';
import type { MessageRow, MessagesView } from '../../analysis/types.js';
import { askJson, isRefusal, type Refusal } from '../api/client.js';
import { keyText } from '../format/cell.js';
import { clock, dateIn, dayLong } from '../format/date.js';
import { Empty, Failed } from '../parts/empty.js';
import { Icon } from '../parts/icons.js';
import { Link } from '../parts/link.js';
import { withExtra } from '../state/address.js';
import { place } from '../state/route.js';
import { language } from '../state/settings.js';
import { speech, zone } from '../state/view.js';
import { words } from '../words/use.js';
import { Details } from './details.js';

const LIMIT = 60;

interface ConversationProps {
  /** Id of the chosen message: `<channel>:<conversation>:<message>`. */
  readonly open: string;
  /** When it was sent, which saves the server looking for it. */
  readonly at: string | undefined;
}

const conversationOf = (id: string): string => id.split(':').slice(0, 2).join(':');

function address(open: string, more: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams({ conversation: conversationOf(open), limit: String(LIMIT) });
  for (const [name, value] of Object.entries(more)) if (value !== undefined) query.set(name, value);
  return `/api/conversation?${query}`;
}

/** A conversation around one message, as it was written, with replies and edits. */
export function Conversation({ open, at }: ConversationProps) {
  const [page, setPage] = useState<MessagesView | null>(null);
  const [error, setError] = useState<Refusal | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const load = () => {
    setError(null);
    askJson<MessagesView>(address(open, { around: open, at })).then(setPage, (failure: unknown) => {
      if (isRefusal(failure)) setError(failure);
    });
  };
  useEffect(load, [open]);
  useLayoutEffect(() => {
    const chosen = box.current?.querySelector<HTMLElement>('.bubble.chosen');
    if (chosen && box.current) box.current.scrollTop = chosen.offsetTop - box.current.clientHeight / 3;
  }, [page === null]);
  const { messages } = words.value;
  const title = seen(page?.messages[0]?.conversationName ?? null) ?? conversationOf(open);
  const extend = async (older: boolean) => {
    const cursor = older ? page?.next : page?.newer;
    if (page === null || !cursor) return;
    const more = await askJson<MessagesView>(address(open, older ? { cursor } : { after: cursor }));
    const height = box.current?.scrollHeight ?? 0;
    setPage(
      older
        ? { ...page, messages: [...more.messages, ...page.messages], next: more.next }
        : { ...page, messages: [...page.messages, ...more.messages], newer: more.newer ?? null },
    );
    if (older) requestAnimationFrame(() => box.current && (box.current.scrollTop += box.current.scrollHeight - height));
  };
  return (
    <>
      <div class="caption">
        <Link to={withExtra(withExtra(place.value, 'open', undefined), 'at', undefined)} class="icon-button" title={messages.back}>
          <Icon name="back" />
          <span class="unseen">{messages.back}</span>
        </Link>
        <h2 dir="auto" title={title}>
          {title}
        </h2>
      </div>
      {error !== null && (error.status === 404 ? <Empty title={messages.gone} /> : <Failed error={error} retry={load} />)}
      {error === null && (
        <div class="conversation" ref={box} tabIndex={0} role="group" aria-label={messages.conversation}>
          {page?.next ? (
            <button type="button" class="button small" onClick={() => void extend(true)}>
              {messages.earlier}
            </button>
          ) : null}
          {page !== null && <Bubbles rows={page.messages} open={open} />}
          {page?.newer ? (
            <button type="button" class="button small" onClick={() => void extend(false)}>
              {messages.later}
            </button>
          ) : null}
        </div>
      )}
    </>
  );
}

function Bubbles({ rows, open }: { readonly rows: readonly MessageRow[]; readonly open: string }) {
  const byId = new Map(rows.map((row) => [row.id, row]));
  let date = '';
  let person: string | null | undefined;
  return (
    <>
      {rows.map((row) => {
        const today = dateIn(row.sentAt, zone.value);
        const turned = today !== date;
        const same = !turned && person === row.person;
        date = today;
        person = row.person;
        return (
          <>
            {turned && (
              <p key={today} class="day-line">
                {dayLong(language.value, today)}
              </p>
            )}
            <Bubble key={row.id} row={row} follows={same} chosen={row.id === open} reply={repliedTo(row, byId)} />
          </>
        );
      })}
    </>
  );
}

/** The message that one answers: null when it is not at hand, undefined when it answers none. */
const repliedTo = (row: MessageRow, byId: ReadonlyMap<string, MessageRow>): MessageRow | null | undefined =>
  row.replyTo === null ? undefined : (byId.get(row.replyTo) ?? null);

interface BubbleProps {
  readonly row: MessageRow;
  readonly follows: boolean;
  readonly chosen: boolean;
  readonly reply: MessageRow | null | undefined;
}

function Bubble({ row, follows, chosen, reply }: BubbleProps) {
  const { messages } = words.value;
  const text = (one: MessageRow) => one.text ?? messages.noText(keyText('kind', one.kind, speech.value));
  const to = withExtra(withExtra(place.value, 'open', row.id), 'at', String(row.sentAt));
  return (
    <article class={`bubble ${row.direction}${chosen ? ' chosen' : ''}${follows ? ' follows' : ''}`}>
      {!follows && (
        <p class="bubble-name">
          <bdi>{calledBy(row.personName, row.person, words.value.noName)}</bdi>
          {row.isBot && <span class="tag">{messages.bot}</span>}
        </p>
      )}
      {reply !== undefined && (
        <p class="quote" title={reply === null ? (row.replyTo ?? undefined) : undefined}>
          <Icon name="reply" size={12} />
          <span dir="auto">
            {reply === null ? messages.replyElsewhere : `${calledBy(reply.personName, reply.person, words.value.noName)}: ${text(reply)}`}
          </span>
        </p>
      )}
      <p class={row.text === null ? 'bubble-text quiet' : 'bubble-text'} dir="auto">
        {text(row)}
      </p>
      <p class="bubble-foot">
        {row.kind !== 'text' && row.text !== null && <span>{keyText('kind', row.kind, speech.value)}</span>}
        {row.editedAt !== null && <span>{messages.edited}</span>}
        <Link to={to} title={messages.details}>
          <time dateTime={new Date(row.sentAt).toISOString()}>{clock(language.value, row.sentAt, zone.value)}</time>
        </Link>
      </p>
      {chosen && <Details row={row} />}
    </article>
  );
}
