import { z } from 'zod';
import { ChatlakeError } from '../../errors.js';
import { daysOf, isNight, ORDER, type Order, TASK } from '../../etl/order.js';
import type { Days, pendingDays } from '../../etl/pending.js';
import type { EtlOptions, EtlReport } from '../../etl/run.js';
import type { Logger, SourceModel } from '../../types.js';

/** What became of each task of an order; a failed one carries what the state machine caught. */
const OUTCOMES = z.object({ order: ORDER, more: z.boolean(), days: z.array(TASK.extend({ failed: z.boolean().optional() })) });

/** Logged when every closed day is in the tables: a metric of the deployment counts these, and an alarm misses them. */
export const NIGHT_DONE = { night: 'done' } as const;

export interface DayTask {
  readonly source: string;
  readonly date: string;
}

export interface Plan {
  readonly days: readonly DayTask[];
  /** Whether there is more to do than one execution takes: the next one goes on. */
  readonly more: boolean;
  /** What was asked for; when there is more, what to ask the next execution for. */
  readonly order: Order;
}

/** Days of one execution: far below what a history of 25,000 events holds (docs.aws.amazon.com, Step Functions quotas). */
const MOST = 500;

type Lake = Omit<EtlOptions, 'days' | 'sources'>;

/**
 * Which sources and days have something unread. The next execution begins after the last day of this one: a day that fails is still
 * unread then, and would else be planned again and again.
 */
export function planner(
  lake: Lake & { readonly sources: readonly SourceModel[] },
  pending: typeof pendingDays,
  most = MOST,
): (event: unknown) => Promise<Plan> {
  return async (event) => {
    const order = parsed(ORDER, event, 'The order');
    const days: DayTask[] = [];
    const { after } = order;
    const sources = named(lake.sources, order.source);
    // Those of the sources before it are done, whatever became of them.
    const left = sources.slice(
      Math.max(
        0,
        sources.findIndex(({ name }) => name === after?.source),
      ),
    );
    for await (const task of pending({ ...lake, sources: left, days: asked(order) })) {
      if (task.source === after?.source && task.date <= after.date) continue;
      if (days.length === most) return { days, more: true, order: { ...order, after: days.at(-1) } };
      days.push(task);
    }
    return { days, more: false, order };
  };
}

/** Brings one source and day into the tables: what `chatlake etl --date --source` does. */
export function dayWorker(
  lake: Lake & { readonly sources: readonly SourceModel[] },
  runEtl: (options: EtlOptions) => Promise<EtlReport>,
): (event: unknown) => Promise<DayTask & { readonly rows: number; readonly quarantined: number }> {
  return async (event) => {
    const task = parsed(TASK, event, 'The task');
    const days = { from: task.date, to: task.date };
    const report = await runEtl({ ...lake, sources: named(lake.sources, task.source), days });
    const rows = report.days.reduce((sum, { read }) => sum + read.rows, 0);
    return { source: task.source, date: task.date, rows, quarantined: report.quarantined };
  };
}

/** Makes the catalog know every day there is, and says which tasks failed. `register` gives the number of partitions it added. */
export function registrar(
  register: () => Promise<number>,
  logger: Logger,
): (
  event: unknown,
) => Promise<{ readonly registered: number; readonly done: number; readonly failed: number; readonly which: readonly string[] }> {
  return async (event) => {
    const { order, more, days } = parsed(OUTCOMES, event, 'The outcomes');
    const failed = days.filter((day) => day.failed === true);
    const registered = await register();
    if (failed.length === 0 && !more && isNight(order)) logger.info(NIGHT_DONE, 'every closed day is in the tables');
    return {
      registered,
      done: days.length - failed.length,
      failed: failed.length,
      which: failed.slice(0, 20).map((task) => `${task.source} ${task.date}`),
    };
  };
}

function named(sources: readonly SourceModel[], name: string | undefined): readonly SourceModel[] {
  if (name === undefined) return sources;
  const found = sources.filter((one) => one.name === name);
  if (found.length > 0) return found;
  throw new ChatlakeError('USAGE', `There is no source "${name}": it must be ${sources.map((one) => one.name).join(' or ')}`);
}

function asked(order: Order): Days {
  const days = daysOf(order);
  if (days === undefined) throw new ChatlakeError('USAGE', 'Give "days", or "from" and "to"');
  return days;
}

function parsed<T>(schema: z.ZodType<T>, event: unknown, what: string): T {
  const result = schema.safeParse(event);
  if (result.success) return result.data;
  const wrong = result.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`).join('; ');
  throw new ChatlakeError('USAGE', `${what} of this execution is wrong: ${wrong}`);
}
