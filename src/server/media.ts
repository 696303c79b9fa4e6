import type { Settings } from '../config.js';
import { telegramFiles, whatsappFiles } from '../media/platforms.js';
import { type MediaOptions, mediaQueue, type MediaQueue } from '../media/queue.js';
import { botApi } from '../sources/telegram/client.js';

/** Fetches the files of messages, where that is switched on and a token is set. */
export function mediaOf(
  { media, telegram, whatsapp }: Settings,
  fetch: typeof globalThis.fetch,
  parts: Omit<MediaOptions, 'sources' | 'most'>,
): MediaQueue | undefined {
  if (!media.on) return undefined;
  const sources = {
    ...(telegram.token !== undefined && {
      telegram: telegramFiles(
        { token: telegram.token, apiUrl: telegram.apiUrl, fetch },
        botApi({ token: telegram.token, apiUrl: telegram.apiUrl, fetch }),
      ),
    }),
    ...(whatsapp.token !== undefined && { whatsapp: whatsappFiles({ token: whatsapp.token, apiUrl: whatsapp.apiUrl, fetch }) }),
  };
  return Object.keys(sources).length === 0 ? undefined : mediaQueue({ ...parts, sources, most: media.most * 1024 * 1024 });
}
