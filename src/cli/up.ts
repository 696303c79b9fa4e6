import { Command } from 'commander';
import { loadSettings, type Settings } from '../config.js';
import { DEMO_FOLDER, type Demo, openDemo } from '../demo/demo.js';
import { ChatlakeError, messageOf, systemCode } from '../errors.js';
import { arrivalDays } from '../etl/plan.js';
import { isHidden } from '../lake/layout.js';
import { isRemote, openStore } from '../lake/open.js';
import type { RunningServer } from '../server/node.js';
import { openStack, type Stack } from '../server/stack.js';
import { SOURCES } from '../sources/registry.js';
import { botApi } from '../sources/telegram/client.js';
import { webhookHost } from '../sources/telegram/webhook.js';
import type { Logger } from '../types.js';
import { addDays, type Zone } from '../zone.js';
import type { Io } from './io.js';
import { plainLogger } from './log.js';
import { runPoller } from './poll.js';
import { sideBySide, type SideBySide } from './side-by-side.js';
import { demoBox, firstAnswers, self, stillToCome, whereToLook } from './up-text.js';

const COMMAND = self(import.meta.url);
/** Days before today that are made into tables before the first answers; older ones follow in the background. */
const RECENT = 2;
/** Ports tried after the default one, when it was not asked for by name. */
const MORE_PORTS = 20;

/** `chatlake up`: everything in one process, until it is told to stop. */
export function upCommand(io: Io): Command {
  return new Command('up')
    .description('receive, process and show, all in one process; a demonstration where there is neither a channel nor a lake')
    .option('--demo-days <days>', 'days of history a new demonstration begins with, 1 to 365', days, 30)
    .action(({ demoDays }: { demoDays: number }) => up(io, demoDays));
}

function days(given: string): number {
  const count = Number(given);
  if (Number.isInteger(count) && count >= 1 && count <= 365) return count;
  throw new ChatlakeError('USAGE', `--demo-days must be a whole number from 1 to 365, not "${given}"`);
}

async function up(io: Io, demoDays: number): Promise<void> {
  const settings = loadSettings(io.env);
  const { zone } = settings;
  if (hasChannel(settings) || (await hasLake(settings))) return run(io, settings, zone, undefined);
  const demo = await openDemo(settings, { folder: DEMO_FOLDER, days: demoDays, clock: io.clock });
  try {
    await run(io, demo.settings, zone, demo);
  } finally {
    demo.close();
  }
}

/** Whether a channel is on. Throws SETTINGS when one was begun and lacks its secret. */
function hasChannel({ telegram, whatsapp, proxy }: Settings): boolean {
  if (proxy === 'any') return true;
  if (
    telegram.token !== undefined ||
    telegram.webhookSecret !== undefined ||
    whatsapp.appSecret !== undefined ||
    whatsapp.token !== undefined
  )
    return true;
  if (telegram.chatIds.length > 0) {
    throw new ChatlakeError(
      'SETTINGS',
      'TELEGRAM_CHAT_ID is set, but neither TELEGRAM_BOT_TOKEN nor TELEGRAM_WEBHOOK_SECRET is: set one of them',
    );
  }
  if (whatsapp.verifyToken !== undefined || whatsapp.phoneNumberIds.length > 0) {
    throw new ChatlakeError('SETTINGS', 'WhatsApp is set up in part: set WHATSAPP_APP_SECRET too, without it no delivery can be trusted');
  }
  return false;
}

/** Whether there is a lake to show: in a bucket, which nobody names by chance, or in a folder, where it has folders of its own, such as what was imported. */
async function hasLake({ raw, enriched, s3 }: Settings): Promise<boolean> {
  for (const place of [raw, enriched]) {
    if (isRemote(place) || (await openStore(place, s3).children('')).some((name) => name.endsWith('/') && !isHidden(name))) return true;
  }
  return false;
}

/** What the parts of a run share. */
interface Run {
  readonly io: Io;
  readonly settings: Settings;
  readonly zone: Zone;
  readonly demo: Demo | undefined;
  readonly logger: Logger;
  readonly parts: SideBySide;
  readonly say: (line: string) => void;
}

async function run(io: Io, settings: Settings, zone: Zone, demo: Demo | undefined): Promise<void> {
  const say = (line: string) => void io.stdout.write(`${line}\n`);
  const logger = plainLogger(io.stderr);
  const parts = sideBySide(io.stop);
  const { signal } = parts;
  if (demo) say(`${demoBox(COMMAND)}\n`);
  const stack = await openStack({
    settings,
    zone,
    clock: io.clock,
    demo: demo !== undefined,
    ...(demo && { receiving: demo }),
    logger,
    signal,
  });
  const server = await listen(io, settings, stack, say);
  say(`Page: ${addressOf(settings, server)}`);
  parts.add(work({ io, settings, zone, demo, logger, parts, say }, stack, addressOf(settings, server)));
  await parts.stopped();
  say('Stopping: finishing what is under way.');
  await server.close();
  const failures = await parts.ended();
  await stack.close();
  if (failures.length > 0) throw failures[0];
  say('Stopped.');
}

/** Brings in what there is, shows the first answers, and leaves the parts running that go on from there. */
async function work(run: Run, stack: Stack, url: string): Promise<void> {
  const { settings, zone, demo, parts, say } = run;
  const { signal } = parts;
  const play = await demo?.play(url, zone, signal);
  if (play) {
    say('Sending the history ...');
    const sent = await play.history();
    say(`${sent} webhook calls sent; making tables of them, the newest days first ...`);
  } else if (await mayPoll(run)) {
    parts.add(poll(run, stack));
  } else if (!stack.receives) {
    say(`No channel is set up: nothing new is received here. To set one up: ${COMMAND} init`);
  }
  await catchUp(stack, run);
  if (signal.aborted) return;
  const more = await daysWaiting(stack, run);
  const lines = [
    ...firstAnswers(await stack.answers.summary()),
    ...(more > 0 ? [stillToCome(more)] : []),
    '',
    ...whereToLook(url, COMMAND, settings, demo !== undefined),
  ];
  say(`\n${lines.join('\n')}\n`);
  parts.add(stack.etl.loop());
  if (stack.media) parts.add(stack.media.loop(signal));
  if (play) parts.add(play.live());
}

/** The first run of the ETL. A lake that cannot be read now is tried again later; one of other settings ends the process. */
async function catchUp({ etl }: Stack, { io, settings, zone, logger, parts: { signal } }: Run): Promise<void> {
  const today = zone.dateAt(io.clock.now() / 1000);
  try {
    await etl.once(settings.refresh > 0 ? { from: addDays(today, -RECENT), to: today } : 'closed');
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof ChatlakeError) || error.code !== 'LAKE_UNAVAILABLE') throw error;
    logger.error({ error: messageOf(error) }, 'the ETL could not run; it will be tried again');
  }
}

/** Closed days of which no table has been made yet. */
async function daysWaiting({ raw, answers }: Stack, { io, zone }: Run): Promise<number> {
  const today = zone.dateAt(io.clock.now() / 1000);
  const done = new Set((await answers.status()).map(({ source, date }) => `${source} ${date}`));
  const dates = new Set<string>();
  for (const { name } of SOURCES) {
    for (const date of await arrivalDays(raw, name)) if (date < today && !done.has(`${name} ${date}`)) dates.add(date);
  }
  return dates.size;
}

/** Telegram delivers to a webhook or is polled, never both: a webhook that is set is left alone, and said. */
async function mayPoll({ io, settings, parts, say }: Run): Promise<boolean> {
  const { token, apiUrl } = settings.telegram;
  if (token === undefined) return false;
  try {
    const { url } = await botApi({ token, apiUrl, fetch: io.fetch }).getWebhookInfo({ signal: parts.signal });
    say(
      url === ''
        ? 'Telegram: polling.'
        : `Telegram: updates go to the webhook at ${webhookHost(url)}, so there is no polling. To poll instead: ${COMMAND} webhook delete`,
    );
    return url === '';
  } catch (error) {
    if (parts.signal.aborted) return false;
    if (!(error instanceof ChatlakeError) || error.code !== 'NETWORK') throw error;
    say('Telegram: cannot be reached now; polling begins when it can.');
    return true;
  }
}

/** Polls until the end. While webhooks are open as well, they go on without it. */
async function poll({ io, settings, logger, parts }: Run, { rawLog, raw, receives, metrics }: Stack): Promise<void> {
  const tally = metrics.tally('telegram');
  try {
    await runPoller({
      settings,
      log: rawLog,
      rawStore: raw,
      fetch: io.fetch,
      clock: io.clock,
      signal: parts.signal,
      onReceived: (updates) => {
        tally.received += updates;
        tally.lastReceived = io.clock.now();
      },
      onFiltered: (updates) => void (tally.filtered += updates),
      onError: (error, retryInMs) => logger.warn({ retryInSeconds: Math.ceil(retryInMs / 1000) }, messageOf(error)),
    });
  } catch (error) {
    if (!receives || !(error instanceof ChatlakeError)) throw error;
    logger.error({}, `polling stopped: ${error.message}`);
  }
}

/** Listens where the settings say; on the next free port when 8080 is taken and nobody asked for it. */
async function listen(io: Io, settings: Settings, stack: Stack, say: (line: string) => void): Promise<RunningServer> {
  const asked = (io.env['CHATLAKE_PORT'] ?? '').trim() !== '';
  for (let port = settings.port; ; port += 1) {
    try {
      return await stack.listen(port);
    } catch (error) {
      const taken = error instanceof Error && systemCode(error.cause) === 'EADDRINUSE';
      if (asked || !taken || port >= settings.port + MORE_PORTS) throw error;
      say(`Port ${port} is taken: trying ${port + 1}.`);
    }
  }
}

function addressOf({ host }: Settings, { port }: RunningServer): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
