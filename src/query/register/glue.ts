import type { GlueClient, GlueClientConfig, PartitionError, StorageDescriptor, Table as GlueTable } from '@aws-sdk/client-glue';
import { ChatlakeError } from '../../errors.js';
import { partition } from '../../lake/layout.js';
import { LAKE_TABLES, LAKE_VIEWS } from '../lake-tables.js';
import { awsError } from '../remote/aws-failure.js';
import type { Catalog } from './catalog.js';
import { glueTable, glueView } from './glue-tables.js';

export interface GlueOptions {
  readonly database: string;
  /** Where the enriched lake lies: `s3://bucket/prefix`, without a slash at the end. */
  readonly location: string;
  /** Beside what the AWS SDK reads from the environment. */
  readonly client?: GlueClientConfig;
}

/** The most partitions that Glue takes at a time. */
const BATCH = 100;

/** The Glue Data Catalog: Athena's, and that of any Trino or Spark which is told so. */
export async function glueCatalog({ database, location, client: config }: GlueOptions): Promise<Catalog> {
  const sdk = await import('@aws-sdk/client-glue');
  const client: GlueClient = new sdk.GlueClient({ maxAttempts: 5, ...config });
  const tables = new Map<string, GlueTable>();

  const asked = async <T>(request: Promise<T>): Promise<T> =>
    request.catch((error: unknown) => {
      throw awsError('Glue', error);
    });
  /** For what another process may have made first. */
  const unlessThere = async (request: Promise<unknown>): Promise<boolean> =>
    request.then(
      () => true,
      (error: unknown) => {
        if (error instanceof sdk.AlreadyExistsException) return false;
        throw awsError('Glue', error);
      },
    );

  async function prepareDatabase(): Promise<void> {
    const found = await client.send(new sdk.GetDatabaseCommand({ Name: database })).catch((error: unknown) => {
      if (error instanceof sdk.EntityNotFoundException) return undefined;
      throw awsError('Glue', error);
    });
    if (found === undefined) await unlessThere(client.send(new sdk.CreateDatabaseCommand({ DatabaseInput: { Name: database } })));
  }

  async function readTables(): Promise<void> {
    for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
      const page = await asked(
        client.send(new sdk.GetTablesCommand({ DatabaseName: database, ...(token !== undefined && { NextToken: token }) })),
      );
      for (const table of page.TableList ?? []) tables.set(table.Name ?? '', table);
      token = page.NextToken;
    }
  }

  async function knownDays(table: string): Promise<Set<string>> {
    const days = new Set<string>();
    for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
      const page = await asked(
        client.send(
          new sdk.GetPartitionsCommand({
            DatabaseName: database,
            TableName: table,
            ExcludeColumnSchema: true,
            MaxResults: 1000,
            ...(token !== undefined && { NextToken: token }),
          }),
        ),
      );
      for (const { Values } of page.Partitions ?? []) days.add(Values?.[0] ?? '');
      token = page.NextToken;
    }
    return days;
  }

  return {
    name: 'glue',
    async prepare() {
      await prepareDatabase();
      await readTables();
      const made: string[] = [];
      for (const table of LAKE_TABLES) {
        const { name } = table;
        if (tables.has(name)) continue;
        const input = glueTable(table, { location, partitions: 'registered' });
        if (await unlessThere(client.send(new sdk.CreateTableCommand({ DatabaseName: database, TableInput: input })))) made.push(name);
        tables.set(name, { ...input });
      }
      for (const view of LAKE_VIEWS) {
        const input = glueView(view, database);
        const there = tables.get(view.name);
        if (there?.ViewOriginalText === input.ViewOriginalText && there?.Description === input.Description) continue;
        const request = { DatabaseName: database, TableInput: input };
        if (there) await asked(client.send(new sdk.UpdateTableCommand(request)));
        else if (await unlessThere(client.send(new sdk.CreateTableCommand(request)))) made.push(view.name);
      }
      return made;
    },
    async add(table, days) {
      const described = tables.get(table);
      // Days of such a table come from a range: nothing needs telling.
      if (described?.Parameters?.['projection.enabled'] === 'true') return 0;
      const known = await knownDays(table);
      const fresh = days.filter((date) => !known.has(date));
      let added = 0;
      for (let from = 0; from < fresh.length; from += BATCH) {
        const batch = fresh.slice(from, from + BATCH);
        const inputs = batch.map((date) => ({ Values: [date], StorageDescriptor: storageOf(described?.StorageDescriptor ?? {}, date) }));
        const { Errors = [] } = await asked(
          client.send(new sdk.BatchCreatePartitionCommand({ DatabaseName: database, TableName: table, PartitionInputList: inputs })),
        );
        added += batch.length - Errors.length;
        refuse(table, Errors);
      }
      return added;
    },
    close: () => client.destroy(),
  };
}

/** A day's place: the table's own description, one folder down. */
function storageOf(table: StorageDescriptor, date: string): StorageDescriptor {
  return { ...table, Location: `${(table.Location ?? '').replace(/\/+$/, '')}/${partition(date)}/` };
}

/** Days that another process registered first are fine; any other failure is told with its day. */
function refuse(table: string, errors: readonly PartitionError[]): void {
  const [first] = errors.filter(({ ErrorDetail }) => ErrorDetail?.ErrorCode !== 'AlreadyExistsException');
  if (!first) return;
  const { ErrorCode = 'no reason given', ErrorMessage = '' } = first.ErrorDetail ?? {};
  throw new ChatlakeError(
    'LAKE_UNAVAILABLE',
    `Glue did not take the day ${first.PartitionValues?.join('/')} of ${table} (${ErrorCode}${ErrorMessage === '' ? '' : `: ${ErrorMessage}`}). Try again: chatlake register`,
  );
}
