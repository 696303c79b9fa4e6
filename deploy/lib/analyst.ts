import { Aws } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { LAKE_TABLES, LAKE_VIEWS } from '../../src/query/lake-tables.js';
import { allow, arnIn, mayList, mayTouch } from './functions.js';
import type { Place } from './place.js';

export interface AnalystOptions {
  readonly name: string;
  readonly enriched: Place;
  readonly results: Place;
  readonly database: string;
  readonly workgroup: string;
}

/** A role for people of this account who ask questions: reads the tables, writes nothing but the results of its queries. */
export function analystRole(scope: Construct, { name, enriched, results, database, workgroup }: AnalystOptions): iam.Role {
  const tables = [...LAKE_TABLES, ...LAKE_VIEWS].map((table) => table.name);
  const files = LAKE_TABLES.map((table) => `${table.name}/`);
  return new iam.Role(scope, 'Analyst', {
    roleName: `${name}-analyst`,
    description: 'Reads the tables of the chat lake with Athena',
    assumedBy: new iam.AccountPrincipal(Aws.ACCOUNT_ID),
    inlinePolicies: {
      own: new iam.PolicyDocument({
        statements: [
          allow(
            [
              'athena:StartQueryExecution',
              'athena:StopQueryExecution',
              'athena:GetQueryExecution',
              'athena:BatchGetQueryExecution',
              'athena:GetQueryResults',
              'athena:ListQueryExecutions',
              'athena:GetWorkGroup',
              'athena:GetNamedQuery',
              'athena:ListNamedQueries',
            ],
            [arnIn(scope, 'athena', 'workgroup', workgroup)],
          ),
          // What the console shows beside its editor.
          allow(
            ['athena:GetDataCatalog', 'athena:ListDatabases', 'athena:GetDatabase', 'athena:ListTableMetadata', 'athena:GetTableMetadata'],
            [arnIn(scope, 'athena', 'datacatalog', 'AwsDataCatalog')],
          ),
          allow(['athena:ListWorkGroups', 'athena:ListDataCatalogs'], ['*']),
          allow(
            [
              'glue:GetDatabase',
              'glue:GetDatabases',
              'glue:GetTable',
              'glue:GetTables',
              'glue:GetPartition',
              'glue:GetPartitions',
              'glue:BatchGetPartition',
            ],
            [
              arnIn(scope, 'glue', 'catalog', '').replace(/\/$/, ''),
              arnIn(scope, 'glue', 'database', database),
              ...tables.map((table) => arnIn(scope, 'glue', 'table', `${database}/${table}`)),
            ],
          ),
          allow(['s3:GetBucketLocation'], [enriched.bucketArn, results.bucketArn]),
          mayList(
            enriched.bucketArn,
            files.map((folder) => `${folder}*`),
          ),
          mayTouch(
            enriched.bucketArn,
            ['s3:GetObject'],
            files.map((folder) => `${folder}*`),
          ),
          mayList(results.bucketArn, ['*']),
          allow(['s3:ListBucketMultipartUploads'], [results.bucketArn]),
          mayTouch(results.bucketArn, ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], ['*']),
        ],
      }),
    },
  });
}
