import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../parts/icons.js';
import { isDemo } from '../parts/demo.js';
import { addDropped, addFiles, imports } from '../state/imports.js';
import { session } from '../state/session.js';
import { words } from '../words/use.js';
import { ImportItem } from './import-item.js';

const FORMATS = '.json,.txt,.zip';

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** Where exports are dropped, and what became of them. A drop anywhere on the page counts. */
export function Imports() {
  const { title, note, demo } = words.value.imports;
  if (session.value?.as === 'link') return null;
  return (
    <section class="card span-12 imports" aria-label={title}>
      <div class="caption">
        <h2>{title}</h2>
        <span class="note">{note}</span>
      </div>
      {isDemo() ? <p class="drop still quiet">{demo}</p> : <DropArea />}
      {imports.value.length > 0 && (
        <ul class="import-list">
          {imports.value.map((one) => (
            <ImportItem key={one.key} item={one} />
          ))}
        </ul>
      )}
    </section>
  );
}

function DropArea() {
  const { drop, choose, formats } = words.value.imports;
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hold = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const take = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer) void addDropped(event.dataTransfer);
    };
    addEventListener('dragover', hold);
    addEventListener('dragleave', leave);
    addEventListener('drop', take);
    return () => {
      removeEventListener('dragover', hold);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', take);
    };
  }, []);
  return (
    <label class={over ? 'drop over' : 'drop'}>
      <Icon name="upload" size={20} />
      <span>
        {drop} <b>{choose}</b>
      </span>
      <span class="quiet">{formats}</span>
      <input
        class="unseen"
        type="file"
        accept={FORMATS}
        multiple
        onChange={(event) => {
          addFiles(event.currentTarget.files ?? []);
          event.currentTarget.value = '';
        }}
      />
    </label>
  );
}
