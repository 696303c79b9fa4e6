import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { athenaEngine } from '../../src/query/athena.js';

afterEach(() => vi.unstubAllEnvs());

/** What Athena's own client comes to under these settings. */
async function asked(env: Readonly<Record<string, string>>): Promise<unknown> {
  const none = join(tmpdir(), 'absent');
  const settings = { AWS_REGION: 'us-east-1', AWS_CONFIG_FILE: none, AWS_SHARED_CREDENTIALS_FILE: none, AWS_EC2_METADATA_DISABLED: 'true' };
  for (const [name, value] of Object.entries({ ...settings, ...env })) vi.stubEnv(name, value);
  const engine = await athenaEngine({ workgroup: 'primary', catalog: 'AwsDataCatalog', database: 'default', pricePerTb: 5 });
  onTestFinished(() => engine.close());
  return engine.run('SELECT 1').catch((error: unknown) => error);
}

it('another server at the address of every service is no bug: the message names the setting', async () => {
  const s3 = createServer((_request, response) => response.end('<?xml version="1.0"?><Error/>'));
  await new Promise<void>((resolve) => s3.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void s3.close());
  const endpoint = `http://127.0.0.1:${(s3.address() as AddressInfo).port}`;
  const error = await asked({ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_ENDPOINT_URL: endpoint });
  expect(error).toMatchObject({ code: 'SETTINGS', message: expect.stringMatching(/is not Athena: .*AWS_ENDPOINT_URL_S3/) as string });
});

it('a session of single sign-on that is over is renewed by signing in', async () => {
  const config = join(await mkdtemp(join(tmpdir(), 'chatlake-sso-')), 'config');
  await writeFile(
    config,
    '[profile work]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n[sso-session s]\nsso_region = us-east-1\nsso_start_url = https://example.com\n',
  );
  const error = await asked({ AWS_CONFIG_FILE: config, AWS_PROFILE: 'work' });
  expect(error).toMatchObject({ code: 'SETTINGS', message: expect.stringContaining('aws sso login') as string });
});
