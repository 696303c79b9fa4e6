import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { withEnvFile } from '../lib/env-file.js';

describe('the .env file', () => {
  it('adds to the environment', () => {
    expect(withEnvFile({ PATH: '/bin' }, 'CHATLAKE_NAME=lake\n# CHATLAKE_TIMEZONE=x\n')).toEqual({ PATH: '/bin', CHATLAKE_NAME: 'lake' });
  });

  it('may say again what the environment says', () => {
    expect(withEnvFile({ CHATLAKE_NAME: 'lake' }, "CHATLAKE_NAME='lake'")).toEqual({ CHATLAKE_NAME: 'lake' });
  });

  it.each(['TELEGRAM_CHAT_ID=-2', 'TELEGRAM_CHAT_ID='])('is not set aside without a word: %s', (line) => {
    expect(() => withEnvFile({ TELEGRAM_CHAT_ID: '-1' }, line)).toThrow(/differ in TELEGRAM_CHAT_ID\. .*unset TELEGRAM_CHAT_ID/);
  });

  it('that has a new secret, while the shell still exports the old one, ends a deployment with its name and neither value', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'chatlake-env-'));
    writeFileSync(join(folder, '.env'), 'TELEGRAM_WEBHOOK_SECRET=new-value\n');
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
    const child = spawn(process.execPath, ['--import', tsx, fileURLToPath(new URL('../bin/run.ts', import.meta.url)), 'deploy'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', TELEGRAM_WEBHOOK_SECRET: 'old-value' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(1);
    expect(said).toMatch(/^deploy\/\.env and this shell differ in TELEGRAM_WEBHOOK_SECRET\. .*\n$/);
    expect(said).not.toMatch(/new-value|old-value/);
  });
});
