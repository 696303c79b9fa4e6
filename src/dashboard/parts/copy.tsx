import { useState } from 'preact/hooks';
import { words } from '../words/use.js';
import { Icon } from './icons.js';

const SHOWN = 2000;

/** Copies a text, and says so for a moment. */
export function CopyButton({ text }: { readonly text: string }) {
  const [done, setDone] = useState(false);
  const { copy, copied } = words.value.messages;
  const onClick = async () => {
    await navigator.clipboard.writeText(text).catch(() => undefined);
    setDone(true);
    setTimeout(() => setDone(false), SHOWN);
  };
  return (
    <button type="button" class="text-button copy" onClick={() => void onClick()}>
      <Icon name={done ? 'check' : 'copy'} size={14} />
      <span aria-live="polite">{done ? copied : copy}</span>
    </button>
  );
}
