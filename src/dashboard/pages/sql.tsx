import { useEffect, useRef, useState } from 'preact/hooks';
import { Failed } from '../parts/empty.js';
import { Icon } from '../parts/icons.js';
import { Popup } from '../parts/popup.js';
import type { Editor } from '../sql/editor.js';
import { cancel, catalog, run, running, saveAs, statement } from '../sql/statement.js';
import { withExtra } from '../state/address.js';
import { go, place } from '../state/route.js';
import { language } from '../state/settings.js';
import { count, duration } from '../format/number.js';
import { words } from '../words/use.js';
import { SqlResult } from '../sql/result.js';
import { SqlShelf } from '../sql/shelf.js';

/** An editor, what it gives, and what is worth keeping. */
export function SqlPage() {
  const editor = useRef<Editor | null>(null);
  const { title } = words.value.sql;
  const given = place.value.extras.sql;
  useEffect(() => void catalog.load(`/api/sql/catalog?lang=${language.value}`), [language.value]);
  // A statement in the address is shown and run: a link reproduces what it was made from.
  useEffect(() => {
    if (given === undefined) return;
    statement.value = given;
    editor.current?.setText(given);
    void run(given);
  }, [given]);
  const execute = () => {
    const sql = statement.peek();
    if (sql === place.peek().extras.sql) void run(sql);
    else go(withExtra(place.peek(), 'sql', sql));
  };
  const take = (sql: string) => {
    statement.value = sql;
    editor.current?.setText(sql);
    editor.current?.focus();
  };
  return (
    <div class="sql">
      <h1 class="unseen">{title}</h1>
      <SqlShelf take={take} />
      <div class="sql-main">
        <section class="card sql-editor" aria-label={words.value.sql.editor}>
          <EditorBox onOpen={(opened) => (editor.current = opened)} onRun={execute} />
          <Actions execute={execute} />
        </section>
        <SqlResult />
      </div>
    </div>
  );
}

function EditorBox({ onOpen, onRun }: { readonly onOpen: (editor: Editor) => void; readonly onRun: () => void }) {
  const node = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  const label = words.value.sql.editor;
  useEffect(() => {
    let editor: Editor | undefined;
    let gone = false;
    const stop = catalog.data.subscribe((value) => value !== null && editor?.setSchema(value));
    import('../sql/editor.js').then(
      ({ openEditor }) => {
        if (node.current === null || gone) return;
        editor = openEditor({ parent: node.current, text: statement.peek(), label, onChange: (text) => (statement.value = text), onRun });
        if (catalog.data.peek() !== null) editor.setSchema(catalog.data.peek() as NonNullable<typeof catalog.data.value>);
        onOpen(editor);
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      stop();
      editor?.close();
    };
  }, []);
  if (failed) return <Failed error={{ status: 0, code: 'UNREACHED', message: '' }} retry={() => location.reload()} />;
  return <div class="editor-box" ref={node} />;
}

function Actions({ execute }: { readonly execute: () => void }) {
  const { run: runText, stop, save, saveAs: nameLabel, limits } = words.value.sql;
  const most = catalog.data.value?.limits;
  const [name, setName] = useState('');
  return (
    <div class="sql-actions">
      {running.value ? (
        <button type="button" class="button" onClick={cancel}>
          <Icon name="stop" size={14} />
          {stop}
        </button>
      ) : (
        <button type="button" class="button primary" title="Ctrl+Enter" onClick={execute}>
          <Icon name="play" size={14} />
          {runText}
        </button>
      )}
      <Popup role="dialog" align="left" buttonClass="button" button={save} class="save-form">
        {(close) => (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (name.trim() === '') return;
              saveAs(name.trim(), statement.peek());
              setName('');
              close();
            }}
          >
            <label>
              {nameLabel}
              <input type="text" value={name} maxLength={80} required onInput={(event) => setName(event.currentTarget.value)} />
            </label>
            <button type="submit" class="button primary">
              {save}
            </button>
          </form>
        )}
      </Popup>
      <span class="grow" />
      {most !== undefined && (
        <span class="note">
          {limits(count(language.value, most.rows), duration(language.value, most.seconds), count(language.value, most.memoryMb))}
        </span>
      )}
    </div>
  );
}
