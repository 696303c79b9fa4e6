import type { Settings } from '../config.js';
import { messageOf } from '../errors.js';
import { openRegistrar, type Registrar, registeredLine } from '../query/register/registrar.js';
import type { Logger, Store } from '../types.js';

/** Keeps a catalog up to date beside the runs of the ETL, which never wait for it. */
export interface Registering {
  /** Says that days may be new. A failure is logged, and made good after the next run. */
  soon(): void;
  /** Resolves when nothing is under way. */
  close(): Promise<void>;
}

/** Nothing to do where no catalog is set. */
export function registering(settings: Settings, enriched: Store, logger: Logger): Registering {
  const { catalog } = settings;
  if (catalog === undefined) return { soon: () => undefined, close: () => Promise.resolve() };
  let registrar: Registrar | undefined;
  let running: Promise<void> | undefined;
  let again = false;

  async function run(): Promise<void> {
    do {
      again = false;
      try {
        registrar ??= await openRegistrar(settings, catalog as NonNullable<typeof catalog>, enriched);
        const done = await registrar.register();
        if (done.made.length > 0 || Object.keys(done.days).length > 0) logger.info({ catalog, days: done.days }, registeredLine(done));
      } catch (error) {
        logger.warn(
          { catalog, error: messageOf(error) },
          'the catalog does not know the new days yet; it is tried again after the next run',
        );
      }
    } while (again);
  }

  return {
    soon() {
      again = running !== undefined;
      running ??= run().finally(() => (running = undefined));
    },
    async close() {
      await running;
      registrar?.close();
    },
  };
}
