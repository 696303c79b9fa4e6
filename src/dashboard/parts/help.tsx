import { useEffect, useRef } from 'preact/hooks';
import { helping, PAGE_KEYS, setShortcuts, shortcuts } from '../state/shortcuts.js';
import { words } from '../words/use.js';
import { Icon } from './icons.js';

/** Every key the page knows. */
export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const { keys, pages, close } = words.value.help;
  const { pages: names } = words.value;
  const done = () => (helping.value = false);
  return (
    <dialog
      class="help"
      ref={dialog}
      aria-labelledby="help-title"
      onClose={done}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      <div class="help-body">
        <div class="caption">
          <h2 id="help-title">{words.value.help.title}</h2>
          <span class="card-end">
            <button type="button" class="icon-button" aria-label={close} title={close} onClick={() => dialog.current?.close()}>
              <Icon name="close" />
            </button>
          </span>
        </div>
        <dl>
          {PAGE_KEYS.map((page, index) => (
            <Row key={page} of={[String(index + 1)]} text={pages(names[page])} />
          ))}
          {keys.map(([of, text]) => (
            <Row key={text} of={of} text={text} />
          ))}
        </dl>
        <label class="help-switch">
          <input type="checkbox" checked={shortcuts.value} onChange={(event) => setShortcuts(event.currentTarget.checked)} />
          {words.value.help.single}
        </label>
      </div>
    </dialog>
  );
}

function Row({ of, text }: { readonly of: readonly string[]; readonly text: string }) {
  return (
    <div>
      <dt>
        {of.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dt>
      <dd>{text}</dd>
    </div>
  );
}
