import type { Zone } from '../zone.js';
import { type Random, random } from './random.js';
import { ALWAYS, GROUP, SUPPORT } from './rhythm.js';
import { type TelegramCounters, type Told, telegramStretch } from './telegram.js';
import { whatsappStretch } from './whatsapp.js';

/** One webhook call. */
export interface Delivery {
  readonly source: 'telegram' | 'whatsapp';
  /** When it arrives, milliseconds since the epoch. */
  readonly at: number;
  /** The body as sent. */
  readonly body: string;
}

export interface Period {
  readonly seed: string;
  readonly zone: Zone;
  /** Epoch seconds, whole. Exchanges begin in [from, to). */
  readonly from: number;
  readonly to: number;
  /** `history` follows day and night; `live` goes on at any hour, fast enough to watch. */
  readonly pace: 'history' | 'live';
}

/** Exchanges an hour, on average; one has about four messages. */
const PER_HOUR = { history: { telegram: 2.3, whatsapp: 0.75 }, live: { telegram: 55, whatsapp: 18 } } as const;

/**
 * Everything the two platforms deliver for a period, in order of arrival: some of it twice, some late, some out of
 * order. A pure function: the same period with the same counters gives the same bytes. What arrives later than `to`
 * follows at the end.
 */
export function simulate(
  period: Period,
  counters: TelegramCounters,
): { readonly deliveries: Delivery[]; readonly counters: TelegramCounters } {
  const { pace } = period;
  const group = telegramStretch({ ...period, perHour: PER_HOUR[pace].telegram, rhythm: pace === 'live' ? ALWAYS : GROUP }, counters);
  const support = whatsappStretch({ ...period, perHour: PER_HOUR[pace].whatsapp, rhythm: pace === 'live' ? ALWAYS : SUPPORT });
  const chance = random(`${period.seed}:delivery:${period.from}`);
  const deliveries = [
    ...group.told.flatMap((told) => arrivals(chance, 'telegram', told)),
    ...support.flatMap((told) => arrivals(chance, 'whatsapp', told)),
  ];
  return { deliveries: deliveries.sort((a, b) => a.at - b.at), counters: group.counters };
}

function arrivals(chance: Random, source: Delivery['source'], { at, body }: Told): Delivery[] {
  const text = JSON.stringify(body);
  const after = (seconds: number) => Math.floor((at + seconds) * 1000);
  const late = chance.chance(0.008);
  const first = after(late ? 300 + chance.wait(4 * 3600) : 0.3 + (chance.chance(0.1) ? chance.wait(4) : chance.next() / 2));
  const again = chance.chance(0.015) ? [{ source, at: first + Math.floor(1000 * (5 + chance.wait(200))), body: text }] : [];
  return [{ source, at: first, body: text }, ...again];
}
