import { autocompletion, closeBrackets, closeBracketsKeymap, type CompletionContext, completionKeymap } from '@codemirror/autocomplete';
import { PostgreSQL, sql } from '@codemirror/lang-sql';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { minimalSetup } from 'codemirror';

/** Names the editor completes. */
export interface Schema {
  readonly tables: readonly {
    readonly name: string;
    readonly columns: readonly { readonly name: string; readonly type: string; readonly description: string }[];
  }[];
  readonly functions: readonly string[];
}

export interface Editor {
  text(): string;
  setText(text: string): void;
  setSchema(schema: Schema): void;
  focus(): void;
  close(): void;
}

interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly label: string;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

const LOOK = EditorView.theme({
  '&': { fontSize: '13px', color: 'var(--ink)', backgroundColor: 'var(--card)', height: '100%' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px', overflow: 'auto' },
  '.cm-content': { padding: '12px 0', caretColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--card)', color: 'var(--muted)', border: 'none', paddingLeft: '8px' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--wash-strong)',
  },
  '.cm-matchingBracket': { backgroundColor: 'var(--wash-strong)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--card)',
    color: 'var(--ink)',
    border: '1px solid var(--line)',
    borderRadius: '8px',
    overflow: 'hidden',
  },
  '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--on-accent)' },
  '.cm-completionDetail': { color: 'inherit', opacity: '0.75', fontStyle: 'normal', marginLeft: '12px' },
});

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--warn-ink)' },
  { tag: tags.comment, color: 'var(--muted)' },
  { tag: [tags.typeName, tags.standard(tags.name)], color: 'var(--c3-ink)' },
]);

/** Upper-case words of a statement, names of the catalogue as they are, functions with what they are. */
function languageFor({ tables, functions }: Schema) {
  const schema = Object.fromEntries(
    tables.map((table) => [
      table.name,
      table.columns.map(({ name, type, description }) => ({ label: name, detail: type, info: description, type: 'property' })),
    ]),
  );
  const support = sql({ dialect: PostgreSQL, schema, upperCaseKeywords: true });
  const options = functions.map((name) => ({ label: name, type: 'function', boost: -1 }));
  const columns = [
    ...new Map(
      tables.flatMap((table) =>
        table.columns.map((column) => [column.name, { label: column.name, detail: column.type, type: 'property' }]),
      ),
    ),
  ].map(([, option]) => option);
  const complete = PostgreSQL.language.data.of({
    autocomplete: (context: CompletionContext) => {
      const word = context.matchBefore(/\w+/);
      return word === null ? null : { from: word.from, options: [...columns, ...options], validFor: /^\w*$/ };
    },
  });
  return [support, complete];
}

/**
 * An editor in a shadow tree of its own: there its styles are adopted sheets, which a strict Content-Security-Policy
 * allows, and the page's styles stay out.
 */
export function openEditor({ parent, text, label, onChange, onRun }: EditorOptions): Editor {
  const root = parent.shadowRoot ?? parent.attachShadow({ mode: 'open' });
  root.replaceChildren();
  const holder = document.createElement('div');
  holder.style.height = '100%';
  root.append(holder);
  const language = new Compartment();
  const run = () => {
    onRun();
    return true;
  };
  const view = new EditorView({
    parent: holder,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        keymap.of([{ key: 'Mod-Enter', run }]),
        lineNumbers(),
        minimalSetup,
        highlightSpecialChars(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        autocompletion(),
        keymap.of([...closeBracketsKeymap, ...completionKeymap]),
        language.of(languageFor({ tables: [], functions: [] })),
        LOOK,
        syntaxHighlighting(COLOURS),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    setText: (next) => {
      if (next !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
    },
    setSchema: (schema) => view.dispatch({ effects: language.reconfigure(languageFor(schema)) }),
    focus: () => view.focus(),
    close: () => view.destroy(),
  };
}
