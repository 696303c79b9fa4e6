import { SingleBar } from 'cli-progress';
import { Command, Option } from 'commander';
import { loadSettings, type Settings } from '../config.js';
import { ChatlakeError } from '../errors.js';
import type { EtlReport } from '../etl/run.js';
import { openExport } from '../import/open.js';
import { importFile } from '../import/run.js';
import type { ExportFile, ImportChoices } from '../import/types.js';
import { openRawLog, openStore } from '../lake/open.js';
import { SOURCES } from '../sources/registry.js';
import { importText } from './import-text.js';
import { liveMessages } from '../query/live-messages.js';
import type { Io } from './io.js';
import { localEngine } from './local-engine.js';
import { moreRebuilt } from './rebuild-text.js';

interface Flags {
  readonly dryRun?: boolean;
  readonly dateOrder?: 'dmy' | 'mdy' | 'ymd';
  readonly timezone?: string;
  readonly chat?: string;
  readonly me?: string;
  readonly number?: string;
  readonly bot?: readonly string[];
  readonly again?: boolean;
  readonly etl: boolean;
}

/** `chatlake import`: history from exports, through the raw lake like everything else. */
export function importCommand(io: Io): Command {
  return new Command('import')
    .description('take in history: result.json of Telegram Desktop, chat exports of WhatsApp (.txt, .zip)')
    .argument('<files...>', 'exported files')
    .option('--dry-run', 'read the files and tell what they hold; write nothing')
    .addOption(new Option('--date-order <order>', 'order of WhatsApp dates, where the file leaves it open').choices(['dmy', 'mdy', 'ymd']))
    .option('--timezone <zone>', 'zone the phone or computer was in; CHATLAKE_TIMEZONE without it')
    .option('--chat <name>', 'name of the WhatsApp chat, the same for each export of it')
    .option('--me <name>', 'author in the WhatsApp chat whose messages the business sent')
    .option(
      '--number <number>',
      'number of the person the WhatsApp chat is with, with its country code; known where messages of it were received',
    )
    .option('--bot <id...>', 'Telegram user ids of your bots; the one of TELEGRAM_BOT_TOKEN is known')
    .option('--again', 'import a file anew that was imported before')
    .option('--no-etl', 'leave the tables to the next ETL run')
    .action((files: readonly string[], flags: Flags) => run(io, files, flags));
}

async function run(io: Io, files: readonly string[], flags: Flags): Promise<void> {
  const settings = loadSettings(io.env);
  const choices = choicesOf(settings, flags);
  const raw = openStore(settings.raw, settings.s3);
  const rawLog = flags.dryRun ? undefined : openRawLog(settings.raw, { zone: settings.zone, clock: io.clock }, settings.s3);
  let began = io.clock.now();
  const sources = new Set<string>();
  let cut = false;
  const engine = await localEngine(settings);
  try {
    await rawLog?.probe();
    for (const path of files) {
      const opened = await openExport(path);
      try {
        for (const file of opened.exports) {
          const bar = progressOn(io, file);
          const outcome = await importFile({
            file,
            choices,
            into: rawLog && { raw, rawLog, clock: io.clock },
            live: liveMessages(engine),
            again: flags.again === true,
            signal: io.stop,
            onProgress: bar.update,
          }).finally(bar.stop);
          io.stdout.write(importText(outcome, settings.zone, flags.dryRun === true));
          sources.add(outcome.summary.source);
          began = Math.min(began, outcome.began);
          cut ||= outcome.cut !== undefined;
        }
      } finally {
        opened.close();
      }
    }
  } finally {
    await engine.close();
    await rawLog?.close();
  }
  // What an earlier run wrote may not be in the tables yet.
  if (!flags.dryRun && flags.etl) await intoTables(io, settings, sources, settings.zone.dateAt(began / 1000));
  if (cut) throw new ChatlakeError('IMPORT', 'Not every file could be read to its end; see above.');
}

function choicesOf(settings: Settings, { dateOrder, timezone, chat, me, number, bot = [] }: Flags): ImportChoices {
  const own = /^\d+/.exec(settings.telegram.token ?? '')?.[0];
  const bots = [...bot, ...(own === undefined ? [] : [own])];
  for (const id of bots)
    if (!/^\d{1,15}$/.test(id)) throw new ChatlakeError('USAGE', `--bot must be a user id such as 123456789, not "${id}"`);
  return {
    timezone: timezone ?? settings.zone.name,
    dateOrder,
    chat,
    me,
    number: digits(number),
    bots: [...new Set(bots.map(Number))].sort((a, b) => a - b),
  };
}

const digits = (number: string | undefined) => number?.replace(/[+\s().-]/g, '');

/** Runs the ETL over the days on which the lines were written. */
async function intoTables(io: Io, settings: Settings, sources: ReadonlySet<string>, from: string): Promise<void> {
  const { runEtl } = await import('../etl/run.js');
  const report = await runEtl({
    raw: openStore(settings.raw, settings.s3),
    enriched: openStore(settings.enriched, settings.s3),
    zone: settings.zone,
    clock: io.clock,
    sources: SOURCES.filter(({ name }) => sources.has(name)),
    days: { from, to: settings.zone.dateAt(io.clock.now() / 1000) },
    signal: io.stop,
    onWaiting: () => io.stderr.write('chatlake: another ETL run is at work on this lake; waiting for it\n'),
    onMore: (rebuild) => io.stderr.write(`chatlake: ${moreRebuilt(rebuild)}\n`),
  });
  if (io.stop.aborted)
    throw new ChatlakeError('CANCELLED', 'Stopped. The lines are in the raw lake; the next ETL run takes them into the tables.');
  io.stdout.write(tablesText(report));
}

function tablesText({ days, seconds }: EtlReport): string {
  const sum = (of: (day: EtlReport['days'][number]) => number) => days.reduce((total, day) => total + of(day), 0);
  const [rows, duplicates, quarantined] = [
    sum(({ read }) => read.rows),
    sum(({ read }) => read.duplicates),
    sum(({ read }) => read.quarantined),
  ];
  return `Tables: ${rows} new rows, ${duplicates} known already, ${quarantined} in quarantine (${seconds.toFixed(1)} s)\n`;
}

/** Megabytes and the rate at which they are read, on a terminal. */
function progressOn({ stderr }: Io, file: ExportFile) {
  if (!stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: `${file.name.replace(/[^\x20-\x7e]/g, '?')} {bar} {percentage}% {messages} messages, {rate}/s`,
    stream: stderr,
    hideCursor: true,
    clearOnComplete: true,
  });
  const began = performance.now();
  bar.start(file.size, 0, { messages: 0, rate: 0 });
  return {
    update: ({ read, messages }: { readonly read: number; readonly messages: number }) =>
      bar.update(Math.min(read, file.size), { messages, rate: Math.round((messages * 1000) / Math.max(1, performance.now() - began)) }),
    stop: () => bar.stop(),
  };
}
