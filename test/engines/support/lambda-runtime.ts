import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { installed, present, ran } from './installed.js';

/** The newest of AWS's own runtime client, and the Node line of the managed runtime. */
const CLIENT = '4.0.2';
const NODE = '22.23.3';

/** Why Lambda's runtime client cannot run here; undefined when it can. */
export const NO_LAMBDA =
  process.platform === 'linux' && present('make', '--version') && present('cmake', '--version')
    ? undefined
    : 'aws-lambda-ric is compiled where it is installed, which takes Linux, make and cmake';

export interface Runtime {
  /** Sends an event and waits for the handler's answer; rejects with what the handler threw, as Lambda reports it. */
  invoke<T>(event: unknown): Promise<T>;
  /** Milliseconds from the start of the process to its first question for an event. */
  readonly initMs: number;
  /** Everything the function wrote to its log. */
  logged(): string;
  stop(): Promise<void>;
}

interface Invocation {
  readonly event: string;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Runs `handler` of the bundle in `folder` in AWS's runtime client (aws-lambda-ric) and on the Node of the managed runtime, with the
 * Runtime API on loopback in place of Lambda's (docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html). One event at a time, as there.
 */
export async function startRuntime(folder: string, handler: string, env: Readonly<Record<string, string>>): Promise<Runtime> {
  const client = await installLambda();
  const waiting: Invocation[] = [];
  const under = new Map<string, Invocation>();
  let asking: ServerResponse | undefined;
  let serial = 0;
  let log = '';
  let gone: Error | undefined;
  let ready: (() => void) | undefined;
  let broken: ((error: Error) => void) | undefined;
  const begun = performance.now();

  function next(response: ServerResponse): void {
    ready?.();
    asking = response;
    hand();
  }

  function hand(): void {
    const invocation = asking && waiting.shift();
    if (!asking || !invocation) return;
    const id = `00000000-0000-4000-8000-${String(++serial).padStart(12, '0')}`;
    under.set(id, invocation);
    asking.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': String(Date.now() + 60_000),
      'lambda-runtime-invoked-function-arn': `arn:aws:lambda:us-east-1:123456789012:function:${handler}`,
      'lambda-runtime-trace-id': 'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0',
    });
    asking.end(invocation.event);
    asking = undefined;
  }

  const api = createServer((request, response) => {
    void (async () => {
      const path = request.url ?? '';
      if (path.endsWith('/invocation/next')) return next(response);
      const body = await text(request);
      const [, id, kind] = /\/invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
      const invocation = under.get(id ?? '');
      under.delete(id ?? '');
      if (kind === 'response') invocation?.resolve((body === '' ? undefined : JSON.parse(body)) as never);
      else if (kind === 'error') invocation?.reject(errorOf(body));
      else broken?.(errorOf(body));
      response.writeHead(202).end('{"status":"OK"}');
    })();
  });
  await new Promise<void>((resolve) => {
    api.listen(0, '127.0.0.1', resolve);
  });
  const port = (api.address() as AddressInfo).port;

  const child: ChildProcess = spawn(client.node, [client.program], {
    cwd: folder,
    env: {
      PATH: `${dirname(client.node)}:/usr/bin:/bin`,
      _HANDLER: `lambda.${handler}`,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
      AWS_LAMBDA_FUNCTION_NAME: `chatlake-${handler}`,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '2048',
      AWS_LAMBDA_LOG_FORMAT: 'JSON',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/chatlake-${handler}`,
      AWS_LAMBDA_LOG_STREAM_NAME: '2024/07/04/[$LATEST]0',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      LAMBDA_TASK_ROOT: folder,
      TZ: ':UTC',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-200_000)));
  const over = new Promise<void>((resolve) => child.on('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    ready = resolve;
    broken = reject;
    child.on('close', (code) => {
      gone = new Error(`the runtime of ${handler} ended with ${code}:\n${log.slice(-3000)}`);
      reject(gone);
      for (const { reject: refuse } of [...under.values(), ...waiting]) refuse(gone);
    });
  });
  const initMs = performance.now() - begun;

  return {
    initMs,
    invoke: (event) =>
      new Promise((resolve, reject) => {
        if (gone) return reject(gone);
        waiting.push({ event: JSON.stringify(event), resolve, reject });
        hand();
      }),
    logged: () => log,
    async stop() {
      child.kill('SIGKILL');
      await over;
      api.closeAllConnections();
      await new Promise((resolve) => api.close(resolve));
    },
  };
}

/** Node and the runtime client; the first call on a machine compiles the client's native part, which takes a minute. */
export async function installLambda(): Promise<{ node: string; program: string }> {
  const folder = await installed(`lambda-${CLIENT}-node-${NODE}`, async (at) => {
    await ran('npm', ['install', '--prefix', at, '--no-audit', '--no-fund', '--no-save', `aws-lambda-ric@${CLIENT}`, `node@${NODE}`]);
  });
  return {
    node: join(folder, 'node_modules', 'node', 'bin', 'node'),
    program: join(folder, 'node_modules', 'aws-lambda-ric', 'index.mjs'),
  };
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function errorOf(body: string): Error {
  const { errorType, errorMessage } = JSON.parse(body) as { errorType?: string; errorMessage?: string };
  return Object.assign(new Error(errorMessage ?? body), { name: errorType ?? 'Error' });
}
