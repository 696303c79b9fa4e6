import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ofType, templatesOf, textOf } from './templates.js';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

const { lake, flow } = templatesOf({ ALARM_EMAIL: 'a@example.com' }, { refresh: '15m' });

/** Everything that is allowed, with the role it is allowed to. */
function statementsOf(template: Template): [string, Statement][] {
  const documents = [
    ...ofType(template, 'AWS::IAM::Role').flatMap(([id, { Properties }]) =>
      ((Properties['Policies'] as { PolicyDocument: { Statement: Statement[] } }[] | undefined) ?? []).map(
        (policy) => [id, policy.PolicyDocument] as const,
      ),
    ),
    ...ofType(template, 'AWS::IAM::Policy').map(
      ([id, { Properties }]) => [id, Properties['PolicyDocument'] as { Statement: Statement[] }] as const,
    ),
  ];
  return documents.flatMap(([id, { Statement: statements }]) =>
    statements.filter(({ Effect }) => Effect === 'Allow').map((statement): [string, Statement] => [id, statement]),
  );
}

/** The same as [role, action, resource]. */
const allowed = (template: Template): [string, string, string][] =>
  statementsOf(template).flatMap(([id, { Action, Resource }]) =>
    [Action].flat().flatMap((action) => [Resource].flat().map((resource): [string, string, string] => [id, action, textOf(resource)])),
  );

const all = [...allowed(lake), ...allowed(flow)];
/** A folder of a bucket: S3 knows no other way to name the objects in it. */
const isFolder = (action: string, resource: string): boolean => action.startsWith('s3:') && /^\$\{[^}]+\}\/[^*]+\/\*$/.test(resource);

/**
 * What AWS forces to be wider than one thing:
 * a bucket that holds nothing but query results is named whole, as Athena names the objects itself; and what lists workgroups and catalogs, which
 * Athena's console does first, can be allowed for no single one.
 */
const FORCED = [
  ...['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'].map(
    (action) => `LakeAnalyst ${action} ResultsBucket/*`,
  ),
  'LakeAnalyst athena:ListWorkGroups *',
  'LakeAnalyst athena:ListDataCatalogs *',
];

const shortened = ([role, action, resource]: readonly [string, string, string]): string =>
  `${role.replace(/[0-9A-F]{8}$/, '')} ${action} ${resource.replace(/\$\{LakeResults\w*\.Arn\}/, 'ResultsBucket')}`;

describe('permissions', () => {
  it('are found', () => {
    expect(all.length).toBeGreaterThan(60);
  });

  it('name each action: none has a wildcard', () => {
    expect(all.filter(([, action]) => action.includes('*')).map(shortened)).toEqual([]);
  });

  it('name each resource, or a folder of a bucket; what is wider is what AWS forces', () => {
    const wide = all.filter(([, action, resource]) => resource.includes('*') && !isFolder(action, resource));
    expect(wide.map(shortened).sort()).toEqual([...FORCED].sort());
  });

  it('come from no managed policy', () => {
    const managed = [lake, flow].flatMap((template) =>
      ofType(template, 'AWS::IAM::Role').map(([, { Properties }]) => Properties['ManagedPolicyArns']),
    );
    expect(managed.filter((arns) => arns !== undefined)).toEqual([]);
  });

  it('let nobody but the ETL change the tables, and nobody remove anything', () => {
    const on = (bucket: string, actions: readonly string[]) => [
      ...new Set(
        all
          .filter(([, action, resource]) => actions.includes(action) && resource.includes(bucket))
          .map(([role]) => role.replace(/[0-9A-F]{8}$/, '')),
      ),
    ];
    expect(on('LakeEnriched', ['s3:PutObject'])).toEqual(['NightlyDayRole']);
    expect(on('LakeRaw', ['s3:PutObject']).sort()).toEqual(['IngestionIngestRole', 'IngestionWriterRole']);
    expect(all.filter(([, action]) => action.includes(':Delete') && !action.startsWith('sqs:')).map(shortened)).toEqual([]);
  });

  it('list what lies under named prefixes; a whole bucket only where an object may be absent, which the analyst never asks', () => {
    const listing = [lake, flow].flatMap(statementsOf).filter(([, { Action }]) => [Action].flat().includes('s3:ListBucket'));
    const told = listing.map(([role, { Resource, Condition = {} }]) => {
      const [[operator, keys] = []] = Object.entries(Condition as Record<string, Record<string, string[]>>);
      expect([role, Object.keys(Condition as object).length, Object.keys(keys ?? {})]).toEqual([role, 1, ['s3:prefix']]);
      const bucket = /(Raw|Enriched|Results)/.exec(textOf(Resource))?.[1];
      return `${role.replace(/[0-9A-F]{8}$/, '')} ${bucket} ${operator}`;
    });
    expect(told.sort()).toEqual([
      'IngestionIngestRole Raw StringLike',
      'LakeAnalyst Enriched StringLike',
      'LakeAnalyst Results StringLike',
      'NightlyDayRole Enriched StringLikeIfExists',
      'NightlyDayRole Raw StringLike',
      'NightlyPlanRole Enriched StringLikeIfExists',
      'NightlyPlanRole Raw StringLike',
      'NightlyRegisterRole Enriched StringLike',
    ]);
    expect(all.filter(([role, action]) => role.startsWith('LakeAnalyst') && action === 's3:GetBucketLocation')).toHaveLength(2);
  });

  it('let the analyst read tables and not raw lines', () => {
    const analyst = all.filter(([role]) => role.startsWith('LakeAnalyst'));
    expect(analyst.filter(([, , resource]) => resource.includes('LakeRaw'))).toEqual([]);
    expect(analyst.filter(([, action]) => /:(Put|Delete|Create|Update)/.test(action)).map(shortened)).toEqual([
      'LakeAnalyst s3:PutObject ResultsBucket/*',
    ]);
  });
});
