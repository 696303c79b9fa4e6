import type { Analysis } from '../analysis/analysis.js';

/** Ids under which a conversation or person wrote, by `channel:id` of what it is now. */
export interface Aliases {
  /** The ids of filters, and those they had before. */
  conversations(ids: readonly string[]): Promise<readonly string[]>;
  people(ids: readonly string[]): Promise<readonly string[]>;
}

type Former = ReadonlyMap<string, readonly string[]>;

/** Groups move and numbers change rarely: what is known stands this long, and longer while it is asked for again. */
const STANDS_MS = 300_000;

/** The analysis knows every link, and waits until it has read the lake. */
export function aliasesIn(analysis: Pick<Analysis, 'aliases'>): Aliases {
  const former = standing(async () => formerIds(await analysis.aliases()));
  const withFormer = async (ids: readonly string[]) => {
    const known = await former();
    return [...new Set(ids.flatMap((id) => [id, ...(known.get(id) ?? [])]))];
  };
  // A conversation on WhatsApp is named by the person.
  return { conversations: withFormer, people: withFormer };
}

function formerIds(aliases: ReadonlyMap<string, string>): Former {
  const former = new Map<string, string[]>();
  for (const [before, now] of aliases) former.set(now, [...(former.get(now) ?? []), before]);
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
