import { App } from 'aws-cdk-lib';
import { chatlakeApp } from '../lib/app.js';
import { packagesIn } from '../lib/bundle.js';
import { deploymentOf } from '../lib/settings.js';

// What the CDK's command line hands over with `-c`.
const given = new App().node;
const options = Object.fromEntries(['buffer', 'refresh', 'window', 'secretsVersion'].map((name) => [name, given.tryGetContext(name)]));
chatlakeApp(deploymentOf(process.env, options), packagesIn()).app.synth();
