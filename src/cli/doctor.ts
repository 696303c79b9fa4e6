import { Command } from 'commander';
import { type SeenChats, seenChats } from '../checks/chats.js';
import { diagnose } from '../checks/diagnose.js';
import type { Finding } from '../checks/finding.js';
import { printable } from '../checks/printable.js';
import { loadSettings } from '../config.js';
import { ChatlakeError } from '../errors.js';
import { openStore } from '../lake/open.js';
import { spaceAt } from '../server/space.js';
import type { Store } from '../types.js';
import type { Io } from './io.js';

export function doctorCommand(io: Io): Command {
  return new Command('doctor')
    .description('tell what is misconfigured and how to mend it; exit code 1 when something fails')
    .option('--json', 'print one JSON object')
    .option('--aws [name]', 'look at what deploy/ deployed, instead of at this machine')
    .action(async ({ json, aws }: { json?: boolean; aws?: boolean | string }) => {
      const findings: Finding[] = [];
      const open = (place: string) => openStore(place, loadSettings(io.env).s3);
      for await (const finding of aws === undefined ? here(io, open) : deployed(io, open, aws)) {
        findings.push(finding);
        if (!json) io.stdout.write(lineOf(finding));
      }
      const seen = aws === undefined ? await chatsOf(io) : undefined;
      if (json)
        io.stdout.write(
          `${JSON.stringify({ findings: findings.map(({ level, subject, message, mend }) => ({ level, subject, message, mend })), chats: seen?.chats ?? [], chats_complete: seen?.complete ?? true }, null, 2)}\n`,
        );
      else {
        io.stdout.write(seen ? listing(seen) : '');
        io.stdout.write(summary(findings));
      }
      if (findings.some((finding) => finding.level === 'fail')) io.setExitCode(1);
    });
}

type Open = (place: string) => Store;

const here = ({ env, clock, fetch }: Io, open: Open) => diagnose({ env, clock, fetch, openStore: open, spaceAt });

/** Loaded only when asked for: it brings six AWS clients with it. */
async function* deployed({ clock }: Io, open: Open, name: boolean | string): AsyncGenerator<Finding> {
  const { diagnoseAws } = await import('../checks/aws.js');
  yield* diagnoseAws({ name: typeof name === 'string' ? name : 'chatlake', clock, openStore: open });
}

/** Undefined when the settings or the raw lake cannot be read; a finding says so already. */
async function chatsOf(io: Io): Promise<SeenChats | undefined> {
  try {
    const { raw, s3 } = loadSettings(io.env);
    return await seenChats(openStore(raw, s3));
  } catch (error) {
    if (error instanceof ChatlakeError) return undefined;
    throw error;
  }
}

function lineOf({ level, subject, message, mend }: Finding): string {
  const line = `${level.padEnd(5)}${subject}: ${message}\n`;
  return mend === undefined ? line : `${line}     -> ${mend}\n`;
}

function listing({ chats, complete }: SeenChats): string {
  if (chats.length === 0) return '\nNo Telegram chat is in the raw lake yet.\n';
  const rows = chats.map(({ id, type, title, messages, movedTo }) => {
    const moved = movedTo === undefined ? '' : `  (now ${movedTo})`;
    return `  ${String(id).padEnd(16)} ${type.padEnd(10)} ${String(messages).padStart(8)}  ${printable(title)}${moved}`;
  });
  const partly = complete ? '' : ', in the newest files';
  return `\nChats in the raw lake${partly} (id for TELEGRAM_CHAT_ID, type, messages, title):\n${rows.join('\n')}\n`;
}

function summary(findings: readonly Finding[]): string {
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  return `\n${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} to mend\n`;
}
