import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Context } from 'hono';

/** A file of the page, answered in the encoding that the browser takes, or as not changed. */
export type Body = (c: Context, type: string, cacheControl: string) => Response;

/** What is kept in memory of a file: its bytes, and compressed ones where that is smaller. */
interface Encodings {
  readonly plain: Buffer;
  readonly br?: Buffer | undefined;
  readonly gzip?: Buffer | undefined;
}

export function bodyOf({ plain, br, gzip }: Encodings): Body {
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return (c, type, cacheControl) => {
    const headers: Record<string, string> = { 'content-type': type, 'cache-control': cacheControl, etag };
    if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers);
    const accepted = c.req.header('accept-encoding') ?? '';
    const [encoding, bytes] =
      br !== undefined && /\bbr\b/.test(accepted)
        ? ['br', br]
        : gzip !== undefined && /\bgzip\b/.test(accepted)
          ? ['gzip', gzip]
          : ['', plain];
    if (encoding !== '') headers['content-encoding'] = encoding;
    return c.body(new Uint8Array(bytes), 200, headers);
  };
}

/** A text made here, compressed once. */
export function textBody(text: string): Body {
  const plain = Buffer.from(text);
  return bodyOf({ plain, gzip: gzipSync(plain), br: brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }) });
}
