import type { MessageRow } from '../../analysis/types.js';
import { calledBy } from '../../analysis/text/seen.js';
import { keyText } from '../format/cell.js';
import { clock } from '../format/date.js';
import { FEED_SPAN } from '../panels/layout.js';
import { Avatar } from '../parts/avatar.js';
import { Empty } from '../parts/empty.js';
import { Link } from '../parts/link.js';
import { onPage } from '../state/address.js';
import { feed, lastMinute } from '../state/live.js';
import { place } from '../state/route.js';
import { language } from '../state/settings.js';
import { speech, zone } from '../state/view.js';
import { words } from '../words/use.js';

const SHOWN = 6;

/** The newest messages as they arrive. */
export function FeedCard() {
  const { just, perMinute, nothingArrived } = words.value;
  const rows = feed.value.slice(0, SHOWN);
  return (
    <section class={`card span-${FEED_SPAN} feed-card`} aria-label={just}>
      <div class="caption">
        <h3>{just}</h3>
        <span class="note">{perMinute(lastMinute.value)}</span>
      </div>
      {rows.length === 0 ? (
        <Empty title={nothingArrived} height={312} />
      ) : (
        <ul class="feed">
          {rows.map((row) => (
            <FeedRow key={row.id} row={row} />
          ))}
        </ul>
      )}
    </section>
  );
}

function FeedRow({ row }: { readonly row: MessageRow }) {
  const { messages } = words.value;
  const kind = keyText('kind', row.kind, speech.value);
  return (
    <li>
      <Link to={onPage({ ...place.value, limits: {} }, 'messages', { open: row.id })} class="feed-row">
        <Avatar name={row.personName} person={row.person} />
        <span class="feed-text">
          <b>
            <bdi>{calledBy(row.personName, row.person, words.value.noName)}</bdi>
            {row.isBot && ` · ${messages.bot}`}
          </b>
          <span dir="auto">{row.text ?? messages.noText(kind)}</span>
        </span>
        <time dateTime={new Date(row.sentAt).toISOString()}>{clock(language.value, row.sentAt, zone.value)}</time>
      </Link>
    </li>
  );
}
