import { useEffect } from 'preact/hooks';
import type { SetupView } from '../../server/api-types.js';
import { CopyButton } from '../parts/copy.js';
import { Icon } from '../parts/icons.js';
import { Link } from '../parts/link.js';
import { onPage } from '../state/address.js';
import { lastArrival, onLake } from '../state/live.js';
import { resource } from '../state/resource.js';
import { place } from '../state/route.js';
import { language } from '../state/settings.js';
import { words } from '../words/use.js';

const setup = resource<SetupView>();
const EVERY = 2000;

/** From nothing to the first message, each step told as it succeeds. */
export function StartPage() {
  const { title, intro, finished, toOverview, whatsapp, channels } = words.value.start;
  const load = () => void setup.load(`/api/setup?lang=${language.value}`);
  useEffect(() => {
    load();
    const timer = setInterval(load, EVERY);
    const stop = onLake(load);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, []);
  useEffect(load, [lastArrival.value, language.value]);
  const now = setup.data.value;
  const names = [...new Set((now?.steps ?? []).map(({ channel }) => channel))];
  return (
    <div class="narrow">
      <h1>{title}</h1>
      <p class="lead">{intro}</p>
      {now?.done === true && (
        <p class="start-done" role="status">
          {finished}
          <Link to={onPage(place.value, 'overview')} class="button primary">
            {toOverview}
          </Link>
        </p>
      )}
      {now === null && <div class="bone body small" aria-hidden="true" />}
      {names.map((channel) => (
        <section key={channel} class="start-channel" aria-label={channels[channel]}>
          {names.length > 1 && <h2>{channels[channel]}</h2>}
          <Steps setup={now as SetupView} channel={channel} />
        </section>
      ))}
      {!names.includes('whatsapp') && now !== null && <p class="start-foot">{whatsapp}</p>}
    </div>
  );
}

type Step = SetupView['steps'][number];

function Steps({ setup: { steps, chats }, channel }: { readonly setup: SetupView; readonly channel: Step['channel'] }) {
  const mine = steps.filter((step) => step.channel === channel);
  const next = mine.findIndex(({ state }) => state !== 'done');
  return (
    <ol class="steps">
      {mine.map((step, index) => (
        <StepItem key={step.id} step={step} number={index + 1} next={index === next} chats={step.id === 'group' ? chats : []} />
      ))}
    </ol>
  );
}

interface StepProps {
  readonly step: Step;
  readonly number: number;
  readonly next: boolean;
  readonly chats: SetupView['chats'];
}

function StepItem({ step, number, next, chats }: StepProps) {
  const text = words.value.start;
  const said = text.steps[`${step.channel}.${step.id}`] ?? text.steps[step.id];
  const state =
    step.state === 'done'
      ? text.done
      : step.state === 'failed'
        ? text.failed
        : step.state === 'waiting'
          ? text.waitingState
          : next
            ? text.now
            : text.later;
  return (
    <li class={`step ${step.state}${next ? ' next' : ''}`}>
      <span class="step-mark" aria-hidden="true">
        {step.state === 'done' ? <Icon name="check" /> : number}
      </span>
      <h2>{said?.title ?? step.id}</h2>
      <span class="state" role="status">
        {state}
      </span>
      <div class="step-body">
        {step.state !== 'done' && said !== undefined && <p>{said.text}</p>}
        {(step.state === 'failed' || step.state === 'done') && <p dir="auto">{step.detail}</p>}
        {step.state !== 'done' && said !== undefined && said.command !== '' && (
          <p class="command">
            <code>{said.command}</code>
            <CopyButton text={said.command} />
          </p>
        )}
        {chats.map((chat) => (
          <p key={chat.id}>
            <bdi>{chat.title}</bdi> <code>TELEGRAM_CHAT_ID={chat.id}</code>
          </p>
        ))}
      </div>
    </li>
  );
}
