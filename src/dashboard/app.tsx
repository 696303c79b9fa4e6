import type { ComponentType } from 'preact';
import { locked } from './api/client.js';
import { TipLayer } from './charts/tip.js';
import { OverviewPage } from './pages/overview.js';
import { StartPage } from './pages/start.js';
import { Demo } from './parts/demo.js';
import { FilterBar } from './parts/filterbar.js';
import { Header } from './parts/header.js';
import { lazy } from './parts/lazy.js';
import type { PageName } from './state/address.js';
import { helping } from './state/shortcuts.js';
import { place } from './state/route.js';

/** A shared link that shows nothing any more stays at its own address. */
const ended = location.pathname.startsWith('/share/');
const EndedPage = lazy(async () => (await import('./pages/ended.js')).EndedPage);
const LoginPage = lazy(async () => (await import('./pages/login.js')).LoginPage);

const MessagesPage = lazy(async () => (await import('./pages/messages.js')).MessagesPage);
const SqlPage = lazy(async () => (await import('./pages/sql.js')).SqlPage);

const QuestionsPage = lazy(async () => (await import('./pages/questions.js')).QuestionsPage);
const HealthPage = lazy(async () => (await import('./pages/health.js')).HealthPage);
const Help = lazy(async () => (await import('./parts/help.js')).Help);

const PAGES: Readonly<Record<PageName, ComponentType>> = {
  overview: OverviewPage,
  start: StartPage,
  questions: QuestionsPage,
  messages: MessagesPage,
  sql: SqlPage,
  health: HealthPage,
};
/** Pages that look at messages, and so at a part of them. */
const FILTERED: ReadonlySet<PageName> = new Set(['overview', 'questions', 'messages']);

/** Everything below `<body>`. */
export function App() {
  if (ended) return <EndedPage />;
  if (locked.value) return <LoginPage />;
  const { page } = place.value;
  const Page = PAGES[page];
  return (
    <>
      <Header />
      <Demo />
      {FILTERED.has(page) && <FilterBar />}
      <main class={`wrap page-${page}`} id="main" tabIndex={-1}>
        <Page />
      </main>
      <TipLayer />
      {helping.value && <Help />}
    </>
  );
}
