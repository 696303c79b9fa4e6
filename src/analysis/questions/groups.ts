import type { Clock } from '../../types.js';
import type { Snapshot } from '../cache/snapshot.js';
import { groupWordings, type Wording } from './grouping.js';

/** Which group each form of question is in: by form, the form that leads its group. */
export type Grouping = Uint32Array;

/** The groups of all questions in the lake, whatever the filters, remembered until a new form is asked. */
export interface QuestionGroups {
  /**
   * Groups for the forms of a snapshot. Where grouping takes long, the groups of before are given while it goes on; a form
   * they do not know is a group of its own then.
   */
  of(snapshot: Snapshot): Promise<Grouping>;
  /** The groups that are there; while the first grouping takes long, every form is a group of its own. */
  soon(snapshot: Snapshot): Promise<Grouping>;
}

/** Milliseconds of grouping that an answer waits for. */
const SOON = 300;
/** Part of the time, at most, that grouping over and over may take. */
const SHARE = 0.05;

export function questionGroups(clock: Clock): QuestionGroups {
  let known: { readonly names: Snapshot['names']; readonly grouping: Grouping; readonly cost: number; readonly at: number } | undefined;
  let under: Promise<Grouping> | undefined;

  async function regroup(snapshot: Snapshot): Promise<Grouping> {
    const begun = clock.now();
    const grouping = await groupingOf(snapshot);
    known = { names: snapshot.names, grouping, cost: clock.now() - begun, at: clock.now() };
    return grouping;
  }
  function start(snapshot: Snapshot): Promise<Grouping> {
    under ??= regroup(snapshot).finally(() => (under = undefined));
    return under;
  }
  async function of(snapshot: Snapshot): Promise<Grouping> {
    const forms = snapshot.names.questions.values.length;
    if (known === undefined || known.names !== snapshot.names) return widened(await start(snapshot), forms);
    if (known.grouping.length === forms) return known.grouping;
    if (known.cost <= SOON) return widened(await start(snapshot), forms);
    // Nobody waits for it: who asks next gets it.
    if (clock.now() - known.at > known.cost / SHARE) start(snapshot).catch(() => undefined);
    return widened(known.grouping, forms);
  }
  return {
    of,
    async soon(snapshot) {
      const forms = snapshot.names.questions.values.length;
      const made = of(snapshot);
      if (known?.names !== snapshot.names) return Promise.race([made, later(widened(new Uint32Array(0), forms))]);
      made.catch(() => undefined);
      return widened(known.grouping, forms);
    },
  };
}

const later = <T>(value: T): Promise<T> => new Promise((resolve) => setTimeout(resolve, SOON, value).unref());

/** A grouping for more forms than it was made for. */
function widened(grouping: Grouping, forms: number): Grouping {
  if (grouping.length >= forms) return grouping;
  const wide = Uint32Array.from({ length: forms }, (_, form) => form);
  wide.set(grouping);
  return wide;
}

async function groupingOf({ names, blocks }: Snapshot): Promise<Grouping> {
  const forms = names.questions.values;
  const counts = new Uint32Array(forms.length);
  for (const { questions } of blocks) for (const form of questions.form) counts[form] = (counts[form] as number) + 1;
  const asked = [...counts.keys()].filter((form) => counts[form] !== 0);
  const wordings = asked.map((form): Wording => ({ text: forms[form]?.text ?? '', count: counts[form] as number }));
  const leaders = await groupWordings(wordings);
  const grouping = Uint32Array.from({ length: counts.length }, (_, form) => form);
  for (const [at, form] of asked.entries()) grouping[form] = asked[leaders[at] as number] as number;
  return grouping;
}

/** Questions by the form that leads their group. */
export function byGroup(forms: Uint32Array, grouping: Grouping): Uint32Array {
  const counts = new Uint32Array(grouping.length);
  for (let form = 1; form < forms.length; form += 1) {
    const leader = grouping[form] as number;
    counts[leader] = (counts[leader] as number) + (forms[form] as number);
  }
  return counts;
}
