import type { Block } from '../cache/block.js';
import type { ClosedParts, Presence, Written } from '../cache/closed.js';
import type { LargeRollup } from '../cache/large.js';
import type { Rollup } from '../cache/rollup.js';
import type { Countable } from '../cache/snapshot.js';

type Part = Block | Rollup | Written | Presence;

/** A part of a snapshot, by the number under which it was handed over. */
type Reference = number;

/** A snapshot for another thread: of its parts only those that it has not been given yet. */
export interface Packed extends Omit<Countable, 'blocks' | 'rollups' | 'closed'> {
  /** Parts that are made of blocks come after them, and have references in their place. */
  readonly fresh: readonly (readonly [Reference, Block | { readonly blocks: readonly Reference[] }])[];
  readonly blocks: readonly Reference[];
  readonly rollups: Omit<Countable['rollups'], 'list' | 'large'> & {
    readonly list: readonly Reference[];
    readonly large: readonly Reference[];
  };
  readonly closed: Omit<Countable['closed'], keyof ClosedParts | 'large'> &
    PackedParts & { readonly large: readonly (readonly [number, PackedParts])[] };
}

type PackedParts = Readonly<Record<keyof ClosedParts, readonly Reference[]>>;

/** Packs one snapshot after the other. */
export function packing(): (snapshot: Countable) => Packed {
  let known = new Map<Part, Reference>();
  let last = 0;
  return ({ blocks, rollups, closed, humans, firstDay, kinds, sizes }) => {
    const now = new Map<Part, Reference>();
    const fresh: Packed['fresh'][number][] = [];
    const pack = (parts: readonly Part[]): Reference[] =>
      parts.map((part) => {
        let reference = known.get(part) ?? now.get(part);
        if (reference === undefined) {
          reference = last += 1;
          fresh.push([reference, 'blocks' in part ? { ...part, blocks: pack(part.blocks) } : part]);
        }
        now.set(part, reference);
        return reference;
      });
    const packParts = ({ written, presences }: ClosedParts): PackedParts => ({ written: pack(written), presences: pack(presences) });
    const packed = {
      blocks: pack(blocks),
      rollups: { ...rollups, list: pack(rollups.list), large: pack(rollups.large) },
      closed: { ...closed, ...packParts(closed), large: Array.from(closed.large, ([which, parts]) => [which, packParts(parts)] as const) },
    };
    known = now;
    return { ...packed, humans, firstDay, kinds, sizes, fresh };
  };
}

/** Takes them out again, in the same order. */
export function unpacking(): (packed: Packed) => Countable {
  let known = new Map<Reference, unknown>();
  return ({ fresh, blocks, rollups, closed, ...rest }) => {
    const now = new Map<Reference, unknown>();
    const take = <T extends Part>(references: readonly Reference[]): T[] =>
      references.map((reference) => {
        const part = known.get(reference) as T;
        now.set(reference, part);
        return part;
      });
    const takeParts = ({ written, presences }: PackedParts): ClosedParts => ({
      written: take<Written>(written),
      presences: take<Presence>(presences),
    });
    for (const [reference, part] of fresh) known.set(reference, 'blocks' in part ? { ...part, blocks: take(part.blocks) } : part);
    const snapshot = {
      ...rest,
      blocks: take<Block>(blocks),
      rollups: { ...rollups, list: take<Rollup>(rollups.list), large: take<LargeRollup>(rollups.large) },
      closed: { ...closed, ...takeParts(closed), large: new Map(closed.large.map(([which, parts]) => [which, takeParts(parts)])) },
    };
    known = now;
    return snapshot;
  };
}
