import { ChatlakeError } from '../../errors.js';
import { SECRETS } from '../../sources/secret-names.js';

/** Reads parameters by name, decrypted. Absent ones are left out. */
export type ReadParameters = (names: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** The secrets under `prefix` (such as `/chatlake/`), by the name of their setting. Throws SETTINGS when they cannot be read. */
export async function readSecrets(prefix: string, read: ReadParameters): Promise<Readonly<Record<string, string>>> {
  let found: ReadonlyMap<string, string>;
  try {
    found = await read(SECRETS.map((name) => prefix + name));
  } catch (error) {
    throw new ChatlakeError(
      'SETTINGS',
      `The secrets under ${prefix} cannot be read: see that the function's role may, and that Parameter Store answers`,
      {
        cause: error,
      },
    );
  }
  return Object.fromEntries(SECRETS.flatMap((name) => (found.has(prefix + name) ? [[name, found.get(prefix + name) as string]] : [])));
}

/** By AWS Systems Manager Parameter Store, at the place the environment names. */
export async function parameterStore(): Promise<ReadParameters> {
  const { GetParametersCommand, SSMClient } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient({ maxAttempts: 3 });
  return async (names) => {
    const { Parameters = [] } = await client.send(new GetParametersCommand({ Names: [...names], WithDecryption: true }));
    return new Map(Parameters.flatMap(({ Name, Value }) => (Name !== undefined && Value !== undefined ? [[Name, Value]] : [])));
  };
}
