import { App, type AppProps } from 'aws-cdk-lib';
import type { Packages } from './functions.js';
import type { Deployment } from './settings.js';
import { FlowStack, LakeStack } from './stacks.js';

/** The whole app: two stacks, of no particular account and region until they are deployed. */
export function chatlakeApp(
  deployment: Deployment,
  packages: Packages,
  props: AppProps = {},
): { app: App; lake: LakeStack; flow: FlowStack } {
  const app = new App({ analyticsReporting: false, ...props });
  const lake = new LakeStack(app, `${deployment.name}-lake`, deployment);
  const flow = new FlowStack(app, `${deployment.name}-flow`, deployment, packages, lake);
  return { app, lake, flow };
}
