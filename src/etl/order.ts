import { z } from 'zod';
import type { Days } from './pending.js';

const date = z.iso.date();
const source = z.string();

/** One source and day to bring into the tables. */
export const TASK = z.object({ source, date });

/**
 * What an execution of the deployed state machine is asked for: which days (those closed, unless told), or a range of them, and of which
 * source (all, unless told). `after` is the last task of the execution before, which goes on with this one.
 */
export const ORDER = z
  .strictObject({
    days: z.enum(['closed', 'open', 'all']).optional(),
    from: date.optional(),
    to: date.optional(),
    source: source.optional(),
    after: TASK.optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, { path: ['from'], message: 'must not be after "to"' });

export type Order = z.infer<typeof ORDER>;

/** The days that an order asks for; undefined when it says so twice. */
export function daysOf({ days, from, to }: Order): Days | undefined {
  if (from === undefined && to === undefined) return days ?? 'closed';
  return days === undefined ? { from: from ?? '0000-01-01', to: to ?? '9999-12-31' } : undefined;
}

/** Whether an order asks for every closed day of every source, as that of the night does; it may ask for more. */
export function isNight(order: Order): boolean {
  const days = daysOf(order);
  return order.source === undefined && (days === 'closed' || days === 'all');
}
