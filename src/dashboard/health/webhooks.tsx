import type { WebhooksView } from '../../server/api-types.js';
import { channelName } from '../format/cell.js';
import { moment } from '../format/date.js';
import { count } from '../format/number.js';
import { language } from '../state/settings.js';
import { zone } from '../state/view.js';
import { words } from '../words/use.js';

const DOTS = { set: 'good', none: 'good', demo: 'good', off: '', trouble: 'warn' } as const;

/** What is registered with each platform, and what waits there. */
export function Webhooks({ view }: { readonly view: WebhooksView | null }) {
  const { webhook, webhookStates, webhookAsk, meta } = words.value.health;
  const head = (name: 'telegram' | 'whatsapp', state: keyof typeof DOTS) => (
    <h3>
      <i class={`channel ${name}`} />
      {channelName(name)}
      <span class="webhook-state">
        <span class={`dot ${DOTS[state]}`} /> {webhookStates[state]}
      </span>
    </h3>
  );
  return (
    <section class="card span-12" aria-label={webhook}>
      <div class="caption">
        <h2>{webhook}</h2>
      </div>
      {view === null ? (
        <div class="bone body small" aria-hidden="true" />
      ) : (
        <div class="sources webhooks">
          <section aria-label={`${webhook}: Telegram`}>
            {head('telegram', view.telegram.state)}
            {view.telegram.pending === null ? (
              <Ours path="/webhook/telegram" note={webhookAsk} />
            ) : (
              <Told telegram={view.telegram} pending={view.telegram.pending} />
            )}
          </section>
          <section aria-label={`${webhook}: WhatsApp`}>
            {head('whatsapp', view.whatsapp.state)}
            <Ours path="/webhook/whatsapp" note={meta} />
          </section>
        </div>
      )}
    </section>
  );
}

/** Where this server takes deliveries, where the platform does not tell what it knows. */
function Ours({ path, note }: { readonly path: string; readonly note: string }) {
  return (
    <dl>
      <dt>{words.value.health.callback}</dt>
      <dd>
        <code>{path}</code>
        <p class="quiet">{note}</p>
      </dd>
    </dl>
  );
}

/** What Telegram says of it. */
function Told({ telegram, pending }: { readonly telegram: WebhooksView['telegram']; readonly pending: number }) {
  const text = words.value.health;
  const { url, lastError, maxConnections, notSent } = telegram;
  return (
    <dl>
      {url !== null && (
        <>
          <dt>{text.callback}</dt>
          <dd>
            <code>{url}</code>
          </dd>
        </>
      )}
      <dt>{text.pending}</dt>
      <dd>{count(language.value, pending)}</dd>
      <dt>{text.lastError}</dt>
      <dd dir="auto">{lastError === null ? text.noError : `${moment(language.value, lastError.at, zone.value)}: ${lastError.message}`}</dd>
      {maxConnections !== null && (
        <>
          <dt>{text.maxConnections}</dt>
          <dd>{count(language.value, maxConnections)}</dd>
        </>
      )}
      {notSent.length > 0 && (
        <>
          <dt>{text.notSent}</dt>
          <dd>{notSent.join(', ')}</dd>
        </>
      )}
    </dl>
  );
}
