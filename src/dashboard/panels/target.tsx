import { withExtra } from '../state/address.js';
import { go, place } from '../state/route.js';
import { DEFAULT_TARGET } from '../state/view.js';
import { words } from '../words/use.js';

const MOST = 1440;

/** Minutes within which a first response is in time; kept in the address. */
export function TargetControl() {
  const { target, targetMinutes } = words.value;
  const change = (text: string) => {
    const minutes = Number(text);
    if (minutes > 0 && minutes <= MOST) go(withExtra(place.value, 'target', text === DEFAULT_TARGET ? undefined : text), { replace: true });
  };
  return (
    <label class="target card-controls">
      {target}
      <input
        type="number"
        min="1"
        max={MOST}
        step="1"
        value={place.value.extras.target ?? DEFAULT_TARGET}
        onChange={(event) => change(event.currentTarget.value)}
      />
      {targetMinutes}
    </label>
  );
}
