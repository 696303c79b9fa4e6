import { printable } from '../checks/printable.js';
import type { ImportOutcome } from '../import/run.js';
import { noteText } from './import-notes.js';
import type { Zone } from '../zone.js';

const SHOWN_CHATS = 20;

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** What an export holds and what was done with it, for a terminal. */
export function importText({ summary, written, before, cut }: ImportOutcome, zone: Zone, dryRun: boolean): string {
  const line = (text: string) => printable(text, 400);
  const day = (seconds: number | null) => (seconds === null ? 'no date' : zone.dateAt(seconds));
  const namesakes = (one: string) => summary.chats.filter(({ name }) => name === one).length > 1;
  const chats = summary.chats
    .slice(0, SHOWN_CHATS)
    .map(
      ({ id, name, messages, people, first, last }) =>
        `  ${line(name)}${id !== null && namesakes(name) ? ` (${id})` : ''}: ${counted(messages, 'message')}, ${counted(people, 'person', 'people')}, ${day(first)} to ${day(last)}`,
    );
  const kinds = Object.entries(summary.kinds).map(([kind, count]) => `${count} ${line(kind)}`);
  const sample = summary.sample.map(
    ({ date, author, text }) =>
      `  ${date === undefined ? '-' : new Date((date + zone.offsetAt(date)) * 1000).toISOString().slice(0, 16).replace('T', ' ')} ${line(author ?? '-')}: ${line(text ?? '')}`,
  );
  const lines = [
    `${line(summary.file)}: ${summary.source}, ${counted(summary.messages, 'message')} in ${counted(summary.chats.length, 'chat')} by ${counted(summary.people, 'person', 'people')}`,
    ...chats,
    ...(summary.chats.length > SHOWN_CHATS ? [`  and ${summary.chats.length - SHOWN_CHATS} more`] : []),
    ...summary.notes.map((note) => `  ${line(noteText(note))}`),
    `  ${kinds.length > 0 ? kinds.join(', ') : 'no messages'}${summary.others > 0 ? `; ${summary.others} counts of reactions` : ''}`,
    ...(summary.rejected > 0
      ? [
          `  ${summary.rejected} cannot be read, and go to the quarantine:`,
          ...Object.entries(summary.reasons).map(([reason, count]) => `    ${count} ${line(reason)}`),
        ]
      : []),
    ...(sample.length > 0 ? ['For example:', ...sample] : []),
    ...(cut === undefined ? [] : [line(cut.message)]),
    dryRun
      ? 'Nothing was written (--dry-run).'
      : `${counted(written, 'line')} written${before > 0 ? `; ${before} were there from an earlier run of this file (--again writes them anew)` : ''}.`,
  ];
  return `${lines.join('\n')}\n`;
}
