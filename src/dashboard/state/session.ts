import { computed, signal } from '@preact/signals';
import type { SessionView } from '../../server/api-types.js';
import { ask, askJson, isRefusal, locked, type Refusal } from '../api/client.js';
import { type PageName, type Place, placeAt } from './address.js';
import { opens, type Shared } from './shared.js';

/** Who the server thinks this is. */
export const session = signal<SessionView | null>(null);

/** What a shared link shows; null for who sees everything. */
export const shared = computed((): Shared | null => {
  const who = session.value;
  if (who?.as !== 'link' || who.address === null) return null;
  return { place: placeAt(new URL(who.address, location.href)), from: who.days?.from ?? null, to: who.days?.to ?? null };
});

/** The one page of it; null for who sees every page. */
export const onlyPage = computed((): PageName | null => shared.value?.place.page ?? null);

/** Whether the server answers what a place asks for. */
export const mayGo = (to: Place): boolean => shared.value === null || opens(shared.value, to);

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
