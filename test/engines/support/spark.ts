import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed, present, ran } from './installed.js';
import { jdk } from './jdk.js';

const VERSION = '3.5.9';
/** Spark 3.5 does not run on the newer JDK that Trino needs. */
const JAVA_HOME = jdk(17, 17);
const SCRIPT = fileURLToPath(new URL('hive.py', import.meta.url));

const MISSING = [...(JAVA_HOME === undefined ? ['a JDK of 17'] : []), ...(present('python3', '--version') ? [] : ['Python'])];
/** Why Spark, which stands in for Athena's Hive DDL, cannot run here; undefined when it can. */
export const NO_SPARK = MISSING.length === 0 ? undefined : `Spark needs ${MISSING.join(' and ')}`;

/** The Python that has Spark; the first call on a machine installs it. */
export async function sparkInstalled(): Promise<string> {
  const venv = await installed(`pyspark-${VERSION}`, async (folder) => {
    await ran('python3', ['-m', 'venv', folder]);
    await ran(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', `pyspark==${VERSION}`]);
  });
  return join(venv, 'bin', 'python');
}

/** Rows of each statement, on Spark with a Hive catalog of its own. Rejects when any of them fails. */
export async function onSpark(statements: readonly string[]): Promise<readonly (readonly (readonly unknown[])[])[]> {
  const python = await sparkInstalled();
  const env = { ...process.env, JAVA_HOME, SPARK_LOCAL_IP: '127.0.0.1', PYSPARK_PYTHON: python };
  return new Promise((resolve, reject) => {
    const child = spawn(python, [SCRIPT], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    let [out, errors] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-6000)));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(out) as unknown[][][]);
      else reject(new Error(`Spark ended with ${code}:\n${errors}`));
    });
    child.stdin.end(JSON.stringify(statements));
  });
}
