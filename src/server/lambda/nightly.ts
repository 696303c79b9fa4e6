import { z } from 'zod';
import { ChatlakeError } from '../../errors.js';
import type { Days, pendingDays } from '../../etl/pending.js';
import type { EtlOptions, EtlReport } from '../../etl/run.js';
import type { SourceModel } from '../../types.js';

const date = z.iso.date();
const source = z.string();

const TASK = z.object({ source, date });
/**
 * What an execution is asked for: which days (those closed, unless told), or a range of them, and of which source (all, unless told).
 * `after` is the last task of the execution before, which goes on with this one.
 */
const ORDER = z.strictObject({
  days: z.enum(['closed', 'open', 'all']).optional(),
  from: date.optional(),
  to: date.optional(),
  source: source.optional(),
  after: TASK.optional(),
});
/** What became of each task; a failed one carries what the state machine caught. */
const OUTCOMES = z.object({ days: z.array(TASK.extend({ failed: z.boolean().optional() })) });

export interface DayTask {
  readonly source: string;
  readonly date: string;
}

export interface Plan {
  readonly days: readonly DayTask[];
  /** Whether there is more to do than one execution takes: the next one goes on. */
  readonly more: boolean;
  /** What was asked for; when there is more, what to ask the next execution for. */
  readonly order: z.infer<typeof ORDER>;
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
    for await (const task of pending({ ...lake, sources: left, days: daysOf(order) })) {
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
): (
  event: unknown,
) => Promise<{ readonly registered: number; readonly done: number; readonly failed: number; readonly which: readonly string[] }> {
  return async (event) => {
    const { days } = parsed(OUTCOMES, event, 'The outcomes');
    const failed = days.filter((day) => day.failed === true);
    const registered = await register();
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

function daysOf({ days, from, to }: z.infer<typeof ORDER>): Days {
  if (from === undefined && to === undefined) return days ?? 'closed';
  if (days !== undefined) throw new ChatlakeError('USAGE', 'Give "days", or "from" and "to"');
  return { from: from ?? '0000-01-01', to: to ?? '9999-12-31' };
}

function parsed<T>(schema: z.ZodType<T>, event: unknown, what: string): T {
  const result = schema.safeParse(event);
  if (result.success) return result.data;
  const wrong = result.error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`).join('; ');
  throw new ChatlakeError('USAGE', `${what} of this execution is wrong: ${wrong}`);
}
