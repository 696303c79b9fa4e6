import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { trinoEngine } from '../../../src/query/trino.js';
import { trinoPages } from '../../../src/query/remote/trino-client.js';
import type { QueryEngine } from '../../../src/types.js';
import { installed, present, ran } from './installed.js';
import { jdk } from './jdk.js';
import { freePort, type Minio } from './minio.js';
import { serve } from './server.js';

/** The last version whose server is on Maven Central. */
const VERSION = '476';
/** Class files of 476 are of Java 24. */
const JAVA_HOME = jdk(24);
export const CATALOG = 'lake';
/** The catalog of lakes on MinIO. */
export const S3_CATALOG = 's3lake';
/** Athena's name for the catalog that is Glue's. */
export const GLUE_CATALOG = 'awsdatacatalog';

const MISSING = [
  ...(JAVA_HOME === undefined ? ['a JDK of 24 or newer (JAVA_HOME, /usr/lib/jvm)'] : []),
  ...(present('mvn', '-v') ? [] : ['Maven']),
  ...(present('tar', '--version') ? [] : ['tar']),
  ...(present('python3', '--version') ? [] : ['Python']),
];
/** Why Trino cannot run here; undefined when it can. */
export const NO_TRINO = MISSING.length === 0 ? undefined : `Trino needs ${MISSING.join(', ')}`;

export interface Trino {
  readonly url: string;
  /** The settings that lead a program there. */
  readonly env: Readonly<Record<string, string>>;
  engine(schema?: string, catalog?: string): QueryEngine;
  /** Runs any statement; its rows as they come. */
  run(sql: string, schema?: string, catalog?: string): Promise<readonly (readonly unknown[])[]>;
  stop(): Promise<void>;
}

export interface TrinoOptions {
  /** Makes `s3://` known. */
  readonly minio?: Minio;
  /** Address of a Glue, for the catalog `awsdatacatalog` over MinIO. */
  readonly glue?: string;
}

/**
 * Starts a Trino of one node on a free port of loopback, with a Hive catalog over local files and S3. The first call on a machine
 * fetches it, which takes minutes.
 */
export async function startTrino(options: TrinoOptions = {}): Promise<Trino> {
  const dist = await installTrino();
  const home = await mkdtemp(join(tmpdir(), 'chatlake-trino-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await configure(home, dist, port, options);
  const address = (schema: string, catalog: string) => ({ url, user: 'test', catalog, schema });
  const run = async (sql: string, schema = 'default', catalog = CATALOG) => {
    const rows: (readonly unknown[])[] = [];
    for await (const { data } of trinoPages(address(schema, catalog), sql, AbortSignal.timeout(100_000))) if (data) rows.push(...data);
    return rows;
  };
  const server = await serve(join(JAVA_HOME ?? '', 'bin', 'java'), [...flags(home, dist), 'io.trino.server.TrinoServer'], {
    cwd: home,
    env: { ...process.env, TZ: 'UTC' },
    log: join(home, 'server.log'),
    ready: () => ready(url, home, run),
  });
  return {
    url,
    env: { TRINO_URL: url, TRINO_USER: 'test', TRINO_CATALOG: CATALOG },
    engine: (schema = 'default', catalog = CATALOG) => trinoEngine(address(schema, catalog)),
    run,
    async stop() {
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Fetches the server, where that was not done before; its folder. */
export const installTrino = (): Promise<string> => installed(`trino-${VERSION}`, unpacked);

/**
 * The core and the Hive plugin, each from its own archive: the whole server is three times the download, and holds plugins as links into
 * one another, so that no part of it can be unpacked.
 */
async function unpacked(folder: string): Promise<void> {
  const archive = (name: string, type: string) =>
    ran('mvn', [
      '-B',
      '-q',
      'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy',
      '-Dmdep.useBaseVersion=true',
      `-Dartifact=io.trino:${name}:${VERSION}:${type}`,
      `-DoutputDirectory=${folder}/archives`,
    ]);
  await archive('trino-server-core', 'tar.gz');
  await archive('trino-hive', 'zip');
  const unpack = ['--strip-components=1', '--exclude=*/plugin/*', '--exclude=*/secrets-plugin/*', '--exclude=*/bin/*'];
  await ran('tar', ['xzf', `${folder}/archives/trino-server-core-${VERSION}.tar.gz`, '-C', folder, ...unpack]);
  await ran('python3', ['-m', 'zipfile', '-e', `${folder}/archives/trino-hive-${VERSION}.zip`, `${folder}/archives`]);
  for (const plugin of ['plugin', 'secrets-plugin']) await mkdir(join(folder, plugin), { recursive: true });
  await rename(`${folder}/archives/trino-hive-${VERSION}`, join(folder, 'plugin', 'hive'));
  await rm(join(folder, 'archives'), { recursive: true });
}

/** Of Trino's own `jvm.config` what a JDK of 24 needs. These servers live for seconds: a simple compiler, and classes from an archive. */
const flags = (home: string, dist: string): string[] => [
  '-server',
  '-Xmx1500M',
  '-XX:+UseG1GC',
  '-XX:G1HeapRegionSize=32M',
  '-XX:+ExitOnOutOfMemoryError',
  '-XX:ReservedCodeCacheSize=256M',
  '-XX:TieredStopAtLevel=1',
  '-XX:+AutoCreateSharedArchive',
  `-XX:SharedArchiveFile=${join(dirname(dist), `trino-${VERSION}.jsa`)}`,
  '-Djdk.attach.allowAttachSelf=true',
  '-Djdk.nio.maxCachedBufferSize=2000000',
  '-Dfile.encoding=UTF-8',
  '-Duser.timezone=UTC',
  '--add-modules=jdk.incubator.vector',
  '--enable-native-access=ALL-UNNAMED',
  '--sun-misc-unsafe-memory-access=allow',
  '-Dnode.environment=test',
  '-Dnode.id=chatlake',
  `-Dnode.data-dir=${home}/var`,
  `-Dconfig=${home}/etc/config.properties`,
  `-Dlog.levels-file=${home}/etc/log.properties`,
  '-cp',
  `${dist}/lib/*`,
];

async function configure(home: string, dist: string, port: number, { minio, glue }: TrinoOptions): Promise<void> {
  const write = async (name: string, lines: readonly string[]) =>
    writeFile(join(home, 'etc', name), `${lines.join('\n')}\n`, { mode: 0o600 });
  await mkdir(join(home, 'etc', 'catalog'), { recursive: true });
  await mkdir(join(home, 'probe'), { recursive: true });
  await write('log.properties', ['io.trino=WARN']);
  await write('config.properties', [
    'coordinator=true',
    'node-scheduler.include-coordinator=true',
    'catalog.management=static',
    'web-ui.preview.enabled=false',

    `http-server.http.port=${port}`,
    'node.bind-ip=127.0.0.1',
    'node.internal-address=127.0.0.1',
    `discovery.uri=http://127.0.0.1:${port}`,
    `plugin.dir=${dist}/plugin`,
    `catalog.config-dir=${home}/etc/catalog`,
    'query.max-memory=512MB',
    'query.max-memory-per-node=512MB',
    'memory.heap-headroom-per-node=256MB',
    // A statement over few rows is not worth many tasks.
    'task.concurrency=1',
    'optimizer.join-reordering-strategy=NONE',
  ]);
  const hive = [
    'connector.name=hive',
    'hive.partition-projection-enabled=true',
    'hive.parquet.time-zone=UTC',
    'hive.table-statistics-enabled=false',
    'fs.native-local.enabled=true',
    'local.location=/',
  ];
  const kept = (name: string) => ['hive.metastore=file', `hive.metastore.catalog.dir=local://${home}/metastore/${name}`];
  // A projected day that has no folder is empty; places on S3 have no folders.
  await write(`catalog/${CATALOG}.properties`, [...hive, ...kept(CATALOG), 'hive.ignore-absent-partitions=true']);
  if (minio === undefined) return;
  const s3 = [
    'fs.native-s3.enabled=true',
    `s3.endpoint=${minio.endpoint}`,
    's3.region=us-east-1',
    's3.path-style-access=true',
    `s3.aws-access-key=${minio.env['AWS_ACCESS_KEY_ID']}`,
    `s3.aws-secret-key=${minio.env['AWS_SECRET_ACCESS_KEY']}`,
  ];
  await write(`catalog/${S3_CATALOG}.properties`, [...hive, ...kept(S3_CATALOG), ...s3]);
  if (glue === undefined) return;
  await write(`catalog/${GLUE_CATALOG}.properties`, [
    ...hive,
    ...s3,
    'hive.metastore=glue',
    `hive.metastore.glue.endpoint-url=${glue}`,
    'hive.metastore.glue.region=us-east-1',
    'hive.metastore.glue.aws-access-key=test',
    'hive.metastore.glue.aws-secret-key=test',
  ]);
}

/** Trino says that it has started, and answers `SELECT 1`, before a scan of a catalog works: so an empty table is scanned. */
async function ready(url: string, home: string, run: Trino['run']): Promise<boolean> {
  const info = (await (await fetch(`${url}/v1/info`)).json()) as { starting?: boolean };
  if (info.starting !== false) return false;
  await run('CREATE SCHEMA IF NOT EXISTS default');
  await run(`CREATE TABLE IF NOT EXISTS probe (x bigint) WITH (external_location = 'local://${home}/probe')`);
  await run('SELECT x, count(*) FROM probe GROUP BY x');
  await run('DROP TABLE probe');
  return true;
}
