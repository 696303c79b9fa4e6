import { SECRETS } from '../../src/sources/secret-names.js';
import { secretsPrefix } from './names.js';
import type { Deployment } from './settings.js';

/** Parameter Store, as much of it as is needed. */
export interface SecretStore {
  read(name: string): Promise<{ readonly value: string; readonly version: number } | undefined>;
  /** Encrypted; gives the new version. */
  write(name: string, value: string): Promise<number>;
}

/**
 * Puts the secrets of `env` into the store, where they differ from what is there. Gives the versions of all, which change when a secret
 * does. Throws when no channel would have one.
 */
export async function storeSecrets(
  deployment: Pick<Deployment, 'name'>,
  env: Readonly<Record<string, string | undefined>>,
  store: SecretStore,
): Promise<string> {
  const versions: string[] = [];
  const present = new Set<string>();
  for (const secret of SECRETS) {
    const name = secretsPrefix(deployment) + secret;
    const given = env[secret] ?? '';
    const stored = await store.read(name);
    if (stored !== undefined || given !== '') present.add(secret);
    if (given !== '' && given !== stored?.value) versions.push(String(await store.write(name, given)));
    else versions.push(String(stored?.version ?? 0));
  }
  if (!present.has('TELEGRAM_WEBHOOK_SECRET') && !present.has('WHATSAPP_APP_SECRET'))
    throw new Error(
      'No channel would be on: set TELEGRAM_WEBHOOK_SECRET, or WHATSAPP_APP_SECRET and WHATSAPP_VERIFY_TOKEN, in .env (cp .env.example .env)',
    );
  return versions.join('.');
}
