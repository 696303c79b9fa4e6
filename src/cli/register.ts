import { Command, Option } from 'commander';
import { loadSettings, type Settings } from '../config.js';
import { ChatlakeError, messageOf } from '../errors.js';
import { openStore } from '../lake/open.js';
import type { Store } from '../types.js';
import type { Io } from './io.js';

type CatalogName = NonNullable<Settings['catalog']>;

/** `chatlake register`: makes new days known to the catalog that other engines ask. */
export function registerCommand(io: Io): Command {
  return new Command('register')
    .description('make the tables and new days known to a catalog, for Trino and Athena')
    .addOption(new Option('--engine <catalog>', 'whose catalog; CHATLAKE_CATALOG by default').choices(['trino', 'glue']))
    .action(async (flags: { engine?: CatalogName }) => {
      const settings = loadSettings(io.env);
      const catalog = flags.engine ?? settings.catalog;
      if (catalog === undefined)
        throw new ChatlakeError('USAGE', 'Say which catalog: --engine trino or --engine glue, or set CHATLAKE_CATALOG.');
      io.stdout.write(`${await registered(settings, catalog, openStore(settings.enriched, settings.s3))}\n`);
    });
}

/** Makes what is new known to `catalog`; says what that was. Throws ChatlakeError. */
async function registered(settings: Settings, catalog: CatalogName, enriched: Store): Promise<string> {
  const { openRegistrar, registeredLine } = await import('../query/register/registrar.js');
  const registrar = await openRegistrar(settings, catalog, enriched);
  try {
    return registeredLine(await registrar.register());
  } finally {
    registrar.close();
  }
}

/**
 * Makes the days that a run of the ETL brought known, where a catalog is set; undefined where none is. The run is over by then:
 * what fails here has lost nothing, and the error says how to try again.
 */
export async function registeredAfterRun(settings: Settings, enriched: Store): Promise<string | undefined> {
  if (settings.catalog === undefined) return undefined;
  try {
    return await registered(settings, settings.catalog, enriched);
  } catch (error) {
    if (!(error instanceof ChatlakeError)) throw error;
    throw new ChatlakeError(
      'LAKE_UNAVAILABLE',
      `The days are done and safe, but the catalog (CHATLAKE_CATALOG=${settings.catalog}) does not know them yet. ${messageOf(error)} Then: chatlake register`,
      { cause: error },
    );
  }
}
