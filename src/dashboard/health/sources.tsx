import type { DayStatus } from '../../server/health.js';
import { channelName } from '../format/cell.js';
import { moment } from '../format/date.js';
import { count, duration } from '../format/number.js';
import { Empty } from '../parts/empty.js';
import { language } from '../state/settings.js';
import { zone } from '../state/view.js';
import { words } from '../words/use.js';

interface Source {
  readonly name: string;
  readonly last: number | null;
  /** Seconds from the last arrival to the run that took it in. */
  readonly lag: number | null;
  readonly unknown: ReadonlyMap<string, number>;
}

function sourcesOf(days: readonly DayStatus[]): readonly Source[] {
  const names = [...new Set(days.map(({ source }) => source))].sort();
  return names.map((name) => {
    const mine = days.filter(({ source }) => source === name);
    const newest = mine.reduce<DayStatus | undefined>(
      (best, day) => ((day.lastReceivedAt ?? 0) > (best?.lastReceivedAt ?? 0) ? day : best),
      undefined,
    );
    const last = newest?.lastReceivedAt ?? null;
    const unknown = new Map<string, number>();
    for (const day of mine)
      for (const [kind, seen] of Object.entries(day.unknown ?? {})) unknown.set(kind, (unknown.get(kind) ?? 0) + seen);
    return { name, last, lag: newest === undefined || last === null ? null : Math.max(0, (newest.processedAt - last) / 1000), unknown };
  });
}

/** When each source last delivered, how far the tables are behind, and what it sent that nobody knows. */
export function Sources({ days }: { readonly days: readonly DayStatus[] | null }) {
  const { lastDelivery, lag, never, unknown, unknownEmpty, sourcesEmpty } = words.value.health;
  if (days === null) return <div class="bone body small" aria-hidden="true" />;
  const sources = sourcesOf(days);
  if (sources.length === 0) return <Empty title={sourcesEmpty} />;
  return (
    <div class="sources">
      {sources.map((source) => (
        <section key={source.name} aria-label={channelName(source.name)}>
          <h3>
            <i class={`channel ${source.name}`} />
            {channelName(source.name)}
          </h3>
          <dl>
            <dt>{lastDelivery}</dt>
            <dd>{source.last === null ? never : moment(language.value, source.last, zone.value)}</dd>
            <dt>{lag}</dt>
            <dd>{source.lag === null ? '–' : duration(language.value, Math.round(source.lag))}</dd>
            <dt>{unknown}</dt>
            <dd>
              {source.unknown.size === 0
                ? unknownEmpty
                : [...source.unknown].map(([kind, seen]) => `${kind} (${count(language.value, seen)})`).join(', ')}
            </dd>
          </dl>
        </section>
      ))}
    </div>
  );
}
