import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { serveCommand } from '../../src/cli/serve.js';
import type { Io } from '../../src/cli/io.js';
import { temporaryFolder } from '../lake/disks.js';
import { rawLines } from '../lake/raw.js';
import { flood, serving, until } from './serving.js';

describe('chatlake serve', () => {
  it('loses nothing it acknowledged when it is told to stop under load', async () => {
    const folder = await temporaryFolder();
    const { child, port, exited, log } = await serving(folder);
    const load = flood(port, 1);
    await until(() => load.acknowledged.length > 100);
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    await load.stop();
    const kept = new Set((await rawLines(folder)).map((line) => line.fields['update_id']));
    expect(load.acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    expect(log()).toContain('"msg":"stopped"');
  });

  it('ends within ten seconds although a sender never finishes its request', async () => {
    const { child, port, exited } = await serving(await temporaryFolder());
    const socket = connect({ port, host: '127.0.0.1' }).on('error', () => undefined);
    await new Promise<void>((resolve) =>
      socket.write('POST /webhook/telegram HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n', () => resolve()),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    const began = performance.now();
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('says that files of messages are fetched elsewhere, where they are wanted', async () => {
    let said = '';
    const stderr = { write: (text: string) => void (said += text) };
    const env = { CHATLAKE_RAW: await temporaryFolder(), CHATLAKE_PORT: '0', TELEGRAM_WEBHOOK_SECRET: 'x', CHATLAKE_MEDIA: '1' };
    await serveCommand({ env, clock: { now: Date.now }, stderr, stop: AbortSignal.abort() } as unknown as Io).parseAsync([], {
      from: 'user',
    });
    expect(said).toContain('fetched by chatlake up only');
  });

  it.each([
    [{}, /No channel is on: set TELEGRAM_WEBHOOK_SECRET/],
    [{ TELEGRAM_WEBHOOK_SECRET: 'x', CHATLAKE_RAW: '/dev/null/raw' }, /a file stands where a folder is needed/],
    [{ TELEGRAM_WEBHOOK_SECRET: 'x', CHATLAKE_RAW: 's3://bucket' }, /no region is set: set AWS_REGION/],
  ])('says what to mend with the settings %j', async (env, message) => {
    const io = { env, clock: { now: Date.now }, stderr: process.stderr, stop: AbortSignal.abort() } as unknown as Io;
    await expect(serveCommand(io).parseAsync([], { from: 'user' })).rejects.toThrow(message);
  });
});
