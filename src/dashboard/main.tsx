import { effect } from '@preact/signals';
import { render } from 'preact';
import { locked } from './api/client.js';
import { App } from './app.js';
import { health } from './state/health.js';
import { listen, onAnalysis, onLake } from './state/live.js';
import { place } from './state/route.js';
import { readSession, session } from './state/session.js';
import { listenForKeys } from './state/shortcuts.js';
import { view, watchView } from './state/view.js';
import { words } from './words/use.js';

const HEALTH_EVERY = 30_000;

watchView();
void readSession();
void health.load('/api/health');
setInterval(() => void (document.hidden || health.again()), HEALTH_EVERY);
onLake(() => void health.again());
onAnalysis(() => void view.again());
listen();
// A shared link is of one page.
listenForKeys(() => !locked.value && session.value?.as !== 'link');
effect(() => {
  document.title = `chatlake · ${words.value.pages[place.value.page]}`;
});

const root = document.getElementById('page');
if (root !== null) render(<App />, root);
