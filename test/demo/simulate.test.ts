import { describe, expect, it } from 'vitest';
import { type Delivery, type Period, simulate } from '../../src/demo/simulate.js';
import { FIRST_COUNTERS } from '../../src/demo/telegram.js';
import { etl, lay, newLake, zoneNamed } from '../support/lake.js';
import { manifests, rowsOf } from '../support/rows.js';

const zone = zoneNamed('America/Sao_Paulo');
const from = zone.startOf('2029-12-20');
const week: Period = { seed: 'test', zone, from, to: zone.startOf('2029-12-27'), pace: 'history' };
const { deliveries, counters } = simulate(week, FIRST_COUNTERS);

interface Body {
  readonly update_id: number;
  readonly message?: { readonly message_id: number; readonly date: number; readonly from: { readonly id: number } };
  readonly entry: readonly { readonly changes: readonly { readonly value: Value }[] }[];
}
interface Value {
  readonly contacts?: readonly { readonly wa_id?: string }[];
  readonly messages?: readonly { readonly id: string; readonly from?: string; readonly timestamp: string }[];
  readonly statuses?: readonly { readonly id: string; readonly status: string; readonly timestamp: string }[];
}
const of = (source: Delivery['source'], list = deliveries): Body[] =>
  list.filter((d) => d.source === source).map(({ body }) => JSON.parse(body) as Body);
const values = (list = deliveries): Value[] =>
  of('whatsapp', list).flatMap(({ entry }) => entry.flatMap(({ changes }) => changes.map(({ value }) => value)));
const messagesOf = (list = deliveries) => of('telegram', list).flatMap(({ message }) => (message ? [message] : []));

describe('the simulation', () => {
  it('gives the same bytes for the same seed and period, and others for another seed', () => {
    expect(simulate(week, FIRST_COUNTERS).deliveries).toEqual(deliveries);
    expect(simulate({ ...week, seed: 'other' }, FIRST_COUNTERS).deliveries).not.toEqual(deliveries);
  });

  it('delivers in order of arrival, nothing before it was sent, nothing sent before the period', () => {
    const arrivals = deliveries.map(({ at }) => at);
    expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
    for (const delivery of deliveries) {
      const sent = [
        ...messagesOf([delivery]).map(({ date }) => date),
        ...values([delivery]).flatMap(({ messages = [] }) => messages.map(({ timestamp }) => Number(timestamp))),
      ];
      for (const date of sent) {
        expect(date).toBeGreaterThanOrEqual(week.from);
        expect(delivery.at).toBeGreaterThanOrEqual(date * 1000);
      }
    }
  });

  it('repeats some deliveries, delays some, and puts several things into some WhatsApp bodies', () => {
    const bodies = deliveries.map(({ body }) => body);
    expect(new Set(bodies).size).toBeLessThan(bodies.length);
    expect(deliveries.some((delivery) => messagesOf([delivery]).some(({ date }) => delivery.at / 1000 - date > 300))).toBe(true);
    expect(values().some(({ contacts = [], messages = [] }) => contacts.length > 1 && messages.length > 1)).toBe(true);
    expect(values().some(({ messages = [], statuses = [] }) => messages.length > 0 && statuses.length > 0)).toBe(true);
  });

  it('goes on with new ids in the next period', () => {
    const next = simulate({ ...week, from: week.to, to: week.to + 3600, pace: 'live' }, counters);
    const ids = (list: Delivery[]) => messagesOf(list).map(({ message_id: id }) => `message ${id}`);
    const updates = (list: Delivery[]) => of('telegram', list).map(({ update_id: id }) => `update ${id}`);
    const used = new Set([...ids(deliveries), ...updates(deliveries)]);
    expect(next.deliveries.length).toBeGreaterThan(60);
    expect([...ids(next.deliveries), ...updates(next.deliveries)].filter((id) => used.has(id))).toEqual([]);
  });

  it('sleeps at night', () => {
    const hours = messagesOf().map(({ date }) => Math.floor(((date + zone.offsetAt(date)) % 86_400) / 3600));
    const between = (low: number, high: number) => hours.filter((hour) => hour >= low && hour < high).length;
    expect(between(18, 22)).toBeGreaterThan(10 * between(2, 6));
  });

  it('uses only phone numbers set aside for it', () => {
    const numbers = values().flatMap(({ contacts = [], messages = [] }) => [
      ...contacts.map(({ wa_id: id }) => id),
      ...messages.map((message) => message.from),
    ]);
    expect(numbers.filter((number) => number !== undefined && !/^55119000\d{5}$/.test(number))).toEqual([]);
  });

  it('becomes rows without a rest: nothing unknown, nothing in quarantine, one row for each thing said', async () => {
    const lake = await newLake(zone.name);
    for (const source of ['telegram', 'whatsapp'] as const) {
      await lay(
        lake,
        source,
        week.to * 1000,
        deliveries.filter((d) => d.source === source).map(({ body }) => body),
      );
    }
    const { quarantined } = await etl(lake);
    expect(quarantined).toBe(0);
    for (const manifest of await manifests(lake)) {
      expect(manifest.unknown).toEqual({});
      expect(manifest.units).toBe(manifest.rows + manifest.duplicates);
    }
    expect((await rowsOf(lake, 'telegram')).length).toBe(new Set(messagesOf().map(({ message_id: id }) => id)).size);
    expect((await rowsOf(lake, 'whatsapp')).length).toBe(
      new Set(values().flatMap(({ messages = [] }) => messages.map(({ id }) => id))).size,
    );
    const statuses = new Set(values().flatMap(({ statuses: told = [] }) => told.map(({ id, status }) => `${id} ${status}`)));
    expect((await rowsOf(lake, 'whatsapp_statuses')).length).toBe(statuses.size);
  });
});
