import type { Refusal } from '../api/client.js';
import { refused } from '../words/refused.js';
import { words } from '../words/use.js';

/** Nothing to draw: why, and what to do. */
export function Empty({ title, hint, height }: { readonly title: string; readonly hint?: string | undefined; readonly height?: number }) {
  return (
    <div class="empty" style={height === undefined ? undefined : { minHeight: `${height}px` }}>
      <p>{title}</p>
      {hint !== undefined && <p class="quiet">{hint}</p>}
    </div>
  );
}

/** What could not be loaded, with a button that tries again. */
export function Failed({ error, retry }: { readonly error: Refusal; readonly retry: () => void }) {
  const { failed, retry: again } = words.value;
  return (
    <div class="empty failed" role="alert">
      <p>{failed}</p>
      <p class="quiet">{refused(error)}</p>
      <button type="button" class="button" onClick={retry}>
        {again}
      </button>
    </div>
  );
}
