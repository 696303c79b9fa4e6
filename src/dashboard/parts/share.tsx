import { useState } from 'preact/hooks';
import type { ShareView } from '../../server/api-types.js';
import { askJson, isRefusal } from '../api/client.js';
import { addressOf, withExtra } from '../state/address.js';
import { place } from '../state/route.js';
import { refused } from '../words/refused.js';
import { words } from '../words/use.js';
import { CopyButton } from './copy.js';
import { Icon } from './icons.js';
import { Popup } from './popup.js';

const DAYS = [1, 7, 30, 90];

/** A read-only link to what is shown now, without the conversation that is open, for a while. */
export function ShareMenu() {
  const { share, shareDays, shareFor, shareMake } = words.value;
  const [days, setDays] = useState(7);
  const [url, setUrl] = useState('');
  const [problem, setProblem] = useState('');
  const make = async () => {
    setProblem('');
    try {
      const address = addressOf(withExtra(withExtra(place.value, 'open', undefined), 'at', undefined));
      setUrl((await askJson<ShareView>('/api/share', { body: { address, days } })).url);
    } catch (failure) {
      if (isRefusal(failure)) setProblem(refused(failure));
    }
  };
  return (
    <Popup label={share} role="dialog" class="share" buttonClass="ghost icon-only" button={<Icon name="share" />}>
      {() => (
        <>
          <label>
            {shareFor}
            <select
              value={days}
              onChange={(event) => {
                setDays(Number(event.currentTarget.value));
                setUrl('');
              }}
            >
              {DAYS.map((one) => (
                <option key={one} value={one}>
                  {shareDays(one)}
                </option>
              ))}
            </select>
          </label>
          <button type="button" class="button primary" onClick={() => void make()}>
            {shareMake}
          </button>
          {problem !== '' && (
            <p class="problem" role="alert">
              {problem}
            </p>
          )}
          {url !== '' && (
            <p class="share-link">
              <code>{url}</code>
              <CopyButton text={url} />
            </p>
          )}
        </>
      )}
    </Popup>
  );
}
