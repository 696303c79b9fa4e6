import { refusalOf, type BotApi } from '../sources/telegram/client.js';
import { MediaFailure } from './files.js';

/** Opens a file by its id. Throws MediaFailure; never an error that holds the token. */
export type OpenFile = (id: string, signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>;

export interface PlatformOptions {
  readonly token: string;
  readonly apiUrl: string;
  readonly fetch: typeof globalThis.fetch;
}

/** Version of the Graph API that media are asked of. */
const GRAPH = 'v26.0';
/** Codes of calls that come too often, which the Graph API answers with 400 (Cloud API, Error codes: throttling). */
const TOO_OFTEN: ReadonlySet<unknown> = new Set([4, 80007, 130429]);
/** Milliseconds that one file may take. */
const PATIENCE = 120_000;

/** `getFile` tells for an hour where a file is, up to 20 MB (https://core.telegram.org/bots/api#getfile). */
export function telegramFiles({ token, apiUrl, fetch }: PlatformOptions, api: BotApi): OpenFile {
  return async (id, signal) => {
    let path: string | undefined;
    try {
      path = (await api.getFile(id, { signal })).file_path;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw new MediaFailure('unreachable', false);
      if (/too big/i.test(refusal.description)) throw new MediaFailure('too_large', true);
      // One text for both: "wrong file_id or the file is temporarily unavailable".
      const final = refusal.error_code === 400 && !/temporarily/i.test(refusal.description);
      throw new MediaFailure('refused', final, (refusal.retry_after ?? 0) * 1000);
    }
    if (path === undefined) throw new MediaFailure('refused', false);
    return bodyOf(fetch, `${apiUrl}/file/bot${token}/${path.split('/').map(encodeURIComponent).join('/')}`, {}, signal);
  };
}

/** A media id lives 7 days, the address it gives 5 minutes; both want the token (Cloud API, Media). */
export function whatsappFiles({ token, apiUrl, fetch }: PlatformOptions): OpenFile {
  const headers = { authorization: `Bearer ${token}` };
  return async (id, signal) => {
    const body = await bodyOf(fetch, `${apiUrl}/${GRAPH}/${encodeURIComponent(id)}`, headers, signal);
    const told = (await new Response(body).json().catch(() => undefined)) as { url?: unknown } | undefined;
    const url = typeof told?.url === 'string' && URL.canParse(told.url) ? new URL(told.url) : undefined;
    // The token goes to the platform and to nobody else.
    if (
      !url ||
      !(
        url.origin === new URL(apiUrl).origin ||
        (url.protocol === 'https:' && /(^|\.)(facebook\.com|fbsbx\.com|fbcdn\.net|whatsapp\.net)$/.test(url.hostname))
      )
    )
      throw new MediaFailure('refused', false);
    return bodyOf(fetch, url.href, headers, signal);
  };
}

async function bodyOf(
  fetch: typeof globalThis.fetch,
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { ...headers },
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
    });
  } catch {
    throw new MediaFailure('unreachable', false); // the reason may hold the address, and so the token
  }
  if (response.ok && response.body) return response.body;
  const told = (await response.json().catch(() => undefined)) as { error?: { code?: unknown } } | undefined;
  const wait = Number(response.headers.get('retry-after') ?? 0) * 1000;
  // 401 and 403 are about the token, which may be mended while the id lives.
  const final = [400, 404, 410].includes(response.status) && !TOO_OFTEN.has(told?.error?.code);
  throw new MediaFailure('refused', final, Number.isFinite(wait) ? wait : 0);
}
