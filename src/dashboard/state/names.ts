import { signal } from '@preact/signals';
import type { Option, Panel } from '../../analysis/types.js';
import { seen } from '../../analysis/text/seen.js';
import { askJson } from '../api/client.js';
import type { ListName } from './address.js';
import { shared } from './session.js';
import { isLimited } from './shared.js';

/** Names of people and conversations by `<filter> <value>`, as far as the page has met them. */
const names = signal<ReadonlyMap<string, string>>(new Map());
const asked = new Set<string>();

export function remember(filter: ListName, value: string, name: string): void {
  const key = `${filter} ${value}`;
  if (names.peek().get(key) !== name) names.value = new Map(names.peek()).set(key, name);
}

/** Takes the names that rows of panels tell. */
export function rememberThose({ columns, rows }: Panel): void {
  const [key, name] = [columns.findIndex(({ kind }) => kind === 'key'), columns.findIndex((column) => column.name === 'name')];
  const filter = columns[key]?.filter;
  if (name < 0 || (filter !== 'person' && filter !== 'conversation')) return;
  for (const row of rows) if (row[key] !== null && seen(String(row[name] ?? ''))) remember(filter, String(row[key]), String(row[name]));
}

/** The name of a person or conversation: the id until it is known, and asked for once. */
export function nameOf(filter: 'person' | 'conversation', value: string): string {
  const key = `${filter} ${value}`;
  const known = names.value.get(key);
  const told = shared.value === null || !isLimited(shared.value);
  if (known === undefined && told && !asked.has(key)) {
    asked.add(key);
    void lookUp(filter, value);
  }
  return known ?? value;
}

async function lookUp(filter: 'person' | 'conversation', value: string): Promise<void> {
  try {
    const query = new URLSearchParams({ field: filter, q: value });
    const { options } = await askJson<{ options: readonly Option[] }>(`/api/options?${query}`);
    const found = options.find((option) => option.value === value);
    if (found !== undefined) remember(filter, value, found.label);
  } catch {
    // The id says it too.
  }
}
