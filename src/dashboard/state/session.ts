import { computed, signal } from '@preact/signals';
import type { SessionView } from '../../server/api-types.js';
import { ask, askJson, isRefusal, locked, type Refusal } from '../api/client.js';
import { type PageName, placeAt } from './address.js';

/** Who the server thinks this is. */
export const session = signal<SessionView | null>(null);

/** The one page that a shared link shows; null for who sees every page. */
export const onlyPage = computed((): PageName | null => {
  const who = session.value;
  return who?.as === 'link' && who.address !== null ? placeAt(new URL(who.address, location.href)).page : null;
});

export async function readSession(): Promise<void> {
  try {
    session.value = await askJson<SessionView>('/api/session');
    if (session.value.as === 'none') locked.value = true;
  } catch {
    // Whatever it is, the next request tells it too.
  }
}

/** Resolves with what was refused, or with nothing when the password is right. */
export async function signIn(password: string): Promise<Refusal | undefined> {
  try {
    await ask('/login', { body: { password } });
  } catch (failure) {
    if (isRefusal(failure)) return failure;
    throw failure;
  }
  location.reload();
  return undefined;
}

export async function signOut(): Promise<void> {
  await ask('/logout', { body: {} }).catch(() => undefined);
  location.reload();
}
