import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GetParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { accessTrouble } from '../lib/access.js';
import { bundle } from '../lib/bundle.js';
import { withEnvFile } from '../lib/env-file.js';
import { storeSecrets } from '../lib/secrets.js';
import { type Deployment, deploymentOf } from '../lib/settings.js';

/** The commands of this package: deploy, diff, synth, destroy, redrive. What follows them goes to the CDK's command line. */
async function main([command = '', ...rest]: readonly string[]): Promise<number> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  // The CDK's command line and the app that it starts see the same.
  if (existsSync('.env')) Object.assign(process.env, withEnvFile(process.env, readFileSync('.env', 'utf8')));
  const deployment = deploymentOf(process.env);
  if (command === 'redrive') return redrive(deployment, rest);
  if (command === 'synth') {
    await bundle();
    return cdk(['synth', '--quiet', ...rest]);
  }
  if (command === 'destroy') return destroy(deployment, rest);
  if (command !== 'deploy' && command !== 'diff') throw new Error('Give deploy, diff, synth, destroy or redrive');
  if (command === 'diff') {
    await bundle();
    return cdk(['diff', ...rest]);
  }
  const ssm = new SSMClient({});
  const secrets = await storeSecrets(deployment, process.env, {
    read: async (name) => {
      try {
        const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
        return Parameter?.Value === undefined ? undefined : { value: Parameter.Value, version: Parameter.Version ?? 0 };
      } catch (error) {
        if (error instanceof ParameterNotFound) return undefined;
        throw error;
      }
    },
    write: async (name, value) =>
      (await ssm.send(new PutParameterCommand({ Name: name, Value: value, Type: 'SecureString', Overwrite: true }))).Version ?? 0,
  });
  await bundle();
  return cdk(['deploy', '--all', '--context', `secretsVersion=${secrets}`, ...rest]);
}

/** Takes the moving part away; what is kept stays, and docs/aws.md tells how to remove it too. */
function destroy({ name }: Deployment, rest: readonly string[]): Promise<number> {
  return bundle().then(() => cdk(['destroy', `${name}-flow`, ...rest]));
}

/** Sends what was put aside back to the queue. */
async function redrive({ name }: Deployment, rest: readonly string[]): Promise<number> {
  if (rest.length > 0) throw new Error('redrive takes no arguments');
  const { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient, StartMessageMoveTaskCommand } = await import('@aws-sdk/client-sqs');
  const sqs = new SQSClient({});
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${name}-dead` }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: Attributes?.['QueueArn'] }));
  process.stdout.write(`${Attributes?.['ApproximateNumberOfMessages'] ?? '?'} lines go back to ${name}-lines.\n`);
  return 0;
}

function cdk(args: readonly string[]): number {
  const require = createRequire(import.meta.url);
  const program = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk');
  return spawnSync(process.execPath, [program, ...args], { stdio: 'inherit' }).status ?? 1;
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`${accessTrouble(error) ?? (error instanceof Error ? error.message : String(error))}\n`);
    process.exit(1);
  },
);
