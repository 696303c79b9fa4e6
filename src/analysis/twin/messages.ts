import type { MessagePort } from 'node:worker_threads';
import type { Handed } from '../counted.js';
import type { CountRequest } from '../panels/panel.js';
import type { Selection } from '../tally/selection.js';
import type { Packed } from './packed.js';

/** What the other thread is to count: nothing but the tally of a selection, or what a request wants of panels, by their ids. */
export type Job =
  | { readonly selection: Selection }
  | {
      readonly request: Omit<CountRequest, 'snapshot'>;
      readonly panels: readonly string[];
      /** How many forms questions have. */
      readonly forms: number;
    };

export type ToTwin = { readonly snapshot: Packed } | { readonly job: Job; readonly number: number };

export interface FromTwin {
  /** Of the job. */
  readonly number: number;
  /** Undefined where counting failed. */
  readonly counts: Handed | undefined;
}

/** In what both threads see: how many snapshots were taken in. */
export const TAKEN = 0;
/** And how often something was answered. */
export const DONE = 1;

export interface TwinData {
  readonly port: MessagePort;
  readonly state: Int32Array;
}
