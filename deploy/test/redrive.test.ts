import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const SOURCE = 'arn:aws:sqs:us-east-1:123456789012:chatlake-dead';
/** What SQS says; no emulator at hand moves messages. A queue's address tells the client where to ask. */
const answers = (host: string | undefined): Readonly<Record<string, object>> => ({
  GetQueueUrl: { QueueUrl: `http://${host}/123456789012/chatlake-dead` },
  GetQueueAttributes: { Attributes: { QueueArn: SOURCE, ApproximateNumberOfMessages: '3' } },
  StartMessageMoveTask: { TaskHandle: 'x' },
});

it('redrive asks SQS to send what was put aside back to where it came from, and says how many lines', async () => {
  const asked: [string, unknown][] = [];
  const sqs = createServer((request, response) => {
    const action = String(request.headers['x-amz-target']).replace('AmazonSQS.', '');
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      asked.push([action, JSON.parse(text)]);
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end(JSON.stringify(answers(request.headers.host)[action]));
    });
  });
  await new Promise<void>((resolve) => sqs.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => sqs.close(() => resolve())));
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/run.ts', 'redrive'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: {
      PATH: process.env['PATH'],
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_SQS: `http://127.0.0.1:${(sqs.address() as AddressInfo).port}`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
  expect(out).toBe('3 lines go back to chatlake-lines.\n');
  expect(asked.at(0)).toEqual(['GetQueueUrl', { QueueName: 'chatlake-dead' }]);
  expect(asked.at(-1)).toEqual(['StartMessageMoveTask', { SourceArn: SOURCE }]);
});
