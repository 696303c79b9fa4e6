#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { Command, CommanderError } from 'commander';
import type { Io } from './cli/io.js';
import { ChatlakeError, messageOf } from './errors.js';

/** Every command, loaded when it is asked for: receiving does not wait for the SQL engine to load. In the order of the help. */
const COMMANDS: Readonly<Record<string, (io: Io) => Promise<Command>>> = {
  up: async (io) => (await import('./cli/up.js')).upCommand(io),
  init: async (io) => (await import('./cli/init.js')).initCommand(io),
  doctor: async (io) => (await import('./cli/doctor.js')).doctorCommand(io),
  webhook: async (io) => (await import('./cli/webhook.js')).webhookCommand(io),
  serve: async (io) => (await import('./cli/serve.js')).serveCommand(io),
  poll: async (io) => (await import('./cli/poll.js')).pollCommand(io),
  etl: async (io) => (await import('./cli/etl.js')).etlCommand(io),
  import: async (io) => (await import('./cli/import.js')).importCommand(io),
  status: async (io) => (await import('./cli/status.js')).statusCommand(io),
  query: async (io) => (await import('./cli/query.js')).queryCommand(io),
  report: async (io) => (await import('./cli/report.js')).reportCommand(io),
  register: async (io) => (await import('./cli/register.js')).registerCommand(io),
  ddl: async (io) => (await import('./cli/ddl.js')).ddlCommand(io),
};

const VERSION = ['-V', '--version'];
/** What a shell reports of a process that a signal ended. */
const INTERRUPTED = 130;
const TERMINATED = 143;
/** A setting that an editor or a hand cut off: reading on, it would take the next line for its value. */
const CUT_SETTING = /^\s*(?:export\s+)?(?:CHATLAKE|TELEGRAM|WHATSAPP|AWS)_\w*\s*$/;

async function main(args: readonly string[]): Promise<void> {
  readEnvFile('.env');
  // Which Node the next version of the AWS SDK wants is no news for who runs this one.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const stop = new AbortController();
  let stopped: number | undefined;
  const end = (code: number) => {
    stopped ??= code;
    stop.abort();
  };
  process.on('SIGINT', () => (stopped === undefined ? end(INTERRUPTED) : process.exit(INTERRUPTED)));
  process.on('SIGTERM', () => end(TERMINATED));
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough (`| head`) is not an error.
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`chatlake: the output cannot be written (${error.code ?? messageOf(error)})\n`);
    process.exit(1);
  });

  const io: Io = {
    env: process.env,
    clock: { now: () => Date.now() },
    fetch: globalThis.fetch,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    stop: stop.signal,
    setExitCode: (code) => (process.exitCode = code),
  };
  try {
    const program = await programFor(io, args);
    if (args.length === 0) program.help();
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = report(error, stopped);
  }
}

/** The program with the command that `args` name, or with all of them when they name none (help, a slip of the pen). */
async function programFor(io: Io, args: readonly string[]): Promise<Command> {
  const { version, description } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<string, string>;
  const program = new Command('chatlake').description(description ?? '').version(version ?? '', VERSION.join(', '));
  program.showHelpAfterError('(chatlake --help lists the commands)');
  const named = args[0] === undefined ? undefined : COMMANDS[args[0]];
  const wanted = named ? [named] : VERSION.includes(args[0] ?? '') ? [] : Object.values(COMMANDS);
  for (const load of wanted) program.addCommand(await load(io));
  for (const command of withAll(program)) command.exitOverride();
  return program;
}

const withAll = (command: Command): Command[] => [command, ...command.commands.flatMap(withAll)];

/** Says what went wrong; the exit code that goes with it, `stopped` where the command only broke off. A bug keeps its stack. */
function report(error: unknown, stopped: number | undefined): number {
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof ChatlakeError)) {
    if (stopped && error instanceof Error && error.name === 'AbortError') return stopped;
    process.stderr.write(`${error instanceof Error ? (error.stack ?? messageOf(error)) : String(error)}\n`);
    return 1;
  }
  process.stderr.write(`chatlake: ${error.message}\n`);
  if (stopped && error.code === 'CANCELLED') return stopped;
  return error.code === 'USAGE' || error.code === 'SETTINGS' ? 2 : 1;
}

/** Adds what `.env` in the current folder says to the environment, which wins where both speak. */
function readEnvFile(path: string): void {
  if (!existsSync(path)) return;
  try {
    // Some editors put a mark in front, which would become part of the first name.
    const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    const cut = text.split('\n').findIndex((line) => CUT_SETTING.test(line));
    if (cut >= 0) throw new Error(`line ${cut + 1} has no "="`);
    for (const [name, value] of Object.entries(parseEnv(text))) process.env[name] ??= value;
  } catch (error) {
    process.stderr.write(`chatlake: ${path} cannot be read (${messageOf(error)}): mend it, or remove it\n`);
    process.exit(2);
  }
}

await main(process.argv.slice(2));
