import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DoctorView, QuarantineView, RunsView, SetupView, StorageView } from '../../src/server/api-types.js';
import type { Health } from '../../src/server/health.js';
import { rawFolder } from '../../src/lake/layout.js';
import { lay, layBytes, openLake, removeLake, type TestLake } from '../support/lake.js';
import { telegramMessage } from '../support/lake-payloads.js';
import { send, toTelegram } from './receiving.js';
import { openService, type Service } from './service.js';

let lake: TestLake;
let service: Service;
const get = async <T>(path: string) => JSON.parse((await send(service.port, 'GET', path)).body) as T;
beforeAll(async () => {
  lake = await openLake();
  lake.clock.at = Date.now();
  service = await openService(lake);
});
afterAll(async () => {
  await service.close();
  await removeLake(lake);
});

describe('the health of a lake', () => {
  it('is told before anything arrived', async () => {
    expect(await get<QuarantineView>('/api/quarantine')).toEqual({ total: 0, rows: [] });
    expect((await get<RunsView>('/api/runs')).runs).toEqual([]);
    const { done, demo, steps, bot, chats } = await get<SetupView>('/api/setup');
    expect({ done, demo, bot, chats }).toEqual({ done: false, demo: false, bot: null, chats: [] });
    expect(steps.map(({ channel, id, state }) => `${channel} ${id} ${state}`)).toEqual([
      'telegram token done',
      'telegram group waiting',
      'telegram privacy waiting',
      'telegram message waiting',
      'whatsapp message waiting',
    ]);
  });

  it('tells each run, what it set aside and why, and what lies where', async () => {
    const date = Math.floor(lake.clock.at / 1000);
    await toTelegram(service.port, JSON.stringify(telegramMessage({ id: 1, date, text: 'oi' })));
    await toTelegram(service.port, 'no json');
    await toTelegram(service.port, Buffer.from([0x7b, 0xff, 0xfe]));
    await toTelegram(service.port, '{"message":{"message_id":2}}');
    await service.stack.etl.once('all');

    const { runs } = await get<RunsView>('/api/runs');
    expect(runs).toMatchObject([{ ok: true, days: 1, lines: 4, rows: 1, quarantined: 3 }]);

    const { total, rows } = await get<QuarantineView>('/api/quarantine');
    expect(total).toBe(3);
    expect(rows.map(({ reason, encoding, payload }) => `${reason} ${encoding} ${payload}`).sort()).toEqual([
      expect.stringMatching(/^invalid_json utf8 no json$/),
      expect.stringMatching(/^missing or impossible: .* utf8 .*"message_id":2/),
      `not_utf8 base64 ${Buffer.from([0x7b, 0xff, 0xfe]).toString('base64')}`,
    ]);
    for (const row of rows) expect(row).toMatchObject({ source: 'telegram', cut: false, receivedAt: lake.clock.at });
    expect((await get<QuarantineView>('/api/quarantine?limit=1')).rows).toHaveLength(1);

    const { layers } = await get<StorageView>('/api/storage');
    const [raw, enriched] = layers;
    expect(raw?.parts.map(({ name }) => name).sort()).toEqual(expect.arrayContaining(['rejected', 'telegram']));
    expect(enriched?.parts.map(({ name }) => name)).toEqual(expect.arrayContaining(['telegram', 'quarantine']));
    for (const layer of layers) expect(layer.bytes).toBe(layer.parts.reduce((sum, { bytes }) => sum + bytes, 0));

    // What is remembered of a moment ago may answer first.
    const group = async () =>
      (await get<SetupView>('/api/setup')).steps.find(({ id, channel }) => id === 'group' && channel === 'telegram');
    await expect.poll(group).toMatchObject({ state: 'done', detail: 'The group' });
  });

  it('tells no time of what was set aside out of a file that has none, only its day', async () => {
    await layBytes(lake, `${rawFolder('telegram', '2024-07-02')}of-others.ndjson`, 'not json\n');
    await service.stack.etl.once('all');
    const { rows } = await get<QuarantineView>('/api/quarantine');
    expect(rows.find(({ file }) => file.endsWith('of-others.ndjson'))).toMatchObject({ date: '2024-07-02', receivedAt: null });
  });

  it('has what doctor finds', async () => {
    const { findings } = await get<DoctorView>('/api/doctor');
    expect(findings.filter(({ level }) => level === 'fail')).toEqual([]);
    expect(findings.map(({ subject }) => subject)).toEqual(expect.arrayContaining(['raw lake', 'enriched lake', 'time zone', 'token']));
  });

  it('tells how many days a run has still to bring in, and that none are left', async () => {
    for (let ago = 1; ago <= 3; ago += 1) {
      const at = lake.clock.at - ago * 86_400_000;
      await lay(lake, 'telegram', at, [telegramMessage({ id: 100 + ago, date: Math.floor(at / 1000), text: 'oi' })]);
    }
    const seen = new Set<number>();
    let running = true;
    const run = service.stack.etl.once('all').finally(() => (running = false));
    while (running) seen.add((await get<Health>('/api/health')).daysLeft);
    await run;
    expect([...seen].filter((left) => left > 0).sort()).not.toEqual([]);
    expect(Math.max(...seen)).toBeLessThanOrEqual(3);
    expect((await get<Health>('/api/health')).daysLeft).toBe(0);
  });
});
