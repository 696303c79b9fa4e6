import { words } from '../words/use.js';

/** From nothing to the first message. */
export function StartPage() {
  const { title, intro } = words.value.start;
  return (
    <div class="narrow">
      <h1>{title}</h1>
      <p class="lead">{intro}</p>
    </div>
  );
}
