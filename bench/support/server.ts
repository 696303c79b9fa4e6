/** Child process: the server under measurement, `bare`, `chatlake`, `file` or `put`; says its port. Arguments: kind, folder. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openRawLog, openStore } from '../../src/lake/open.js';
import { createApp } from '../../src/server/app.js';
import { openAccess } from '../../src/server/auth.js';
import { createMetrics } from '../../src/server/metrics.js';
import { startServer } from '../../src/server/node.js';
import { telegramReceiver } from '../../src/sources/telegram/receive.js';
import { zoneOf, type Zone } from '../../src/zone.js';
import { BENCH_SECRET } from './updates.js';

const [kind = 'bare', folder = ''] = process.argv.slice(2);
process.send?.(kind === 'chatlake' ? await chatlake() : await naive());

async function chatlake(): Promise<number> {
  const clock = { now: Date.now };
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const metrics = createMetrics();
  const zone = zoneOf('America/Sao_Paulo') as Zone;
  const rawLog = openRawLog(folder, { zone, clock, observer: metrics.observer });
  const migrations = { known: () => Promise.resolve([]), learn: () => Promise.resolve() };
  const receivers = [telegramReceiver({ secret: BENCH_SECRET, chatIds: [-1001234567890], migrations })];
  const access = await openAccess({ password: undefined, tokens: [], store: openStore(folder), clock });
  const app = createApp({ rawLog, metrics, logger, access, zone, clock });
  return (await startServer({ host: '127.0.0.1', port: 0, receivers, rawLog, app, metrics, logger, clock })).port;
}

/** Reads the body, keeps it in the way of `kind`, answers 200. */
async function naive(): Promise<number> {
  const keep = { bare: oneFile, file: oneFile, put: oneFileByRename }[kind as 'bare'];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = () => {
        response.writeHead(200, { 'Content-Length': '0' });
        response.end();
      };
      if (kind === 'bare') answer();
      else void keep(Buffer.concat(chunks)).then(answer);
    });
  });
  await mkdir(folder, { recursive: true });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function writeSynced(path: string, body: Buffer): Promise<void> {
  const handle = await open(path, 'wx');
  await handle.write(body);
  await handle.sync();
  await handle.close();
}

async function oneFile(body: Buffer): Promise<undefined> {
  await writeSynced(join(folder, `${randomUUID()}.json`), body);
}

async function oneFileByRename(body: Buffer): Promise<undefined> {
  const name = randomUUID();
  await writeSynced(join(folder, `.${name}`), body);
  await rename(join(folder, `.${name}`), join(folder, `${name}.json`));
}
