import { loadSettings, type Settings } from '../config.js';
import { ChatlakeError } from '../errors.js';
import { botApi } from '../sources/telegram/client.js';
import type { Clock, Store } from '../types.js';
import { fail, type Finding, ok, warn } from './finding.js';
import { checkLake, checkSpace, checkZone, type Space } from './lake.js';
import { say } from './said.js';
import { checkClock, checkTelegram } from './telegram.js';
import { checkWhatsapp } from './whatsapp.js';

export interface DiagnoseOptions extends Means {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What the checks reach the world with. */
export interface Means {
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly openStore: (place: string) => Store;
  /** Space at a place of the file system; undefined where there is no such limit. */
  readonly spaceAt: (place: string) => Promise<Space | undefined>;
}

/** Looks at the whole set-up, one finding at a time. Changes nothing but a probe object in each lake, which it removes. */
export async function* diagnose(options: DiagnoseOptions): AsyncGenerator<Finding> {
  const { env } = options;
  let settings: Settings;
  try {
    settings = loadSettings(env);
  } catch (error) {
    if (!(error instanceof ChatlakeError)) throw error;
    for (const line of error.message.split('\n').slice(1))
      yield fail('settings', say`${line.trim()}`, 'Mend it in .env or the environment.');
    return;
  }
  yield ok('settings', 'valid');
  yield* diagnoseSettings(settings, { ...options, zoneChosen: (env['CHATLAKE_TIMEZONE'] ?? '').trim() !== '' });
}

/** The same for settings that are known to be valid. `zoneChosen`: the time zone is not just the default. */
export async function* diagnoseSettings(settings: Settings, options: Means & { readonly zoneChosen: boolean }): AsyncGenerator<Finding> {
  const { clock, fetch, openStore, spaceAt } = options;
  yield await checkLake('raw lake', 'CHATLAKE_RAW', settings.raw, openStore);
  yield await checkLake('enriched lake', 'CHATLAKE_ENRICHED', settings.enriched, openStore);
  const spaces = new Map<string, Finding>();
  for (const place of [settings.enriched, settings.raw]) {
    const space = await spaceAt(place);
    // Two places with the same numbers are on one file system, and named once.
    if (space) spaces.set(`${space.free}/${space.total}`, checkSpace(place, space));
  }
  yield* spaces.values();
  yield checkZone(settings.zone, options.zoneChosen, clock);

  const { token, webhookSecret, apiUrl } = settings.telegram;
  if (token !== undefined) {
    yield await checkClock(apiUrl, fetch, clock);
    yield* checkTelegram(settings, botApi({ token, apiUrl, fetch }), clock);
  } else if (webhookSecret !== undefined) {
    yield warn(
      'token',
      'not set: webhooks are received, but nothing can be asked of Telegram',
      'Set TELEGRAM_BOT_TOKEN for polling, "webhook set" and these checks.',
    );
  } else if (settings.whatsapp.appSecret === undefined) {
    yield warn('channels', 'none is on: neither Telegram nor WhatsApp has its secret set', 'Run chatlake init.');
  } else yield ok('telegram', 'off: neither TELEGRAM_BOT_TOKEN nor TELEGRAM_WEBHOOK_SECRET is set');
  yield* checkWhatsapp(settings);
}
