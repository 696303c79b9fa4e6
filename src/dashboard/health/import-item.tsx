import type { ImportProblem, ImportView } from '../../server/api-types.js';
import type { Refusal } from '../api/client.js';
import { bytes, share } from '../format/number.js';
import { Icon } from '../parts/icons.js';
import { confirm, discard, type Import } from '../state/imports.js';
import { language } from '../state/settings.js';
import { refused } from '../words/refused.js';
import { words } from '../words/use.js';
import { ChoicesForm } from './import-choices.js';
import { ImportPreview } from './import-preview.js';

const sum = (view: ImportView, of: (outcome: ImportView['outcomes'][number]) => number): number =>
  view.outcomes.reduce((total, outcome) => total + of(outcome), 0);

/** Why a file goes no further, in the reader's words where there are some. */
const problem = (of: Refusal | ImportProblem): string => words.value.imports.problems[of.code] ?? refused(of);

/** One file from being chosen to being imported. */
export function ImportItem({ item }: { readonly item: Import }) {
  const { key, name, size, view, error } = item;
  const { states, remove } = words.value.imports;
  const state = error === null ? (view?.state ?? 'uploading') : 'failed';
  return (
    <li class={`import ${state}`}>
      <div class="import-head">
        <b title={name}>
          <bdi>{name}</bdi>
        </b>
        <span class="quiet">{bytes(language.value, size)}</span>
        <span class="import-state" aria-live="polite">
          {states[state]}
        </span>
        <button type="button" class="icon-button" aria-label={remove(name)} title={remove(name)} onClick={() => discard(key)}>
          <Icon name="close" size={14} />
        </button>
      </div>
      {error !== null && <Stopped text={problem(error)} again={item.again} />}
      {error === null && <Body item={item} />}
    </li>
  );
}

function Body({ item: { key, size, view, choices, again } }: { readonly item: Import }) {
  const { uploaded, read, importAll, nothing, written, writtenBefore, follow } = words.value.imports;
  const size_ = (value: number) => bytes(language.value, value);
  if (view === null || view.state === 'uploading') {
    const received = view?.received ?? 0;
    return <Bar part={received / size} text={uploaded(size_(received), size_(size))} />;
  }
  switch (view.state) {
    case 'reading':
    case 'importing': {
      const part = view.progress.of > 0 ? view.progress.read / view.progress.of : 0;
      return <Bar part={part} text={read(view.progress.messages, share(language.value, Math.min(part, 1)))} />;
    }
    case 'failed':
      return (
        <>
          <Stopped text={view.error === null ? '' : problem(view.error)} again={again} />
          <ChoicesForm item={{ key, choices }} />
        </>
      );
    case 'preview': {
      const messages = sum(view, ({ summary }) => summary.messages);
      return (
        <>
          {view.outcomes.map((outcome, index) => (
            <ImportPreview key={index} outcome={outcome} />
          ))}
          <div class="import-end">
            <ChoicesForm item={{ key, choices }} />
            {messages === 0 && <span class="quiet">{nothing}</span>}
            <button type="button" class="button primary" disabled={messages === 0} onClick={() => void confirm(key)}>
              {importAll(messages)}
            </button>
          </div>
        </>
      );
    }
    case 'done': {
      const before = sum(view, (outcome) => outcome.before);
      return (
        <>
          <p>
            {written(sum(view, (outcome) => outcome.written))} {before > 0 && writtenBefore(before)} {follow}
          </p>
          {view.outcomes.map(({ cut }, index) => cut !== null && <Cut key={index} text={refused(cut)} />)}
        </>
      );
    }
  }
}

/** Why a file goes no further, and a button to go on where that may help. */
function Stopped({ text, again }: { readonly text: string; readonly again: (() => void) | null }) {
  return (
    <div class="import-stopped">
      <p class="problem" role="alert">
        {text}
      </p>
      {again !== null && (
        <button type="button" class="button" onClick={again}>
          {words.value.retry}
        </button>
      )}
    </div>
  );
}

/** Why an export could not be read to its end. */
function Cut({ text }: { readonly text: string }) {
  return (
    <p class="problem" role="alert">
      {text}
    </p>
  );
}

function Bar({ part, text }: { readonly part: number; readonly text: string }) {
  return (
    <div class="import-bar">
      <progress value={Math.min(part, 1)} max={1} aria-label={text} />
      <span class="quiet">{text}</span>
    </div>
  );
}
