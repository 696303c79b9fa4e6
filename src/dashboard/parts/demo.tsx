import { words } from '../words/use.js';

/** Whether the server plays a demonstration. */
export const isDemo = (): boolean => document.documentElement.dataset['demo'] !== undefined;

/** Says that nothing of this is real, when the server plays a demonstration. */
export function Demo() {
  if (!isDemo()) return null;
  return (
    <aside class="demo" aria-label={words.value.demoName}>
      <div class="wrap">{words.value.demo}</div>
    </aside>
  );
}
