import type { Settings } from '../../config.js';
import { storedMigrations } from '../../lake/migrations.js';
import { keeper, type KeeperOptions } from '../../outbound/keeper.js';
import { secretMatcher } from '../../sources/secret.js';
import { telegramReceiver } from '../../sources/telegram/receive.js';
import type { Clock, Logger, RawLog, Store } from '../../types.js';
import type { Metrics } from '../metrics.js';
import { type Platform, proxy, type Proxy } from './proxy.js';

export interface ProxyParts {
  /** Where changed chat ids are remembered. */
  readonly rawStore: Store;
  readonly rawLog: RawLog;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly clock: Clock;
}

const anyToken = (token: string): boolean => token !== '';

/** The platforms that calls are passed on to: those whose token is set, or both where any is taken. */
function platformsOf({ proxy: mode, telegram, whatsapp }: Settings): Readonly<Partial<Record<'telegram' | 'whatsapp', Platform>>> {
  if (mode === 'off') return {};
  const platform = (url: string, token: string | undefined): Platform | undefined =>
    mode === 'any' ? { url, admits: anyToken } : token === undefined ? undefined : { url, admits: secretMatcher(token) };
  const forTelegram = platform(telegram.apiUrl, telegram.token);
  const forWhatsapp = platform(whatsapp.apiUrl, whatsapp.token);
  return { ...(forTelegram && { telegram: forTelegram }), ...(forWhatsapp && { whatsapp: forWhatsapp }) };
}

/** Whether calls are passed on at all. */
export const hasProxy = (settings: Settings): boolean => Object.keys(platformsOf(settings)).length > 0;

/** The way for bots' own calls, where a token is set. */
export function proxyOf(settings: Settings, { rawStore, rawLog, metrics, logger, clock }: ProxyParts): Proxy | undefined {
  const platforms = platformsOf(settings);
  if (Object.keys(platforms).length === 0) return undefined;
  const tally = (source: string) => metrics.sent(source);
  return proxy({
    platforms,
    tally,
    keeper: keeper({
      rawLog,
      clock,
      onKept: (source) => void (tally(source).captured += 1),
      onFiltered: (source) => void (tally(source).filtered += 1),
      onLost: (source, reason) => {
        const { lost } = tally(source);
        lost.set(reason, (lost.get(reason) ?? 0) + 1);
        logger.warn({ source, reason }, 'a message that was sent is not in the lake');
      },
      ...filterOf(settings, rawStore),
    }),
  });
}

/** The filter of what is received, where there is one. */
function filterOf({ telegram: { chatIds }, whatsapp: { phoneNumberIds } }: Settings, rawStore: Store): Pick<KeeperOptions, 'wants'> {
  if (chatIds.length === 0 && phoneNumberIds.length === 0) return {};
  const telegram = telegramReceiver({ secret: undefined, chatIds, migrations: storedMigrations(rawStore) });
  const numbers = new Set(phoneNumberIds);
  return {
    wants: (source, line) => (source === 'telegram' ? telegram.wants(line) : numbers.size === 0 || numbers.has(numberOf(line['outbound']))),
  };
}

const numberOf = (outbound: unknown): string =>
  typeof outbound === 'object' && outbound !== null ? String((outbound as { phone_number_id?: unknown }).phone_number_id) : '';
