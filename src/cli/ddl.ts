import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { loadSettings } from '../config.js';
import { ChatlakeError } from '../errors.js';
import { ddl } from '../query/ddl.js';
import type { DdlEngine } from '../query/ddl.js';
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
    .action((flags: { engine: DdlEngine; location?: string; partitions: 'registered' | 'projection' }) => {
      const location = locationFor(flags.engine, flags.location ?? loadSettings(io.env).enriched);
      io.stdout.write(ddl(flags.engine, LAKE_TABLES, LAKE_VIEWS, { location, partitions: flags.partitions }));
    });
}

function locationFor(engine: DdlEngine, given: string): string {
  const place = given.replace(/\/+$/, '');
  const isUrl = /^[a-z0-9]+:\/\//i.test(place);
  // An address of another kind is for Hive or Spark, which take the same text.
  if (isUrl) return place;
  if (engine === 'athena')
    throw new ChatlakeError('USAGE', 'Athena reads S3 only: give --location s3://bucket/prefix, where the enriched lake lies or will lie.');
  return engine === 'trino' ? `local://${resolve(place)}` : resolve(place);
}
