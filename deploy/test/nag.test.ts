import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, it } from 'vitest';
import { chatlakeApp } from '../lib/app.js';
import { deploymentOf } from '../lib/settings.js';
import { emptyPackages } from './templates.js';

/** What the rules find and is meant so, by rule and place, and why. One that finds nothing any more must go. */
const EXPLAINED: readonly { readonly finding: RegExp; readonly because: string }[] = [
  {
    finding: /^AwsSolutions-S1 \S+\/Lake\/(Raw|Enriched|Results)\//,
    because:
      'Access logs would be more objects than the lake has. Who must know every read turns on data events of CloudTrail for the account.',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::\S+\/[\w/]+\/\*\] /,
    because: 'A folder of one bucket: S3 has no other name for the objects in it. permissions.test.ts fails on anything wider.',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::<LakeResults\w+\.Arn>\/\*\] \S+\/Lake\/Analyst\//,
    because: 'A bucket of query results and nothing else, whose names Athena makes.',
  },
  {
    finding: /^AwsSolutions-IAM5\[Resource::\*\] \S+\/Lake\/Analyst\//,
    because: 'Listing workgroups and catalogs, which the console of Athena begins with, can be allowed for no single one.',
  },
  {
    finding: /^AwsSolutions-L1 /,
    because: 'Node 22 is what the tests run the bundle on, in the runtime client of AWS. A newer one comes with them.',
  },
  {
    finding: /^AwsSolutions-APIG4 \S+\/Api\//,
    because:
      'Telegram and Meta cannot sign in: their requests carry a secret or a signature, which the function checks before anything else.',
  },
  {
    finding: /^AwsSolutions-SF1 /,
    because: 'A standard workflow keeps the history of each execution for 90 days; a log of the same would need permissions on every log.',
  },
  { finding: /^AwsSolutions-SF2 /, because: 'Five functions in a row need no trace, and tracing needs permissions on every resource.' },
];

/** Rule and place of everything found, from the report that a synthesis ends with. */
function findings(): string[] {
  const { app } = chatlakeApp(deploymentOf({ ALARM_EMAIL: 'a@example.com' }, { refresh: '15m' }), emptyPackages(), {
    context: { '@aws-cdk/core:validateAgainstDefaultRules': false },
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  try {
    app.synth();
    return [];
  } catch (error) {
    const report = error instanceof Error ? error.message : '';
    return [...report.matchAll(/^ {3}(\S+) .*\n {3}Acknowledge with 'AwsSolutions::([^']+)'/gm)].map(
      ([, place, rule]) => `${rule} ${place}`,
    );
  }
}

it('the rules of cdk-nag find nothing that is not explained, and every explanation is still needed', () => {
  const found = findings();
  expect(found.length).toBeGreaterThan(20);
  expect(found.filter((one) => !EXPLAINED.some(({ finding }) => finding.test(one)))).toEqual([]);
  expect(EXPLAINED.filter(({ finding }) => !found.some((one) => finding.test(one))).map(({ finding }) => finding.source)).toEqual([]);
});
