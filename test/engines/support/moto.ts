import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed, present, ran } from './installed.js';
import { freePort } from './minio.js';
import { serve } from './server.js';

const VERSION = '5.2.5';

/** Why moto, which stands in for AWS services, cannot run here; undefined when it can. */
export const NO_MOTO = present('python3', '--version') ? undefined : 'moto needs Python';

export interface Moto {
  /** Such as `http://127.0.0.1:41234`: every service of it. */
  readonly endpoint: string;
  /** The settings that lead a program there. */
  readonly env: Readonly<Record<string, string>>;
  /** What an SDK client needs to get there. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Forgets everything. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts moto's server on a free port of loopback. The first call on a machine installs it. */
export async function startMoto(): Promise<Moto> {
  const venv = await installMoto();
  const home = await mkdtemp(join(tmpdir(), 'chatlake-moto-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  // Not the script beside it, which knows only the folder it was installed in.
  const server = await serve(join(venv, 'bin', 'python'), ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    cwd: home,
    env: { ...process.env, MOTO_ALLOW_NONEXISTENT_REGION: 'true' },
    log: join(home, 'server.log'),
    ready: async () => (await fetch(`${endpoint}/moto-api/data.json`)).ok,
  });
  const region = 'us-east-1';
  return {
    endpoint,
    env: { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    client: { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } },
    reset: async () => void (await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' })),
    async stop() {
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Installs the server, where that was not done before; its folder. */
export const installMoto = (): Promise<string> =>
  installed(`moto-${VERSION}`, async (folder) => {
    await ran('python3', ['-m', 'venv', folder]);
    await ran(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', `moto[server]==${VERSION}`]);
  });
