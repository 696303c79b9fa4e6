import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { loadSettings, type Settings, tidyPlace } from '../config.js';
import { ChatlakeError } from '../errors.js';
import { datesIn, tableFolder } from '../lake/layout.js';
import { openStore } from '../lake/open.js';
import { ddl, type DdlEngine } from '../query/ddl.js';
import { LAKE_TABLES, LAKE_VIEWS } from '../query/lake-tables.js';
import type { Io } from './io.js';

/** `chatlake ddl`: prints what another engine needs to read the lake. */
export function ddlCommand(io: Io): Command {
  return new Command('ddl')
    .description("print the tables' DDL for an engine")
    .addOption(new Option('--engine <engine>', 'whose DDL').choices(['athena', 'trino', 'duckdb']).makeOptionMandatory())
    .option('--location <url>', 'where the enriched lake lies, such as s3://bucket/prefix; CHATLAKE_ENRICHED by default')
    .addOption(
      new Option('--partitions <how>', 'whether days are registered in the catalog or projected')
        .choices(['registered', 'projection'])
        .default('registered'),
    )
    .action(async ({ engine, location: given, partitions }: Flags) => {
      const settings = loadSettings(io.env);
      const location = locationFor(engine, given ?? settings.enriched);
      const empty = engine === 'duckdb' ? await emptyTables(location, settings) : new Set<string>();
      io.stdout.write(ddl(engine, LAKE_TABLES, LAKE_VIEWS, { location, partitions, empty }));
    });
}

interface Flags {
  readonly engine: DdlEngine;
  readonly location?: string;
  readonly partitions: 'registered' | 'projection';
}

/** Tables without a day at `location`; none where it cannot be looked at from here. */
async function emptyTables(location: string, { s3 }: Settings): Promise<ReadonlySet<string>> {
  const empty = new Set<string>();
  try {
    const store = openStore(location, s3);
    for (const { name } of LAKE_TABLES) {
      if ((await datesIn(store, tableFolder(name))).length === 0) empty.add(name);
    }
  } catch (error) {
    if (!(error instanceof ChatlakeError)) throw error;
    return new Set();
  }
  return empty;
}

function locationFor(engine: DdlEngine, given: string): string {
  const place = tidyPlace(given).replace(/\/+$/, '');
  const isUrl = /^[a-z0-9]+:\/\//i.test(place);
  // An address of another kind is for Hive or Spark, which take the same text.
  if (isUrl) return place;
  if (engine === 'athena')
    throw new ChatlakeError('USAGE', 'Athena reads S3 only: give --location s3://bucket/prefix, where the enriched lake lies or will lie.');
  return engine === 'trino' ? `local://${resolve(place)}` : resolve(place);
}
