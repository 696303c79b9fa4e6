import type { Canon } from './block.js';
import type { Names } from './names.js';
import type { Link } from './timeline.js';

/** For ids that are another's former ones: the id it is now. By `channel:id`. */
export type Aliases = ReadonlyMap<string, string>;

/** What the views `conversation_links` and `person_links` say, from the links of every day. */
export function aliasesOf(links: Iterable<Link>): Aliases {
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
  const followed = new Map<string, string>();
  for (const [former, first] of one) {
    // As far as the views follow; Telegram's groups move once.
    const second = former.startsWith('whatsapp:') ? (one.get(first) ?? first) : first;
    followed.set(former, former.startsWith('whatsapp:') && second !== first ? (one.get(second) ?? second) : second);
  }
  return followed;
}

/** Numbers behind aliases: those of one person or conversation become one of theirs. */
export function canonOf(names: Names, aliases: Aliases): Canon {
  const translate = (things: readonly { readonly key: string }[]) => {
    if (aliases.size === 0) return (number: number) => number;
    const byKey = new Map(things.map(({ key }, number) => [key, number]));
    const moved = new Map<number, number>();
    for (const [former, now] of aliases) {
      const from = byKey.get(former);
      if (from === undefined) continue;
      const to = byKey.get(now);
      // An id that wrote nothing yet is stood for by the first that is now called so.
      if (to === undefined) byKey.set(now, from);
      else moved.set(from, to);
    }
    return (number: number) => moved.get(number) ?? number;
  };
  return { person: translate(names.people.values), conversation: translate(names.conversations.values) };
}
