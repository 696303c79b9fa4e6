import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { Loss } from '../../outbound/keeper.js';

/** Bytes that one copy and all of them together may hold. */
export interface CopyBudget {
  readonly most: number;
  readonly total: number;
  used: number;
}

/** A bounded copy of a body that streams by. */
export interface Copy {
  add(chunk: Buffer): void;
  /** Why there is no whole copy. */
  readonly failure: Loss | undefined;
  bytes(): Buffer;
  /** Gives its bytes back to the budget; further ones are not taken. */
  release(): void;
}

/** `most`: bytes of this one, where fewer than others may have. */
export function copyWithin(budget: CopyBudget, most = budget.most): Copy {
  let chunks: Buffer[] = [];
  let size = 0;
  let failure: Loss | undefined;
  let open = true;
  const release = () => {
    open = false;
    budget.used -= size;
    size = 0;
    chunks = [];
  };
  const fail = (reason: Loss) => {
    failure = reason;
    release();
  };
  return {
    add: (chunk) => {
      if (!open) return;
      size += chunk.length;
      budget.used += chunk.length;
      if (size > most) fail('too_large');
      else if (budget.used > budget.total) fail('busy');
      else chunks.push(chunk);
    },
    get failure() {
      return failure;
    },
    bytes: () => (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
    release,
  };
}

const DECODERS = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress) };

/** The body that was sent under a `content-encoding`. Rejects when it cannot be told, or would take more than `most` bytes. */
export async function plainBody(body: Buffer, encoding: string | undefined, most: number): Promise<Buffer> {
  let plain = body;
  const names = (encoding ?? '').split(',').map((name) => name.trim().toLowerCase());
  for (const name of names.reverse()) {
    if (name === '' || name === 'identity') continue;
    const decode = DECODERS[name as keyof typeof DECODERS];
    if (decode === undefined) throw new Error(`unknown content-encoding`);
    plain = await decode(plain, { maxOutputLength: most });
  }
  return plain;
}
