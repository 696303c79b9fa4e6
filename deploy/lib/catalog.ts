import { Aws, CfnResource } from 'aws-cdk-lib';
import * as glue from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';
import type { LakeView } from '../../src/query/messages.js';
import { glueTable, glueView } from '../../src/query/register/glue-tables.js';
import type { Table } from '../../src/types.js';

export interface CatalogOptions {
  readonly database: string;
  /** Where the enriched lake lies, without a slash at the end. */
  readonly location: string;
  readonly tables: readonly Table[];
  readonly views: readonly LakeView[];
}

/** The database with every table and view, as `chatlake register` would make them. Days are registered by the state machine. */
export function catalogOf(scope: Construct, { database, location, tables, views }: CatalogOptions): void {
  const own = new glue.CfnDatabase(scope, 'Database', {
    catalogId: Aws.ACCOUNT_ID,
    databaseInput: { name: database, description: 'Chats as tables' },
  });
  const inputs = [
    ...tables.map((table) => glueTable(table, { location, partitions: 'registered' })),
    ...views.map((view) => glueView(view, database)),
  ];
  for (const input of inputs) {
    // Glue's own words, which CloudFormation takes as they are.
    const properties = { CatalogId: Aws.ACCOUNT_ID, DatabaseName: database, TableInput: input };
    new CfnResource(scope, `Table${pascal(input.Name)}`, { type: 'AWS::Glue::Table', properties }).addResourceDependency(own);
  }
}

const pascal = (name: string): string => name.replaceAll(/(^|_)(\w)/g, (_all, _bar, letter: string) => letter.toUpperCase());
