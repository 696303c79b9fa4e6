import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, it } from 'vitest';
import { templatesOf } from './templates.js';

it('x', () => {
  const { app } = templatesOf({ ALARM_EMAIL: 'a@example.com' }, { refresh: '15m' });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const out = app.synth();
  console.log(out.directory);
  expect(1).toBe(1);
});
