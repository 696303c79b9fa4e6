import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/server/metrics.js';
import { receiving, send, toTelegram } from './receiving.js';

const basic = (password: string, user = 'anyone') => ({ authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` });

describe('the app', () => {
  it('tells that the process lives and that the lake is writable', async () => {
    const { server } = await receiving();
    expect((await send(server.port, 'GET', '/healthz')).status).toBe(200);
    expect((await send(server.port, 'GET', '/readyz')).status).toBe(200);
    expect((await send(server.port, 'GET', '/nowhere')).status).toBe(404);
  });

  it('asks for the password everywhere but on the webhooks and the health checks', async () => {
    const { server } = await receiving({ app: { password: 'p:ä', mount: (app) => app.get('/api/x', (c) => c.text('x')) } });
    const get = async (path: string, headers = {}) => (await send(server.port, 'GET', path, headers)).status;
    for (const path of ['/', '/metrics', '/api/x', '/nowhere']) expect(await get(path)).toBe(401);
    for (const wrong of ['', 'p', 'p:', 'P:ä', 'p:ä ']) expect(await get('/api/x', basic(wrong))).toBe(401);
    expect(await get('/api/x', { authorization: 'Bearer p:ä' })).toBe(401);
    expect(await get('/api/x', { authorization: 'Basic ====' })).toBe(401);
    expect(await get('/api/x', basic('p:ä'))).toBe(200);
    expect(await get('/api/x', basic('p:ä', ''))).toBe(200);
    expect(await get('/healthz')).toBe(200);
    expect(await get('/readyz')).toBe(200);
    expect((await toTelegram(server.port, '{}')).status).toBe(200);
    expect(await get('/webhook/nowhere')).toBe(404);
  });

  it('answers a failure of a mounted route with 500, and logs it', async () => {
    const broken = () => {
      throw new Error('a bug');
    };
    const { server, logged } = await receiving({ app: { mount: (app) => app.get('/api/x', broken) } });
    const answer = await send(server.port, 'GET', '/api/x');
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain('a bug');
    expect(logged.join()).toContain('a bug');
  });

  it('says which address is taken', async () => {
    const { server } = await receiving();
    const { startServer } = await import('../../src/server/node.js');
    const other = await receiving();
    const options = {
      host: '127.0.0.1',
      port: server.port,
      receivers: [],
      rawLog: other.rawLog,
      app: { fetch: () => new Response() },
      metrics: other.metrics,
    };
    const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
    await expect(startServer({ ...options, logger, clock: { now: Date.now } })).rejects.toMatchObject({
      code: 'SETTINGS',
      message: expect.stringContaining('CHATLAKE_PORT'),
    });
  });
});

describe('the metrics', () => {
  it('count what was received and how groups were committed', async () => {
    const { server } = await receiving();
    await toTelegram(server.port, '{"update_id":1}');
    await toTelegram(server.port, 'no json');
    const { body } = await send(server.port, 'GET', '/metrics');
    expect(body).toContain('chatlake_received_total{source="telegram"} 2');
    expect(body).toContain('chatlake_received_bytes_total{source="telegram"} 22');
    expect(body).toContain('chatlake_rejected_total{source="telegram",reason="invalid_json"} 1');
    expect(body).toContain('chatlake_commit_lines_count{source="telegram"} 2');
    expect(body).toMatch(/chatlake_last_received_timestamp_seconds\{source="telegram"\} \d+/);
  });

  it('tell how far the tables are behind', async () => {
    const metrics = createMetrics();
    metrics.tally('telegram').lastReceived = 10_000;
    expect(await metrics.text()).not.toContain('chatlake_raw_lag_seconds{');
    metrics.processed('telegram', 1, 0, 11_000);
    expect(await metrics.text()).not.toContain('chatlake_raw_lag_seconds{');
    metrics.processed('telegram', 1.5, 8000, 12_000);
    metrics.addRows('telegram', 7);
    metrics.addQuarantined('telegram', 2);
    const text = await metrics.text();
    expect(text).toContain('chatlake_raw_lag_seconds{source="telegram"} 2\n');
    expect(text).toContain('chatlake_etl_last_success_timestamp_seconds{source="telegram"} 12\n');
    expect(text).toContain('chatlake_rows_total{table="telegram"} 7\n');
    expect(text).toContain('chatlake_quarantined_total{source="telegram"} 2\n');
    metrics.processed('telegram', 1, 20_000, 21_000);
    expect(await metrics.text()).toContain('chatlake_raw_lag_seconds{source="telegram"} 0\n');
  });

  it('of two servers in one process do not mix', async () => {
    createMetrics({ process: true }).tally('a').received = 1;
    expect(await createMetrics({ process: true }).text()).not.toContain('source="a"');
  });
});
