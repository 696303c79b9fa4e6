import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { Loss } from '../../outbound/keeper.js';

/** Bytes that one copy and all of them together may hold. */
export interface CopyBudget {
  readonly most: number;
  readonly total: number;
  used: number;
}

/**
 * A bounded copy of a body that streams by. A class, so that all are of one shape: objects that each have an accessor of their own outlive two
 * collections, and the call with them.
 */
export class Copy {
  #chunks: Buffer[] = [];
  #size = 0;
  #open = true;
  #failure: Loss | undefined;
  readonly #budget: CopyBudget;
  readonly #most: number;

  /** `most`: bytes of this one, where fewer than others may have. */
  constructor(budget: CopyBudget, most = budget.most) {
    this.#budget = budget;
    this.#most = most;
  }

  /** Why there is no whole copy. */
  get failure(): Loss | undefined {
    return this.#failure;
  }

  add(chunk: Buffer): void {
    if (!this.#open) return;
    this.#size += chunk.length;
    this.#budget.used += chunk.length;
    if (this.#size > this.#most) this.#fail('too_large');
    else if (this.#budget.used > this.#budget.total) this.#fail('busy');
    else this.#chunks.push(chunk);
  }

  bytes(): Buffer {
    const [first] = this.#chunks;
    return first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
  }

  /** Gives its bytes back to the budget; further ones are not taken. */
  release(): void {
    this.#open = false;
    this.#budget.used -= this.#size;
    this.#size = 0;
    this.#chunks = [];
  }

  #fail(reason: Loss): void {
    this.#failure = reason;
    this.release();
  }
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
