import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

/** Runs `npm run deploy` on a machine that knows of no account but what `env` tells; all that it says, and how it ends. */
async function deploy(env: Readonly<Record<string, string>>): Promise<{ said: string; status: unknown }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/run.ts', 'deploy'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: {
      PATH: process.env['PATH'],
      HOME: mkdtempSync(join(tmpdir(), 'chatlake-home-')),
      AWS_EC2_METADATA_DISABLED: 'true',
      TELEGRAM_WEBHOOK_SECRET: 'a-secret',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const status = await new Promise((resolve) => child.on('close', resolve));
  return { said, status };
}

describe('a deployment that cannot enter an account says why in one line, with the next step:', () => {
  it('no region', async () => {
    const { said, status } = await deploy({});
    expect([said, status]).toEqual(['No AWS region is set: export AWS_REGION=us-east-1, or another (docs/aws.md, step 2)\n', 1]);
  });

  it('no credentials', async () => {
    const { said, status } = await deploy({ AWS_REGION: 'us-east-1' });
    expect([said, status]).toEqual([
      'No AWS credentials were found: aws configure sso, then export AWS_PROFILE=... (docs/aws.md, step 2); aws sso login where the session has expired\n',
      1,
    ]);
  });

  it.each([
    ['UnrecognizedClientException', /^AWS does not know these credentials: .*\n$/],
    ['ExpiredTokenException', /^The AWS session has expired: .*\n$/],
    ['AccessDeniedException', /^These credentials may not deploy: .*\n$/],
  ])('%s', async (type, words) => {
    const aws = createServer((_request, response) => {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ __type: type, message: 'no' }));
    });
    await new Promise<void>((resolve) => aws.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void aws.close());
    const { said, status } = await deploy({
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${(aws.address() as AddressInfo).port}`,
    });
    expect(said).toMatch(words);
    expect(status).toBe(1);
  });
});
