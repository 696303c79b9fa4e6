import type { MessagePort } from 'node:worker_threads';
import type { CountRequest } from '../panels/panel.js';
import type { Packed } from './packed.js';
import type { Sums } from '../counted.js';

/** What the other thread is to count. */
export interface Job {
  readonly request: Omit<CountRequest, 'snapshot'>;
  /** Ids of panels. */
  readonly panels: readonly string[];
  /** How many forms questions have. */
  readonly forms: number;
}

export type ToTwin = { readonly snapshot: Packed } | { readonly job: Job };

/** Undefined where counting failed. */
export type FromTwin = { readonly sums: Sums | undefined };

/** What both threads see: how many snapshots were taken in, and how many jobs done. */
export const TAKEN = 0;
export const DONE = 1;
export interface TwinData {
  readonly port: MessagePort;
  readonly state: Int32Array;
}
