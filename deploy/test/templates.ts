import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { chatlakeApp } from '../lib/app.js';
import type { Packages } from '../lib/functions.js';
import { deploymentOf } from '../lib/settings.js';

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

/** Packages with nothing in them: what is in a template does not depend on it. */
export function emptyPackages(): Packages {
  const folder = mkdtempSync(join(tmpdir(), 'chatlake-packages-'));
  const packages = { light: join(folder, 'light'), full: join(folder, 'full') };
  for (const [name, path] of Object.entries(packages)) {
    mkdirSync(path);
    writeFileSync(join(path, 'lambda.mjs'), `// ${name}\n`);
  }
  return packages;
}

/** The CDK's own rules take seconds a template; the command line's test, which checks what is really deployed, keeps them. */
const UNCHECKED = { '@aws-cdk/core:validateAgainstDefaultRules': false };

/** The templates of a deployment. */
export function templatesOf(env: Readonly<Record<string, string>> = {}, options: Readonly<Record<string, string>> = {}) {
  const { lake, flow, app } = chatlakeApp(deploymentOf(env, options), emptyPackages(), { context: UNCHECKED });
  return { lake: Template.fromStack(lake), flow: Template.fromStack(flow), app, stacks: { lake, flow } };
}

export const resourcesOf = (template: Template): Readonly<Record<string, Resource>> =>
  (template.toJSON() as { Resources: Record<string, Resource> }).Resources;

/** Logical id and resource of every one of a type. */
export const ofType = (template: Template, type: string): [string, Resource][] =>
  Object.entries(resourcesOf(template)).filter(([, resource]) => resource.Type === type);

/** A value of a template as text, with each intrinsic function as `${...}`. */
export function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[name, argument] = ['', '']] = Object.entries(value);
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(textOf).join((argument as [string, unknown[]])[0]);
  return `\${${[argument].flat().map(String).join('.')}}`;
}
