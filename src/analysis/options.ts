import type { Snapshot } from './cache/snapshot.js';
import { FACT_SOURCES } from './facts/sources.js';
import { conversationKey, personKey, personName } from './panels/people.js';
import { byText } from './panels/panel.js';
import { selectionOf } from './tally/selection.js';
import { type Tally, tallyOf } from './tally/tally.js';
import { foldedText } from './text/normal.js';
import { seen } from './text/seen.js';
import type { Option, OptionField } from './types.js';
import { boundsOf } from './view.js';

const MOST = 50;

/** Values a filter can take whose label or id holds `query`, whatever its case and accents; most messages first. */
export function optionsOf(snapshot: Snapshot, field: OptionField, query: string): Option[] {
  const bounds = boundsOf(snapshot);
  if (bounds === null) return [];
  const wanted = foldedText(query.trim());
  return valuesOf(snapshot, field, totals(snapshot, bounds))
    .filter(({ value, label, messages }) => messages > 0 && (foldedText(label).includes(wanted) || value.toLowerCase().includes(wanted)))
    .sort((a, b) => b.messages - a.messages || byText(a.value, b.value))
    .slice(0, MOST);
}

const known = new WeakMap<Snapshot, Tally>();

/** Counts over the whole lake, made once a snapshot. */
function totals(snapshot: Snapshot, bounds: NonNullable<ReturnType<typeof boundsOf>>): Tally {
  const found = known.get(snapshot) ?? tallyOf(snapshot, selectionOf(snapshot, { period: 'all' }, bounds));
  known.set(snapshot, found);
  return found;
}

function valuesOf(snapshot: Snapshot, field: OptionField, tally: Tally): Option[] {
  const { names } = snapshot;
  switch (field) {
    case 'channel':
      return FACT_SOURCES.map(({ channel }, at) => ({
        value: channel,
        label: channel,
        messages: tally.byDay.reduce((sum, count, index) => sum + (index % FACT_SOURCES.length === at ? count : 0), 0),
      }));
    case 'kind':
      return names.kinds.values.map((kind, at) => ({ value: kind, label: kind, messages: tally.byKind[at] ?? 0 }));
    case 'person':
      return names.people.values.map((_, at) => ({
        value: personKey(snapshot, at),
        label: seen(personName(snapshot, at)) ?? personKey(snapshot, at),
        messages: tally.byPerson[at] ?? 0,
      }));
    case 'conversation':
      return names.conversations.values.map(({ name }, at) => ({
        value: conversationKey(snapshot, at),
        label: seen(name) ?? conversationKey(snapshot, at),
        messages: tally.talks.rows[at] ?? 0,
      }));
  }
}
