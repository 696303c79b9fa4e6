import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Delivery, simulate } from '../../src/demo/simulate.js';
import { FIRST_COUNTERS } from '../../src/demo/telegram.js';
import { duckdbEngine } from '../../src/query/duckdb.js';
import { LAKE_TABLES, LAKE_VIEWS } from '../../src/query/lake-tables.js';
import type { DayTask, Plan } from '../../src/server/lambda/nightly.js';
import type { QueryEngine } from '../../src/types.js';
import { httpEvent } from '../server/lambda/events.js';
import { signature } from '../server/receiving.js';
import { seconds, zoneNamed } from '../support/lake.js';
import { chatlake } from '../support/cli.js';
import { answerOf } from './support/answers.js';
import { type Functions, startFunctions } from './support/functions.js';
import { NO_LAMBDA } from './support/lambda-runtime.js';
import { type Minio, NO_MINIO, startMinio } from './support/minio.js';
import { type Moto, NO_MOTO, startMoto } from './support/moto.js';
import { GLUE_CATALOG, NO_TRINO, startTrino, type Trino } from './support/trino.js';

const WHY_NOT = NO_MINIO ?? NO_MOTO ?? NO_LAMBDA ?? NO_TRINO;
const ESTABLISHED = fileURLToPath(new URL('../../../shared/sql/', import.meta.url));
const SECRETS = { TELEGRAM_WEBHOOK_SECRET: 'test_secret-1', WHATSAPP_APP_SECRET: 'app secret', WHATSAPP_VERIFY_TOKEN: 'verify' };
const ZONE = 'America/Sao_Paulo';
/** Requests to the laptop at once; and those between two batches of the writer. */
const AT_ONCE = 32;
const BATCH = 200;
/** Where a row came from and when: two lakes that received the same differ in it. */
const ORIGIN = new Set(['received_at', 'raw_file', 'raw_line']);

/** Noon to noon of a group and a support number as the platforms send them, some of it twice, late or out of order; and what is rare. */
function deliveries(): readonly Delivery[] {
  const from = seconds('2024-07-01T15:00:00Z');
  const period = { seed: 'same answers', zone: zoneNamed(ZONE), from, to: from + 86_400, pace: 'history' } as const;
  const told = (message_id: number, id: number, what: object) => ({
    update_id: message_id,
    message: { message_id, date: from, chat: { id, type: 'supergroup', title: 'Clube' }, ...what },
  });
  const change = { field: 'message_template_status_update', value: { event: 'APPROVED', message_template_id: 1 } };
  const rare: readonly (readonly [Delivery['source'], unknown])[] = [
    ['telegram', told(1, -5, { migrate_to_chat_id: -1_005 })],
    ['telegram', told(2, -1_005, { migrate_from_chat_id: -5 })],
    ['telegram', told(3, -1_005, { message_thread_id: 3, forum_topic_created: { name: 'Saídas', icon_color: 1 } })],
    ['telegram', 'no update'],
    ['whatsapp', { object: 'whatsapp_business_account', entry: [{ id: '1', time: from, changes: [change] }] }],
  ];
  return [
    ...simulate(period, FIRST_COUNTERS).deliveries,
    ...rare.map(([source, body]) => ({ source, at: from * 1000, body: JSON.stringify(body) })),
  ];
}

const headersOf = ({ source, body }: Delivery): Record<string, string> => ({
  'content-type': 'application/json',
  ...(source === 'telegram'
    ? { 'x-telegram-bot-api-secret-token': SECRETS.TELEGRAM_WEBHOOK_SECRET }
    : { 'x-hub-signature-256': signature(body, SECRETS.WHATSAPP_APP_SECRET) }),
});

describe.skipIf(WHY_NOT)(`the same deliveries on AWS's functions and on a laptop${WHY_NOT ? ` (skipped: ${WHY_NOT})` : ''}`, () => {
  let folder: string;
  let minio: Minio;
  let moto: Moto;
  let functions: Functions;
  let trino: Trino;
  let there: QueryEngine;
  let here: QueryEngine;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chatlake-laptop-'));
    [minio, moto] = await Promise.all([startMinio(), startMoto()]);
    functions = await startFunctions({ minio, moto, secrets: SECRETS, database: 'default' });
    trino = await startTrino({ minio, glue: moto.endpoint });
    there = trino.engine('default', GLUE_CATALOG);
    here = await duckdbEngine({ root: join(folder, 'enriched'), threads: 2 });
  });
  afterAll(async () => {
    await here?.close();
    await trino?.stop();
    await functions?.stop();
    await Promise.all([minio?.stop(), moto?.stop()]);
    await rm(folder, { recursive: true, force: true });
  });

  it('are taken: webhook, queue, raw lake, tables, catalog', async () => {
    for (const [index, delivery] of deliveries().entries()) {
      const event = httpEvent('POST', `/webhook/${delivery.source}`, headersOf(delivery), delivery.body);
      expect((await functions.ingest(event)).statusCode).toBe(200);
      if (index % BATCH === BATCH - 1) expect(await functions.drain()).toBe(0);
    }
    expect(await functions.drain()).toBe(0);
    const plan = await (await functions.warm('plan')).invoke<Plan>({ days: 'open' });
    const days: DayTask[] = [];
    for (const task of plan.days) days.push(await (await functions.warm('day')).invoke(task));
    expect(days.map(({ source }) => source)).toEqual(['telegram', 'whatsapp']);
    expect(await (await functions.warm('register')).invoke({ order: {}, more: false, days })).toMatchObject({ done: 2, failed: 0 });
  });

  it('are taken: chatlake up, chatlake etl', async () => {
    const env = { ...SECRETS, CHATLAKE_RAW: join(folder, 'raw'), CHATLAKE_ENRICHED: join(folder, 'enriched'), CHATLAKE_TIMEZONE: ZONE };
    const up = chatlake(folder, ['up'], { ...env, CHATLAKE_PORT: '0', CHATLAKE_REFRESH: '0' });
    const [, address = ''] = await up.says(/(http:\/\/127\.0\.0\.1:\d+)/);
    const queue = [...deliveries()];
    const lane = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const answer = await fetch(`${address}/webhook/${next.source}`, { method: 'POST', headers: headersOf(next), body: next.body });
        expect(answer.status).toBe(200);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    up.child.kill('SIGTERM');
    expect(await up.ended).toBe(0);
    const etl = chatlake(folder, ['etl', '--all'], env);
    // The one that is no update.
    expect([await etl.ended, etl.err()]).toEqual([1, expect.stringMatching(/^chatlake: 1 lines were set aside/)]);
  });

  /** Each statement's answers there and here must be the same, and have rows. */
  async function compare(statements: readonly (readonly [string, string])[]): Promise<void> {
    for (const [name, sql] of statements) {
      const [aws, laptop] = await Promise.all([answerOf(there, sql, ORIGIN), answerOf(here, sql, ORIGIN)]);
      expect({ name, ...aws }).toEqual({ name, ...laptop });
      expect([name, aws.rows.length > 0]).toEqual([name, true]);
    }
  }

  it('give the same tables and views', () => compare([...LAKE_TABLES, ...LAKE_VIEWS].map(({ name }) => [name, `SELECT * FROM ${name}`])));

  it.skipIf(!existsSync(ESTABLISHED))(
    'give every established statement the same answer (skipped where their folder is absent)',
    async () => {
      const files = readdirSync(ESTABLISHED).filter((name) => name.endsWith('.sql') && !name.startsWith('11'));
      expect(files).toHaveLength(10);
      await compare(files.map((name) => [name, readFileSync(join(ESTABLISHED, name), 'utf8')]));
    },
  );
});
