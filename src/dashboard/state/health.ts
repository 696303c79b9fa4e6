import { computed } from '@preact/signals';
import type { Health } from '../../server/health.js';
import { resource } from './resource.js';

/** What `/api/health` says; the dot beside its page reads it everywhere. */
export const health = resource<Health>();
export const healthState = computed<boolean | null>(() => health.data.value?.ok ?? null);
