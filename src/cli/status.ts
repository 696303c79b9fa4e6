import Table from 'cli-table3';
import { Command } from 'commander';
import { loadSettings } from '../config.js';
import { ChatlakeError } from '../errors.js';
import type { DayAudit } from '../etl/audit.js';
import { type LakeFile, readLakeFile } from '../etl/lakefile.js';
import { tallyOf } from '../etl/manifest.js';
import { mirrorOf } from '../lake/mirror.js';
import { openStore } from '../lake/open.js';
import { SOURCES } from '../sources/registry.js';
import type { Zone } from '../zone.js';
import type { Io } from './io.js';
import { rebuilt } from './rebuild-text.js';

/** Strange files named, at most: an older pipeline may have left one a day. */
const MOST = 20;

/** `chatlake status`: what each day's raw lines became, counted in the lake as it is now. */
export function statusCommand(io: Io): Command {
  return new Command('status')
    .description('per source and day: raw lines, rows, duplicates, quarantined, late, last arrival; exit code 1 when a day does not add up')
    .option('--json', 'as JSON')
    .action((flags: { json?: boolean }) => status(io, flags));
}

async function status(io: Io, flags: { json?: boolean }): Promise<void> {
  const settings = loadSettings(io.env);
  const { zone } = settings;
  const { audit, strangers } = await import('../etl/audit.js');
  const { openSession } = await import('../etl/session.js');
  const session = await openSession({ memoryLimit: '512MB' });
  const enriched = openStore(settings.enriched, settings.s3);
  const mirror = mirrorOf(enriched, settings.s3.cache);
  try {
    const days = await audit(session, openStore(settings.raw, settings.s3), mirror.store, SOURCES);
    io.stdout.write(flags.json ? `${JSON.stringify(days.map(plain))}\n` : text(days, zone));
    const wrong = complaints(days, await strangers(enriched, SOURCES), zone, await readLakeFile(enriched));
    if (wrong !== '') throw new ChatlakeError('DOES_NOT_ADD_UP', wrong);
  } finally {
    session.close();
    await mirror.close();
  }
}

/** What is wrong with the lake, and what mends it; empty when all is well. */
function complaints(days: readonly DayAudit[], strange: readonly string[], zone: Zone, lake: LakeFile | undefined): string {
  const told = (what: string, lines: readonly string[]) => (lines.length === 0 ? [] : [[what, ...lines].join('\n  ')]);
  return [
    ...(lake === undefined || lake.timezone === zone.name
      ? []
      : [
          `The tables were built in ${lake.timezone}. Set CHATLAKE_TIMEZONE back to it, or cut every day anew with: chatlake etl --rebuild`,
        ]),
    ...(lake?.rebuilding === undefined
      ? []
      : [
          `A rebuild of ${rebuilt(lake.rebuilding)} has begun and not ended; the tables may lack rows until the next chatlake etl ends it.`,
        ]),
    ...told(
      'These days do not add up; chatlake etl --rebuild reads them again from raw:',
      days.flatMap(({ source, date, faults }) => (faults.length === 0 ? [] : [`${source} ${date}: ${faults.join('; ')}`])),
    ),
    ...told(
      'Nobody reads these raw files; unpack them into .ndjson, .jsonl or .json beside them, then move them out of the lake:',
      days.flatMap(({ foreign }) => foreign),
    ),
    ...told(
      'chatlake did not write these files, but Athena, Trino and other readers of the tables count their rows too; move them out of the lake:',
      strange.length > MOST ? [...strange.slice(0, MOST), `and ${strange.length - MOST} more`] : strange,
    ),
  ].join('\n');
}

/** A day as JSON: the manifest's sums beside what was counted. */
function plain({ source, date, manifest, rows, quarantined, unread, foreign, faults }: DayAudit) {
  return {
    source,
    date,
    ...tallyOf(manifest),
    rows,
    quarantined,
    last_received_at: manifest?.last_received_at ?? null,
    unread_files: unread,
    foreign_files: foreign,
    adds_up: faults.length === 0,
    faults,
  };
}

function text(days: readonly DayAudit[], zone: Zone): string {
  if (days.length === 0) return 'No raw lines yet.\n';
  const table = new Table({
    head: ['source', 'day', 'lines', 'units', 'rows', 'duplicates', 'quarantined', 'late', 'last arrival', ''],
    style: { head: [], border: [] },
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right', 'left', 'left'],
  });
  for (const day of days.map(plain)) {
    const last = day.last_received_at === null ? '' : clockTime(day.last_received_at, zone);
    const note = [
      day.adds_up ? '' : 'does not add up',
      day.unread_files > 0 ? `${day.unread_files} files unread` : '',
      day.foreign_files.length > 0 ? `${day.foreign_files.length} files that nobody reads` : '',
    ]
      .filter(Boolean)
      .join(', ');
    table.push([day.source, day.date, day.lines, day.units, day.rows, day.duplicates, day.quarantined, day.late, last, note]);
  }
  return `${table.toString()}\nunits = rows + duplicates + quarantined; days of arrival, in the time zone set then; times in ${zone.name}\n`;
}

/** `YYYY-MM-DD HH:MM:SS` in the zone. */
function clockTime(epochMs: number, zone: Zone): string {
  const local = epochMs + zone.offsetAt(epochMs / 1000) * 1000;
  return new Date(local).toISOString().slice(0, 19).replace('T', ' ');
}
