import { type Loss, keeper } from './outbound/keeper.js';
import { type BotTransformer, observer } from './outbound/observer.js';
import { ChatlakeError } from './errors.js';
import { openRawLog } from './lake/open.js';
import { zoneOf } from './zone.js';

export interface CaptureOptions {
  /** Folder of the raw lake, as `CHATLAKE_RAW`; `./data/raw` unless told. Other processes may write to it too. */
  readonly raw?: string;
  /** As `CHATLAKE_TIMEZONE`; `America/Sao_Paulo` unless told. It must be the lake's. */
  readonly timezone?: string;
  /** Told of each message that was sent and could not be kept. */
  readonly onLost?: (source: string, reason: Loss) => void;
}

export interface Capture {
  /** For grammY: `bot.api.config.use(lake.transformer)`. */
  readonly transformer: BotTransformer;
  /** A `fetch` that behaves as the one given, and keeps what calls of the Bot API and the Cloud API sent. */
  fetch(inner?: typeof globalThis.fetch): typeof globalThis.fetch;
  /** Resolves when everything sent before is durable or told as lost. To be called before the process ends. */
  close(): Promise<void>;
}

/**
 * Keeps in the raw lake what a bot sends, from inside the bot. A call is neither altered nor held up, and never fails because of the
 * lake. Throws SETTINGS for an unknown time zone.
 */
export function capture({ raw = './data/raw', timezone = 'America/Sao_Paulo', onLost = () => undefined }: CaptureOptions = {}): Capture {
  const zone = zoneOf(timezone);
  if (!zone)
    throw new ChatlakeError('SETTINGS', 'timezone must be an IANA time zone such as America/Sao_Paulo, or an offset such as -03:00');
  const clock = { now: Date.now };
  const rawLog = openRawLog(raw, { zone, clock });
  const kept = keeper({ rawLog, clock, onLost });
  const { transformer, fetch, settled } = observer(kept);
  return {
    transformer,
    fetch: (inner = globalThis.fetch) => fetch(inner),
    close: async () => {
      await settled();
      await rawLog.close();
    },
  };
}
