import { computed } from '@preact/signals';
import type { Health } from '../../server/health.js';
import { askJson } from '../api/client.js';
import { resource } from './resource.js';

/** The status of an answer that says that something is wrong. */
const UNWELL = 503;

/** What `/api/health` says; the dot beside its page reads it everywhere. */
export const health = resource((address, signal) => askJson<Health>(address, { signal, also: UNWELL }));
export const healthState = computed<boolean | null>(() => health.data.value?.ok ?? null);
