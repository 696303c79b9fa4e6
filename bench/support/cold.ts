import { type BenchRow, median } from './rows.js';

/** The functions of a deployment, in the order of a message's way. */
export const HANDLERS = ['ingest', 'writer', 'plan', 'day', 'register'] as const;
/** The handler that does nothing. */
export const BARE = 'bare';

type Handler = (typeof HANDLERS)[number] | typeof BARE;

/** Milliseconds: from the start of the process to its first question for an event; of the first event; of the same event again. */
export interface Cold {
  readonly ready: number;
  readonly first: number;
  readonly further: number;
}

export type Measured = Readonly<Record<Handler, Cold>>;

const PHASES = { ready: 'until it is ready', first: 'its first event', further: 'a further one' } as const;
type Phase = keyof typeof PHASES;

const nameOf = (handler: Handler, what: string): string => `cold start, ${handler}: ${what}`;
const BOTH = 'ready and first event';

/** Medians over the rounds; until the first event is answered, also the ratio to the bare handler of the same round. */
export function coldRows(rounds: readonly Measured[]): BenchRow[] {
  return ([BARE, ...HANDLERS] as const).flatMap((handler) => {
    const row = (what: string, of: (cold: Cold) => number) => ({
      name: nameOf(handler, what),
      value: median(rounds.map((round) => of(round[handler]))),
      unit: 'ms',
    });
    const both = ({ ready, first }: Cold) => ready + first;
    const ratio = median(rounds.map((round) => both(round[handler]) / both(round[BARE])));
    return [...(Object.keys(PHASES) as Phase[]).map((phase) => row(PHASES[phase], (cold) => cold[phase])), { ...row(BOTH, both), ratio }];
  });
}

/** The table of docs/aws.md, from the rows of the suite. */
export function coldTable(rows: readonly BenchRow[]): string {
  const row = (handler: Handler) => {
    const find = (what: string) => rows.find(({ name }) => name === nameOf(handler, what));
    const times = Object.values(PHASES).map((what) => find(what)?.value.toFixed(0));
    return `| ${[handler, ...times, `${find(BOTH)?.ratio?.toFixed(1)} times`].join(' | ')} |`;
  };
  return [
    `| ${['function', ...Object.values(PHASES), `${BOTH}, beside ${BARE}`].join(' | ')} |`,
    '| --- | ---: | ---: | ---: | ---: |',
    ...[BARE, ...HANDLERS].map((handler) => row(handler as Handler)),
  ].join('\n');
}
