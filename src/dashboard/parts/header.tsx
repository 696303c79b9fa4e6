import { useEffect, useRef } from 'preact/hooks';
import { onlyPage, signOut, session } from '../state/session.js';
import { clock } from '../format/date.js';
import { onPage } from '../state/address.js';
import { healthState } from '../state/health.js';
import { connected, lastArrival, paused, setPaused, waiting } from '../state/live.js';
import { place } from '../state/route.js';
import { helping, PAGE_KEYS } from '../state/shortcuts.js';
import { dress, language, LANGUAGES, speak, type Theme, theme } from '../state/settings.js';
import { zone } from '../state/view.js';
import { words } from '../words/use.js';
import { Brand, Icon, type IconName } from './icons.js';
import { Link } from './link.js';
import { Popup } from './popup.js';
import { ShareMenu } from './share.js';

const THEMES: Readonly<Record<Theme, IconName>> = { auto: 'half', light: 'sun', dark: 'moon' };

/** Pages that a link can show. */
const SHARED_PAGES: ReadonlySet<string> = new Set(['overview', 'questions', 'messages']);

/** Name, pages, whether it is live, language and theme. */
export function Header() {
  const { nav, pages, skip } = words.value;
  const here = place.value;
  const only = onlyPage.value;
  const bar = useRef<HTMLElement>(null);
  // Where the pages do not fit side by side, the current one is in sight.
  useEffect(() => {
    const current = bar.current?.querySelector<HTMLElement>('[aria-current]');
    if (bar.current !== null && current) bar.current.scrollLeft = current.offsetLeft - bar.current.offsetLeft - 16;
  }, [here.page]);
  return (
    <header class="top">
      <a class="skip" href="#main">
        {skip}
      </a>
      <div class="wrap row">
        <Link to={onPage(here, 'overview')} class="brand">
          <Brand />
          chatlake
        </Link>
        <nav aria-label={nav} ref={bar}>
          {(only === null ? PAGE_KEYS : [only]).map((page) => (
            <Link key={page} to={onPage(here, page)} current={here.page === page}>
              {pages[page]}
              {page === 'health' && <HealthDot />}
            </Link>
          ))}
        </nav>
        <span class="grow" />
        {only === null && <LiveSwitch />}
        {session.value?.share === true && SHARED_PAGES.has(here.page) && <ShareMenu />}
        <LanguageMenu />
        <ThemeMenu />
        {only === null && <HelpButton />}
        {session.value?.as === 'person' && <SignOut />}
      </div>
    </header>
  );
}

function HealthDot() {
  const state = healthState.value;
  if (state === null) return null;
  const { well, ill } = words.value.health;
  return (
    <>
      <span class={state ? 'dot good' : 'dot bad'} title={state ? well : ill} />
      <span class="unseen">{state ? well : ill}</span>
    </>
  );
}

function LiveSwitch() {
  const { live, paused: still, offline, pause, resume, waiting: more } = words.value;
  const state = !connected.value ? 'offline' : paused.value ? 'paused' : 'live';
  const at = lastArrival.value;
  const text = { live: at === null ? live : `${live} · ${clock(language.value, at, zone.value)}`, paused: still, offline }[state];
  return (
    <button
      type="button"
      class={`live ${state}`}
      aria-pressed={paused.value}
      title={paused.value ? resume : pause}
      onClick={() => setPaused(!paused.value)}
    >
      <span class="pulse" />
      <span class="live-text">{text}</span>
      {waiting.value > 0 && <b>{more(waiting.value)}</b>}
      <Icon name={paused.value ? 'play' : 'pause'} size={14} />
      <span class="unseen">{paused.value ? resume : pause}</span>
    </button>
  );
}

function LanguageMenu() {
  const { language: label, languages } = words.value;
  return (
    <Popup label={label} role="menu" class="menu" buttonClass="ghost" button={language.value.slice(0, 2).toUpperCase()}>
      {(close) =>
        LANGUAGES.map((one) => (
          <button
            key={one}
            type="button"
            role="menuitemradio"
            aria-checked={one === language.value}
            tabIndex={-1}
            lang={one}
            onClick={() => {
              speak(one);
              close();
            }}
          >
            {languages[one]}
          </button>
        ))
      }
    </Popup>
  );
}

function ThemeMenu() {
  const names = words.value.theme;
  return (
    <Popup label={names.change} role="menu" class="menu" buttonClass="ghost icon-only" button={<Icon name={THEMES[theme.value]} />}>
      {(close) =>
        (['auto', 'light', 'dark'] as const).map((one) => (
          <button
            key={one}
            type="button"
            role="menuitemradio"
            aria-checked={one === theme.value}
            tabIndex={-1}
            onClick={() => {
              dress(one);
              close();
            }}
          >
            <Icon name={THEMES[one]} />
            {names[one]}
          </button>
        ))
      }
    </Popup>
  );
}

function HelpButton() {
  const { title } = words.value.help;
  return (
    <button
      type="button"
      class="ghost icon-only help-button"
      aria-haspopup="dialog"
      aria-label={title}
      title={title}
      onClick={() => (helping.value = true)}
    >
      <Icon name="keyboard" />
    </button>
  );
}

function SignOut() {
  const { signOut: text } = words.value;
  return (
    <button type="button" class="ghost icon-only" aria-label={text} title={text} onClick={() => void signOut()}>
      <Icon name="out" />
    </button>
  );
}
