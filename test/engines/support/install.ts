import { pathToFileURL } from 'node:url';
import { installLambda, NO_LAMBDA } from './lambda-runtime.js';
import { installMinio, NO_MINIO } from './minio.js';
import { installMoto, NO_MOTO } from './moto.js';
import { NO_SPARK, sparkInstalled } from './spark.js';
import { installTrino, NO_TRINO } from './trino.js';

/** Installs what this machine lacks of the servers, all at once: some of them compile while others are fetched. */
export async function setup(): Promise<void> {
  const servers = [
    [NO_MINIO, installMinio],
    [NO_TRINO, installTrino],
    [NO_SPARK, sparkInstalled],
    [NO_MOTO, installMoto],
    [NO_LAMBDA, installLambda],
  ] as const;
  // Where one cannot be had, its suites say why.
  await Promise.allSettled(servers.filter(([why]) => why === undefined).map(([, install]) => install()));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await setup();
