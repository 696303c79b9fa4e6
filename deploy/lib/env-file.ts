import { parseEnv } from 'node:util';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment with what a `.env` file says besides. Throws an Error that names, without their values, the settings that the environment
 * has already and the file has otherwise: whoever changed one of the two would not see which of them was deployed.
 */
export function withEnvFile(env: Environment, text: string): Record<string, string | undefined> {
  const file = parseEnv(text);
  const twice = Object.keys(file).filter((name) => env[name] !== undefined && env[name] !== file[name]);
  if (twice.length > 0)
    throw new Error(
      `deploy/.env and this shell differ in ${twice.join(', ')}. To deploy what the file says: unset ${twice.join(' ')}; to deploy what the shell says, change the file.`,
    );
  return { ...env, ...file };
}
