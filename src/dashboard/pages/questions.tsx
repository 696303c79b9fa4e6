import { useEffect, useState } from 'preact/hooks';
import type { QuestionExample, QuestionGroup, QuestionsView } from '../../analysis/types.js';
import { Spark } from '../charts/spark.js';
import { change, count, duration, share } from '../format/number.js';
import { Empty, Failed } from '../parts/empty.js';
import { Icon } from '../parts/icons.js';
import { Link } from '../parts/link.js';
import { apiQuery, onPage, withExtra } from '../state/address.js';
import { resource } from '../state/resource.js';
import { go, place } from '../state/route.js';
import { onlyPage } from '../state/session.js';
import { language } from '../state/settings.js';
import { comparable, view as overview } from '../state/view.js';
import { words } from '../words/use.js';

const view = resource<QuestionsView>();

type Order = 'count' | 'unanswered' | 'slow';
const ORDERS: Readonly<Record<Order, (a: QuestionGroup, b: QuestionGroup) => number>> = {
  count: (a, b) => b.count - a.count,
  unanswered: (a, b) => (a.answered ?? 2) - (b.answered ?? 2) || b.count - a.count,
  slow: (a, b) => (b.median ?? -1) - (a.median ?? -1) || b.count - a.count,
};

/** Questions of one meaning together, how often they come and what becomes of them. */
export function QuestionsPage() {
  const { title, intro, none, noneHint } = words.value.questions;
  const query = apiQuery(place.value);
  query.set('lang', language.value);
  const address = `/api/questions?${query}`;
  const { version } = overview.data.value ?? {};
  useEffect(() => void view.load(address), [address, version]);
  const now = view.data.value;
  const error = view.error.value;
  if (now === null && error !== null) return <Failed error={error} retry={() => void view.again()} />;
  const order = (place.value.extras.sort as Order | undefined) ?? 'count';
  const groups = now === null ? [] : [...now.groups].sort(ORDERS[order] ?? ORDERS.count);
  return (
    <div class={view.stale.value ? 'questions busy' : 'questions'} aria-busy={view.loading.value}>
      <div class="page-head">
        <div>
          <h1>{title}</h1>
          <p class="quiet">{now === null ? ' ' : intro(now.total, now.groups.length)}</p>
        </div>
        <span class="grow" />
        {now !== null && (
          <>
            <OrderSelect order={order} />
            {onlyPage.value === null && (
              <Link to={onPage(place.value, 'sql', { sql: now.sql })} class="button">
                {words.value.openSql}
              </Link>
            )}
          </>
        )}
      </div>
      {now?.note !== undefined && <p class="notice">{now.note}</p>}
      {now === null ? <Skeleton /> : groups.length === 0 ? <Empty title={none} hint={noneHint} height={320} /> : <Groups groups={groups} />}
    </div>
  );
}

function OrderSelect({ order }: { readonly order: Order }) {
  const { sort, byCount, byUnanswered, bySlow } = words.value.questions;
  const names: Readonly<Record<Order, string>> = { count: byCount, unanswered: byUnanswered, slow: bySlow };
  return (
    <label class="inline">
      <span class="quiet">{sort}</span>
      <select
        value={order}
        onChange={(event) =>
          go(withExtra(place.value, 'sort', event.currentTarget.value === 'count' ? undefined : event.currentTarget.value), {
            replace: true,
          })
        }
      >
        {(Object.keys(names) as Order[]).map((one) => (
          <option key={one} value={one}>
            {names[one]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Skeleton() {
  return (
    <div class="card question-list" aria-hidden="true">
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} class="question-row">
          <div class="bone line" />
        </div>
      ))}
    </div>
  );
}

function Groups({ groups }: { readonly groups: readonly QuestionGroup[] }) {
  const text = words.value.questions;
  return (
    <div class="card question-list">
      <div class="question-row question-names" aria-hidden="true">
        <span>{text.question}</span>
        <span class="num">{text.count}</span>
        <span class="question-trend">{text.trend}</span>
        <span class="num">{text.answered}</span>
        <span class="num">{text.median}</span>
        <span />
      </div>
      <ul>
        {groups.map((group) => (
          <Group key={group.id} group={group} />
        ))}
      </ul>
    </div>
  );
}

function Group({ group }: { readonly group: QuestionGroup }) {
  const [open, setOpen] = useState(false);
  const text = words.value.questions;
  // The view says whether they compare: it may still be that of another period.
  const compared = comparable.value && !overview.stale.value;
  const moved = group.before === null || !compared ? null : change(language.value, group.count, group.before);
  const id = `group-${group.id}`;
  return (
    <li>
      <button type="button" class="question-row" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        <span class="question-text">
          <b dir="auto" title={group.example}>
            {group.example}
          </b>
          <span class="quiet">
            {text.wordings(group.wordings)} · {text.people(group.people)}
          </span>
        </span>
        <span class="num">
          <b>{count(language.value, group.count)}</b>
          <span class="quiet">{moved ?? ' '}</span>
          <span class="unseen">{text.asked}</span>
        </span>
        <span class="question-trend">
          <Spark values={group.spark} />
        </span>
        <span class="num">
          <span class="unseen">{text.answered}: </span>
          {group.answered === null ? (
            <span class="quiet">{text.unknown}</span>
          ) : (
            <>
              {share(language.value, group.answered)}
              <span class="meter" aria-hidden="true">
                <i style={{ width: `${group.answered * 100}%` }} />
              </span>
            </>
          )}
        </span>
        <span class="num">
          <span class="unseen">{text.median}: </span>
          {group.median === null ? '–' : duration(language.value, group.median)}
        </span>
        <Icon name="down" />
      </button>
      <div id={id} hidden={!open} class="question-examples">
        <h3>{text.examples}</h3>
        <ul>
          {group.examples.map((example) => (
            <li key={example.text}>
              <Example {...example} />
            </li>
          ))}
        </ul>
      </div>
    </li>
  );
}

function Example({ text, count: asked, message }: QuestionExample) {
  const told = (
    <>
      <span dir="auto">{text}</span>
      <b>{count(language.value, asked)}</b>
    </>
  );
  if (message === null) return <div class="example">{told}</div>;
  return (
    <Link to={onPage({ ...place.value, limits: {} }, 'messages', { open: message })} title={words.value.questions.seeMessage}>
      {told}
    </Link>
  );
}
