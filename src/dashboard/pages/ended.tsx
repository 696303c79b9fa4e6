import { Brand } from '../parts/icons.js';
import { words } from '../words/use.js';

/** Says that a shared link shows nothing any more. */
export function EndedPage() {
  const { title, text } = words.value.ended;
  return (
    <main class="login">
      <div class="card">
        <Brand />
        <h1>{title}</h1>
        <p class="quiet">{text}</p>
      </div>
    </main>
  );
}
