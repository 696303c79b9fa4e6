import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { LANGUAGES, parseLanguage } from '../analysis/filters.js';
import type { Analysis } from '../analysis/analysis.js';
import type { Language, Period } from '../analysis/types.js';
import { loadSettings } from '../config.js';
import { ChatlakeError, systemCode } from '../errors.js';
import { mirrorOf } from '../lake/mirror.js';
import { derivedFolder, openStore } from '../lake/open.js';
import { markdownReport } from '../report/markdown.js';
import { htmlReport } from '../report/page.js';
import { type PeriodFlags, periodOf } from '../report/period.js';
import type { Report } from '../report/report.js';
import { terminalReport } from '../report/terminal.js';
import type { Io } from './io.js';

const FORMATS = ['text', 'html', 'md', 'json'] as const;
type Format = (typeof FORMATS)[number];

interface Flags extends PeriodFlags {
  readonly format?: Format;
  readonly output?: string;
  readonly lang?: string;
}

/** Minutes within which a first response is in time, as the page has it unless told otherwise. */
const TARGET = 10;
const WIDTH = 80;
const EXTENSIONS: Readonly<Record<string, Format>> = { html: 'html', htm: 'html', md: 'md', markdown: 'md', json: 'json', txt: 'text' };

/** `chatlake report`: the numbers of the dashboard's first page, to read here or to send around. */
export function reportCommand(io: Io): Command {
  return new Command('report')
    .description('what people wrote, asked and were answered, to read here or to send around')
    .option('--period <period>', 'month (the last whole one), today, 7d, 30d, 90d, 12m, all; 30d unless given')
    .option('--from <date>', 'first day, YYYY-MM-DD')
    .option('--to <date>', 'last day; today unless given')
    .addOption(new Option('--format <format>', 'text with bars unless given, or what the name of -o says').choices(FORMATS))
    .option('-o, --output <file>', 'write to a file, which appears complete')
    .option('--lang <language>', `${LANGUAGES.join(', ')}; that of the terminal unless given`)
    .action((flags: Flags) => report(io, flags));
}

async function report(io: Io, flags: Flags): Promise<void> {
  const { enriched, s3, zone } = loadSettings(io.env);
  const now = io.clock.now();
  const asked = periodOf(flags, zone.dateAt(now / 1000));
  if ('wrong' in asked) throw new ChatlakeError('USAGE', asked.wrong);
  const language = flags.lang === undefined ? languageOf(io.env) : parseLanguage(flags.lang);
  const format = flags.format ?? formatOf(flags.output ?? '');
  const { openAnalysis } = await import('../analysis/analysis.js');
  const mirror = mirrorOf(openStore(enriched, s3), s3.cache);
  const analysis = await openAnalysis({ enriched: mirror.store, zone, clock: io.clock, folder: derivedFolder(enriched, s3) });
  try {
    const period = asked.begins ? await sinceFirst(analysis, asked.period) : asked.period;
    const filters = { period };
    // First the questions: the view goes by the groups that are there.
    const questions = await analysis.questions(filters, { language });
    const made: Report = { language, view: await analysis.view(filters, { language, targetMinutes: TARGET }), questions };
    await write(io, written(io, made, format, zone.offsetAt(now / 1000), flags.output !== undefined), flags.output);
  } finally {
    await analysis.close();
    await mirror.close();
  }
}

/** The same period from the first day that the lake holds; its last day alone where that is earlier. */
async function sinceFirst(analysis: Analysis, period: Period): Promise<Period> {
  const [, to = ''] = period.split('..');
  const { range } = await analysis.view({ period: 'all' }, { language: 'en', targetMinutes: TARGET, panels: [] });
  return `${range.from < to ? range.from : to}..${to}`;
}

/** What the name of a file says; text where it says nothing. */
function formatOf(output: string): Format {
  const extension = extname(output).slice(1);
  if (extension === '') return 'text';
  const format = Object.hasOwn(EXTENSIONS, extension.toLowerCase()) ? EXTENSIONS[extension.toLowerCase()] : undefined;
  if (format !== undefined) return format;
  throw new ChatlakeError(
    'USAGE',
    `There is no format for .${extension}: -o takes ${Object.keys(EXTENSIONS).join(', ')}. For another name, say the format with --format.`,
  );
}

function written(io: Io, made: Report, format: Format, offset: number, toFile: boolean): string {
  if (format === 'html') return htmlReport(made, offset);
  if (format === 'md') return markdownReport(made, offset);
  if (format === 'json') return `${JSON.stringify(made, null, 2)}\n`;
  const styled = !toFile && io.stdout.isTTY && (io.env['NO_COLOR'] ?? '') === '';
  return terminalReport(made, { width: toFile ? WIDTH : (io.stdout.columns ?? WIDTH), styled, offset });
}

/** The language a terminal is set to; English where it says none that there is. */
function languageOf(env: Io['env']): Language {
  const set = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '');
  return LANGUAGES.find((language) => language.slice(0, 2) === set?.slice(0, 2).toLowerCase()) ?? 'en';
}

async function write(io: Io, text: string, output: string | undefined): Promise<void> {
  if (output === undefined) {
    // The reader (head, less) may have seen enough.
    return pipeline(Readable.from([text]), io.stdout, { end: false }).catch((error: unknown) => {
      if (systemCode(error) !== 'EPIPE') throw error;
    });
  }
  const file = resolve(output);
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, text, { flush: true });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new ChatlakeError(
      'USAGE',
      `Cannot write ${output} (${systemCode(error) ?? 'failed'}). Give -o a path in a folder that exists and can be written.`,
      { cause: error },
    );
  }
}
