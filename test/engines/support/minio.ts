import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { installed, present, ran } from './installed.js';

/** The module's version: what a binary built from it says of itself is no version. */
const VERSION = 'v0.0.0-20260212201848-7aac2a2c5b7c';
const USER = 'chatlake';
const PASSWORD = 'chatlake-secret';

/** Why MinIO cannot run here; undefined when it can. */
export const NO_MINIO = present('go', 'version') ? undefined : 'Go is not installed, and MinIO is built from its module';

export interface Minio {
  /** Such as `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** The settings that lead a program there: address, region, keys. */
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  client(): S3Client;
  /** A new bucket; its name. */
  bucket(): Promise<string>;
  /** Pulls the plug: nothing is finished. */
  kill(): Promise<void>;
  /** Starts it again on the same folder and port. */
  revive(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** Starts a MinIO of its own on a free port of loopback, over a new folder. The first call on a machine builds it, which takes minutes. */
export async function startMinio(): Promise<Minio> {
  const binary = join(await installMinio(), 'minio');
  const folder = await mkdtemp(join(tmpdir(), 'chatlake-minio-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const env = {
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: USER,
    AWS_SECRET_ACCESS_KEY: PASSWORD,
  };
  let child: ChildProcess | undefined;
  const start = async () => {
    child = spawn(binary, ['server', folder, '--address', `127.0.0.1:${port}`], {
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        MINIO_ROOT_USER: USER,
        MINIO_ROOT_PASSWORD: PASSWORD,
        MINIO_BROWSER: 'off',
        MINIO_UPDATE: 'off',
        // A server that has a region refuses requests for another, as AWS does.
        MINIO_SITE_REGION: env.AWS_REGION,
      },
      stdio: 'ignore',
    });
    await ready(endpoint, child);
  };
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    const running = child;
    child = undefined;
    if (!running || running.exitCode !== null) return;
    const over = new Promise((resolve) => running.on('close', resolve));
    running.kill(signal);
    await over;
  };
  const client = () =>
    new S3Client({
      endpoint,
      forcePathStyle: true,
      region: env.AWS_REGION,
      credentials: { accessKeyId: USER, secretAccessKey: PASSWORD },
    });
  let buckets = 0;
  await start();
  return {
    endpoint,
    env,
    folder,
    client,
    bucket: async () => {
      const name = `lake-${process.pid}-${(buckets += 1)}`;
      const s3 = client();
      await s3.send(new CreateBucketCommand({ Bucket: name }));
      s3.destroy();
      return name;
    },
    kill: () => end('SIGKILL'),
    revive: start,
    stop: async () => {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Builds the server, where that was not done before; its folder. */
export const installMinio = (): Promise<string> => installed(`minio-${VERSION}`, build);

async function build(folder: string): Promise<void> {
  await ran('go', ['install', '-ldflags=-s -w', `github.com/minio/minio@${VERSION}`], { GOBIN: folder });
}

async function ready(endpoint: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`MinIO ended with ${child.exitCode} before it was ready`);
    const answer = await fetch(`${endpoint}/minio/health/ready`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await delay(50);
  }
}

/** A port of loopback that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
