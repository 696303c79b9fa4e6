import type { QueryEngine } from '../types.js';
import { rowsOf } from './queries.js';

/** Ids under which a conversation or person wrote, by `channel:id` of what it is now. */
export interface Aliases {
  /** The ids of filters, and those they had before. */
  conversations(ids: readonly string[]): Promise<readonly string[]>;
  people(ids: readonly string[]): Promise<readonly string[]>;
}

type Former = ReadonlyMap<string, readonly string[]>;

/** Groups move and numbers change rarely: what is known stands this long, and longer while it is asked for again. */
const STANDS_MS = 300_000;

export function aliasesIn(engine: QueryEngine): Aliases {
  const conversations = standing(() => formerIds(engine, `SELECT 'telegram', former_id, conversation_id FROM conversation_links`));
  const people = standing(() => formerIds(engine, `SELECT 'whatsapp', former_id, person_id FROM person_links`));
  // Reading every link of a large lake takes seconds: it begins before anybody asks.
  for (const links of [conversations, people]) links().catch(() => undefined);
  const withFormer = (ids: readonly string[], former: Former) => [...new Set(ids.flatMap((id) => [id, ...(former.get(id) ?? [])]))];
  return {
    // A conversation on WhatsApp is named by the person.
    conversations: async (ids) => withFormer(withFormer(ids, await conversations()), await people()),
    people: async (ids) => withFormer(ids, await people()),
  };
}

async function formerIds(engine: QueryEngine, links: string): Promise<Former> {
  const former = new Map<string, string[]>();
  for (const row of await rowsOf(engine, links)) {
    const [channel, before, now] = Object.values(row);
    const key = `${channel}:${now}`;
    former.set(key, [...(former.get(key) ?? []), `${channel}:${before}`]);
  }
  return former;
}

/** The first to ask waits; from then on everybody gets what is known, and it is asked for again behind them. */
function standing<T>(ask: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  let asked = -Infinity;
  return () => {
    if (known !== undefined && performance.now() - asked < STANDS_MS) return known;
    asked = performance.now();
    const asking = ask();
    const keep = () => (known = asking);
    const drop = () => (asked = -Infinity);
    asking.then(keep, drop);
    known ??= asking.catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
}
