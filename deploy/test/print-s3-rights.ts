import { ofType, templatesOf, textOf } from './templates.js';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, unknown>>;
}

/** What each function may do in S3, as JSON by the function's name: the statements of its role, `RAW` and `ENRICHED` being the buckets. */
const rights = ofType(templatesOf().flow, 'AWS::IAM::Role').flatMap(([id, { Properties }]) => {
  const name = /(Ingest|Writer|Plan|Day|Register)Role/.exec(id)?.[1]?.toLowerCase();
  const policies = (Properties['Policies'] ?? []) as { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
  const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  const inS3 = statements.filter(({ Action }) => [Action].flat().every((action) => action.startsWith('s3:')));
  const told = inS3.map((statement) => ({ ...statement, Resource: [statement.Resource].flat().map(named) }));
  return name === undefined ? [] : [[name, told]];
});

function named(resource: unknown): string {
  return textOf(resource).replace(/^\$\{[^}]*Lake(Raw|Enriched)[^}]*\}/, (_, bucket: string) => `arn:aws:s3:::${bucket.toUpperCase()}`);
}

process.stdout.write(JSON.stringify(Object.fromEntries(rights)));
