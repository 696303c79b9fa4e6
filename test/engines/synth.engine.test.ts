import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installed, present, ran } from './support/installed.js';

const LINT = '1.58.0';
const deploy = fileURLToPath(new URL('../../deploy/', import.meta.url));
/** A network namespace of its own has no way out; where none may be made, the proxies below lead nowhere all the same. */
const isolated = spawnSync('unshare', ['-rn', 'true']).status === 0;

/** Elf's number for 64-bit ARM, at byte 18 of a library. */
const AARCH64 = 0xb7;

/** Seconds on a machine of its own; minutes on a busy one. */
const PATIENCE = 600_000;

describe('the deployment as a person makes it', { timeout: PATIENCE }, () => {
  let out: string;
  beforeAll(async () => {
    out = await mkdtemp(join(tmpdir(), 'chatlake-synth-'));
    await ran(process.execPath, ['--import', 'tsx', join(deploy, 'bin', 'bundle.ts')]);
  });
  afterAll(() => rm(out, { recursive: true, force: true }));

  it('has the SQL engine for arm64 in the package of the function that uses it, and in no other', () => {
    const engine = join(deploy, '.build', 'full', 'node_modules', '@duckdb', 'node-bindings-linux-arm64', 'libduckdb.so');
    const head = Buffer.alloc(20);
    const file = openSync(engine, 'r');
    readSync(file, head, 0, 20, 0);
    closeSync(file);
    expect(head.toString('latin1', 1, 4)).toBe('ELF');
    expect(head.readUInt16LE(18)).toBe(AARCH64);
    expect(readdirSync(join(deploy, '.build', 'light'))).not.toContain('node_modules');
  });

  it('is synthesised without credentials, without a home and without a network', () => {
    const node = [process.execPath, '--import', 'tsx', 'bin/app.ts'];
    const [program, args] = isolated ? ['unshare', ['-rn', ...node]] : [process.execPath, node.slice(1)];
    const done = spawnSync(program, args, {
      cwd: deploy,
      env: {
        PATH: process.env['PATH'],
        CDK_OUTDIR: out,
        HTTPS_PROXY: 'http://127.0.0.1:9',
        HTTP_PROXY: 'http://127.0.0.1:9',
        AWS_EC2_METADATA_DISABLED: 'true',
      },
      encoding: 'utf8',
    });
    expect(done.stderr).not.toMatch(/error/i);
    expect(done.status).toBe(0);
    expect(readdirSync(out)).toEqual(expect.arrayContaining(['chatlake-lake.template.json', 'chatlake-flow.template.json']));
    // What `cdk deploy --all` goes by.
    const { artifacts } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { artifacts: Record<string, { type: string }> };
    const stacks = Object.keys(artifacts).filter((name) => artifacts[name]?.type === 'aws:cloudformation:stack');
    expect(stacks.sort()).toEqual(['chatlake-flow', 'chatlake-lake']);
  });

  it('says which option is wrong, and nothing else', () => {
    const done = spawnSync(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
      cwd: deploy,
      env: { PATH: process.env['PATH'], CDK_CONTEXT_JSON: JSON.stringify({ refresh: 'often' }) },
      encoding: 'utf8',
    });
    expect([done.status, done.stderr]).toEqual([
      1,
      "The deployment's settings are wrong:\n  refresh must be minutes or hours such as 15m or 1h\n",
    ]);
  });

  it.skipIf(!present('python3', '--version'))('has templates in which cfn-lint finds nothing', async () => {
    const venv = await installed(`cfn-lint-${LINT}`, async (folder) => {
      await ran('python3', ['-m', 'venv', folder]);
      await ran(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', `cfn-lint==${LINT}`]);
    });
    const templates = ['lake', 'flow'].map((name) => join(out, `chatlake-${name}.template.json`));
    // W3005: the CDK names some dependencies twice.
    const args = [join(venv, 'bin', 'cfn-lint'), '--ignore-checks', 'W3005', '--', ...templates];
    expect(await ran(join(venv, 'bin', 'python'), args)).toBe('');
  });
});
