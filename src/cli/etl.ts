import { Command } from 'commander';
import { loadSettings } from '../config.js';
import { ChatlakeError } from '../errors.js';
import type { DayResult } from '../etl/day.js';
import type { Days } from '../etl/pending.js';
import type { EtlProgress } from '../etl/run.js';
import { openStore } from '../lake/open.js';
import { SOURCES } from '../sources/registry.js';
import { isDate } from '../zone.js';
import type { Io } from './io.js';
import { moreRebuilt } from './rebuild-text.js';
import { registeredAfterRun } from './register.js';

interface Flags {
  readonly date?: string;
  readonly from?: string;
  readonly to?: string;
  readonly all?: boolean;
  readonly source?: string;
  readonly rebuild?: boolean;
}

/** `chatlake etl`: raw to enriched. */
export function etlCommand(io: Io): Command {
  return new Command('etl')
    .description('turn raw days into tables; without dates: every closed day that has something unread')
    .option('--date <day>', 'one arrival day, YYYY-MM-DD')
    .option('--from <day>', 'first of several days')
    .option('--to <day>', 'last of several days')
    .option('--all', 'every day with raw files, the open one too')
    .option('--source <name>', `only ${SOURCES.map(({ name }) => name).join(' or ')}`)
    .option('--rebuild', 'forget what the days gave, and read them from raw alone')
    .action((flags: Flags) => etl(io, flags));
}

async function etl(io: Io, flags: Flags): Promise<void> {
  const days = daysOf(flags);
  const sources = flags.source === undefined ? SOURCES : SOURCES.filter(({ name }) => name === flags.source);
  if (sources.length === 0)
    throw new ChatlakeError('USAGE', `--source must be ${SOURCES.map(({ name }) => name).join(' or ')}, not "${flags.source}"`);
  const settings = loadSettings(io.env);

  const { runEtl } = await import('../etl/run.js');
  const show = await progressOn(io);
  let rebuilds = flags.rebuild === true;
  const enriched = openStore(settings.enriched, settings.s3);
  const report = await runEtl({
    raw: openStore(settings.raw, settings.s3),
    enriched,
    zone: settings.zone,
    clock: io.clock,
    sources,
    days: flags.rebuild && days === 'closed' ? 'all' : days,
    ...(flags.rebuild ? { rebuild: true } : {}),
    signal: io.stop,
    onProgress: show.began,
    onDay: show.ended,
    onWaiting: () => io.stderr.write('chatlake: another ETL run is at work on this lake; waiting for it\n'),
    onMore: (rebuild) => {
      rebuilds = true;
      io.stderr.write(`chatlake: ${moreRebuilt(rebuild)}\n`);
    },
  }).finally(show.close);
  if (io.stop.aborted)
    throw new ChatlakeError(
      'CANCELLED',
      `Stopped after ${report.days.length} days. Nothing is lost: the next run ${rebuilds ? 'begins the rebuild again' : 'goes on from there'}.`,
    );
  io.stdout.write(
    report.days.length === 0
      ? 'Nothing new.\n'
      : `${report.days.length} ${report.days.length === 1 ? 'day' : 'days'} in ${report.seconds.toFixed(1)} s\n`,
  );
  const setAside =
    report.quarantined === 0
      ? undefined
      : new ChatlakeError(
          'QUARANTINED',
          `${report.quarantined} lines were set aside; the days are done without them. See: chatlake query "SELECT reason, count(*) FROM quarantine GROUP BY reason"`,
        );
  const said = await registeredAfterRun(settings, enriched).catch((error: unknown) => {
    if (setAside) io.stderr.write(`chatlake: ${setAside.message}\n`);
    throw error;
  });
  if (said !== undefined) io.stdout.write(`${said}\n`);
  if (setAside) throw setAside;
}

function daysOf({ date, from, to, all }: Flags): Days {
  for (const [flag, value] of Object.entries({ date, from, to })) {
    if (value !== undefined && !isDate(value))
      throw new ChatlakeError('USAGE', `--${flag} must be a day such as 2026-01-31, not "${value}"`);
  }
  const ways = [date !== undefined, from !== undefined || to !== undefined, all === true].filter(Boolean).length;
  if (ways > 1) throw new ChatlakeError('USAGE', 'Give --date, or --from and --to, or --all');
  if (date !== undefined) return { from: date, to: date };
  if (from !== undefined || to !== undefined) {
    if (from !== undefined && to !== undefined && from > to) throw new ChatlakeError('USAGE', `--from ${from} is after --to ${to}`);
    return { from: from ?? '0000-01-01', to: to ?? '9999-12-31' };
  }
  return all ? 'all' : 'closed';
}

/** A bar on a terminal, a line for each finished day elsewhere. */
async function progressOn({ stdout, stderr }: Io) {
  if (!stderr.isTTY)
    return { began: () => undefined, ended: (day: DayResult) => void stdout.write(`${lineOf(day)}\n`), close: () => undefined };
  const { SingleBar } = await import('cli-progress');
  const bar = new SingleBar({ format: '{bar} {value}/{total} {day}', stream: stderr, hideCursor: true, clearOnComplete: true });
  let started = false;
  return {
    began: ({ source, date, index, count }: EtlProgress) => {
      if (!started) bar.start(count, index - 1, { day: '' });
      started = true;
      bar.setTotal(count);
      bar.update(index - 1, { day: `${source} ${date}` });
    },
    ended: () => bar.increment(),
    close: () => bar.stop(),
  };
}

function lineOf({ source, date, read }: DayResult): string {
  const parts = [`${read.lines} lines`, `${read.rows} rows`, `${read.duplicates} duplicates`, `${read.quarantined} quarantined`];
  return `${source} ${date}: ${parts.join(', ')}`;
}
