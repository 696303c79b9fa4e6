import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Settings } from '../config.js';
import type { Clock, RawLog } from '../types.js';
import type { Zone } from '../zone.js';
import { demoTime } from './clock.js';
import { holdDemo } from './lock.js';
import { platforms } from './platforms.js';
import { openPlay, type Play } from './play.js';

export const DEMO_FOLDER = 'data/demo';

export interface Demo {
  /** As given, with a lake of its own and secrets made for this run. */
  readonly settings: Settings;
  /** What everything that receives goes by. */
  readonly clock: Clock;
  /** To be put between the receivers and the raw log. */
  readonly watch: (log: RawLog) => RawLog;
  /** The simulated platforms, calling the webhooks at `url`. */
  play(url: string, zone: Zone, signal: AbortSignal): Promise<Play>;
  close(): void;
}

export interface DemoOptions {
  readonly folder: string;
  /** Days of history a new demonstration begins with. */
  readonly days: number;
  readonly clock: Clock;
}

/** A demonstration in a folder; it goes on where it stopped. Throws LAKE_UNAVAILABLE when it runs elsewhere. */
export async function openDemo(given: Settings, { folder, days, clock }: DemoOptions): Promise<Demo> {
  const release = await holdDemo(folder);
  const secret = () => randomBytes(24).toString('base64url');
  const telegramSecret = secret();
  const whatsappSecret = secret();
  const time = demoTime(clock);
  const open: { close(): void }[] = [];
  return {
    settings: {
      ...given,
      raw: join(folder, 'raw'),
      enriched: join(folder, 'enriched'),
      telegram: { ...given.telegram, webhookSecret: telegramSecret },
      whatsapp: { ...given.whatsapp, appSecret: whatsappSecret, verifyToken: secret() },
    },
    clock: time.clock,
    watch: time.watch,
    play: (url, zone, signal) => {
      const sender = platforms({ url, telegramSecret, whatsappSecret, signal });
      open.push(sender);
      return openPlay({ folder, days, zone, clock, time, deliver: sender.deliver, signal });
    },
    close: () => {
      for (const sender of open) sender.close();
      release();
    },
  };
}
