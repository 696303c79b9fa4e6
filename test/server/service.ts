import { onTestFinished } from 'vitest';
import { loadSettings } from '../../src/config.js';
import type { RunningServer } from '../../src/server/node.js';
import { openStack, type Stack } from '../../src/server/stack.js';
import type { TestLake } from '../support/lake.js';
import { APP_SECRET, SECRET, VERIFY_TOKEN } from './receiving.js';

export interface Service {
  readonly stack: Stack;
  readonly server: RunningServer;
  readonly port: number;
  readonly url: string;
  /** Everything that was logged, as text. */
  readonly logged: string[];
  close(): Promise<void>;
}

/** The whole stack over a lake, listening on a free port. Its owner closes it. */
export async function openService(lake: TestLake, env: Readonly<Record<string, string>> = {}): Promise<Service> {
  const settings = loadSettings({
    CHATLAKE_RAW: lake.rawPath,
    CHATLAKE_ENRICHED: lake.enrichedPath,
    TELEGRAM_WEBHOOK_SECRET: SECRET,
    WHATSAPP_APP_SECRET: APP_SECRET,
    WHATSAPP_VERIFY_TOKEN: VERIFY_TOKEN,
    ...env,
  });
  const logged: string[] = [];
  const log = (fields: object, message: string) => void logged.push(JSON.stringify({ ...fields, message }));
  const logger = { info: log, warn: log, error: log };
  const stop = new AbortController();
  const stack = await openStack({ settings, zone: lake.zone, clock: lake.clock, demo: false, logger, signal: stop.signal });
  const server = await stack.listen(0);
  const close = async () => {
    stop.abort();
    await server.close();
    await stack.close();
  };
  return { stack, server, port: server.port, url: `http://127.0.0.1:${server.port}`, logged, close };
}

/** The same, gone when the test ends. */
export async function newService(lake: TestLake, env: Readonly<Record<string, string>> = {}): Promise<Service> {
  const service = await openService(lake, env);
  onTestFinished(() => service.close());
  return service;
}
