import { words } from '../words/use.js';

/** Says that nothing of this is real, when the server plays a demonstration. */
export function Demo() {
  if (document.documentElement.dataset['demo'] === undefined) return null;
  return (
    <aside class="demo" aria-label={words.value.demoName}>
      <div class="wrap">{words.value.demo}</div>
    </aside>
  );
}
