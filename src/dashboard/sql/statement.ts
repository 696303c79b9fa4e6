import { signal } from '@preact/signals';
import type { CatalogView, SqlView } from '../../server/api-types.js';
import { ask, askJson, isRefusal, type Refusal } from '../api/client.js';
import { saveFile } from '../export/save.js';
import { resource } from '../state/resource.js';
import { keep, kept } from '../state/settings.js';

/** The statement in the editor. */
export const statement = signal(kept('statement') ?? '');
/** What was run, and what it gave. */
export const result = signal<(SqlView & { readonly sql: string }) | null>(null);
export const problem = signal<Refusal | null>(null);
export const running = signal(false);
export const cancelled = signal(false);
export const catalog = resource<CatalogView>();

export interface Kept {
  readonly name: string;
  readonly sql: string;
}

const HISTORY = 50;

function keptList(key: string): readonly Kept[] {
  try {
    const list = JSON.parse(kept(key) ?? '[]') as unknown;
    return Array.isArray(list) ? list.filter((one): one is Kept => typeof one?.name === 'string' && typeof one?.sql === 'string') : [];
  } catch {
    return [];
  }
}

export const history = signal(keptList('history'));
export const saved = signal(keptList('saved'));

function setHistory(list: readonly Kept[]): void {
  history.value = list;
  keep('history', JSON.stringify(list));
}

export function saveAs(name: string, sql: string): void {
  saved.value = [{ name, sql }, ...saved.value.filter((one) => one.name !== name)];
  keep('saved', JSON.stringify(saved.value));
}

export function forget(name: string): void {
  saved.value = saved.value.filter((one) => one.name !== name);
  keep('saved', JSON.stringify(saved.value));
}

let abort: AbortController | undefined;

/** Runs a statement; the one before it is cancelled. */
export async function run(sql: string): Promise<void> {
  if (sql.trim() === '') return;
  abort?.abort();
  const mine = new AbortController();
  abort = mine;
  running.value = true;
  cancelled.value = false;
  problem.value = null;
  keep('statement', sql);
  setHistory([{ name: sql.trim().split('\n')[0] ?? '', sql }, ...history.value.filter((one) => one.sql !== sql)].slice(0, HISTORY));
  try {
    const answer = await askJson<SqlView>('/api/sql', { body: { sql }, signal: mine.signal });
    if (abort === mine) result.value = { ...answer, sql };
  } catch (failure) {
    if (abort !== mine) return;
    if (isRefusal(failure)) problem.value = failure;
    else if (mine.signal.aborted) cancelled.value = true;
    else throw failure;
  } finally {
    if (abort === mine) running.value = false;
  }
}

/** Ends the statement here and at the server. */
export const cancel = (): void => abort?.abort();

export const FORMATS = ['csv', 'json', 'parquet'] as const;

/** All rows of a statement as a file. Rejects with a Refusal. */
export async function exportAs(sql: string, format: (typeof FORMATS)[number]): Promise<void> {
  const answer = await ask('/api/sql/export', { body: { sql, format } });
  saveFile(`chatlake-query.${format}`, await answer.blob());
}
