import type { Block } from './block.js';
import type { Canon } from './numbered.js';
import type { Link, Names } from './names.js';

/** For ids that are another's former ones: the id it is now. By `channel:id`. */
export type Aliases = ReadonlyMap<string, string>;

/** What the views `conversation_links` and `person_links` say, from the links of every day. */
export function aliasesOf({ links: { values } }: Names, blocks: Iterable<Block>): Aliases {
  const lastAt = new Float64Array(values.length).fill(-Infinity);
  for (const { day, links } of blocks) {
    for (let at = 0; at < links.number.length; at += 1) {
      const number = links.number[at] as number;
      const seenAt = day * 86_400 + (links.at[at] as number);
      if (seenAt > (lastAt[number] as number)) lastAt[number] = seenAt;
    }
  }
  const known = values.flatMap((link, number) => (lastAt[number] === -Infinity ? [] : [{ ...link, at: lastAt[number] as number }]));
  return followed(known);
}

function followed(links: readonly (Link & { readonly at: number })[]): Aliases {
  const latest = new Map<string, { phone: string; at: number }>();
  const seen: [user: string, phone: string][] = [];
  const one = new Map<string, string>();
  const put = (former: string, now: string) => {
    const known = one.get(former);
    if (known === undefined || known < now) one.set(former, now);
  };
  for (const { channel, id, alias, target, at } of links) {
    if (channel === 0) {
      if (target !== null) put(`telegram:${id}`, `telegram:${target}`);
      if (alias !== null) put(`telegram:${alias}`, `telegram:${id}`);
      continue;
    }
    if (target !== null) put(`whatsapp:${id}`, `whatsapp:${target}`);
    if (alias === null) continue;
    seen.push([alias, id]);
    const known = latest.get(alias);
    if (known === undefined || at >= known.at) latest.set(alias, { phone: id, at });
  }
  for (const [user, { phone }] of latest) put(`whatsapp:${user}`, `whatsapp:${phone}`);
  for (const [user, phone] of seen) {
    const now = latest.get(user)?.phone ?? phone;
    if (now !== phone) put(`whatsapp:${phone}`, `whatsapp:${now}`);
  }
  const all = new Map<string, string>();
  for (const [former, first] of one) {
    // As far as the views follow; Telegram's groups move once.
    const second = former.startsWith('whatsapp:') ? (one.get(first) ?? first) : first;
    all.set(former, former.startsWith('whatsapp:') && second !== first ? (one.get(second) ?? second) : second);
  }
  return all;
}

/** Numbers of people and of conversations that stand for others, and for which. */
export interface Moved {
  readonly people: ReadonlyMap<number, number>;
  readonly conversations: ReadonlyMap<number, number>;
}

/** Numbers behind aliases: those of one person or conversation become one of theirs. */
export function movedBy(names: Names, aliases: Aliases): Moved {
  const translate = (things: readonly { readonly key: string }[]) => {
    const moved = new Map<number, number>();
    if (aliases.size === 0) return moved;
    const byKey = new Map(things.map(({ key }, number) => [key, number]));
    for (const [former, now] of aliases) {
      const from = byKey.get(former);
      if (from === undefined) continue;
      const to = byKey.get(now);
      // An id that wrote nothing yet is stood for by the first that is now called so.
      if (to === undefined) byKey.set(now, from);
      else if (to !== from) moved.set(from, to);
    }
    return moved;
  };
  return { people: translate(names.people.values), conversations: translate(names.conversations.values) };
}

export const canonOf = ({ people, conversations }: Moved): Canon => ({
  person: (number) => people.get(number) ?? number,
  conversation: (number) => conversations.get(number) ?? number,
});

/** Numbers for which it changed what they stand for, and what they stood or stand for. */
export function differing(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): Set<number> {
  const numbers = new Set<number>();
  for (const [one, other] of [
    [before, after],
    [after, before],
  ] as const)
    for (const [from, to] of one) if (other.get(from) !== to) numbers.add(from).add(to);
  return numbers;
}
