import { App } from 'aws-cdk-lib';
import { messageOf } from '../../src/errors.js';
import { chatlakeApp } from '../lib/app.js';
import { packagesIn } from '../lib/bundle.js';
import { type Deployment, deploymentOf } from '../lib/settings.js';

// What the CDK's command line hands over with `-c`. At the end of the process it would write itself, without a stack, over what the app wrote.
const given = new App({ autoSynth: false }).node;
const options = Object.fromEntries(['buffer', 'refresh', 'window', 'secretsVersion'].map((name) => [name, given.tryGetContext(name)]));
chatlakeApp(deployment(), packagesIn()).app.synth();

/** Ends the process, saying why and nothing else, where the settings are wrong. */
function deployment(): Deployment {
  try {
    return deploymentOf(process.env, options);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    return process.exit(1);
  }
}
