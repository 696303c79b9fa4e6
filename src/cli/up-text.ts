import { printable } from '../checks/printable.js';
import type { Settings } from '../config.js';
import { busiestHour, type Summary } from '../server/summary.js';

/** How this program is called where it was started from: published or a checkout. */
export const self = (moduleUrl: string): string => (moduleUrl.includes('/node_modules/') ? 'npx chatlake' : 'node dist/cli.js');

/** Says that what follows is a demonstration. */
export function demoBox(command: string): string {
  return boxed([
    'This is a DEMONSTRATION: no channel is set up yet.',
    '',
    'A group and a support number are simulated. Every message is invented',
    'and goes through the real webhooks into a lake of its own, data/demo.',
    '',
    `To use your own:  ${command} init`,
  ]);
}

function boxed(lines: readonly string[]): string {
  const width = Math.max(...lines.map((line) => line.length));
  const edge = `+${'-'.repeat(width + 4)}+`;
  return [edge, ...lines.map((line) => `|  ${line.padEnd(width)}  |`), edge].join('\n');
}

/** The first answers, as one reads them. Names are other people's text: what a terminal would obey is taken out. */
export function firstAnswers(summary: Summary): string[] {
  const total = summary.channels.reduce((sum, { messages }) => sum + messages, 0);
  if (total === 0) return ['No messages yet: write something in the group, or to the number.'];
  const hour = busiestHour(summary);
  const inDays = summary.hours.reduce((sum, messages) => sum + messages, 0);
  const share = hour === undefined ? 0 : Math.round((100 * (summary.hours[hour] ?? 0)) / inDays);
  const people = summary.people.slice(0, 3).map(({ name, messages }) => `${printable(name ?? 'no name', 40)} (${number(messages)})`);
  return [
    `${count(total, 'message', 'messages')}: ${summary.channels.map(byChannel).join(', ')}.`,
    ...(hour === undefined ? [] : [`People write most around ${hour}:00 (${share} % of the messages, ${summary.timezone}).`]),
    ...(people.length === 0 ? [] : [`Most active: ${people.join(', ')}.`]),
  ];
}

/** Said when the first answers are of the newest days only. */
export const stillToCome = (days: number): string =>
  `So far: ${count(days, 'older day is', 'older days are')} being processed, and the page fills up meanwhile.`;

/** Where to go from here. */
export function whereToLook(url: string, command: string, settings: Settings, demo: boolean): string[] {
  const lake = demo ? `CHATLAKE_ENRICHED=${settings.enriched} ` : '';
  return [
    `Page:      ${url}`,
    `Ask more:  ${lake}${command} query "SELECT kind, count(*) FROM messages GROUP BY 1 ORDER BY 2 DESC"`,
    demo ? 'New messages arrive every few seconds. Ctrl-C stops; the next start goes on from there.' : 'Ctrl-C stops.',
  ];
}

const byChannel = ({ channel, messages, people }: Summary['channels'][number]): string =>
  `${number(messages)} on ${channel} by ${count(people, 'person', 'people')}`;
const count = (value: number, one: string, many: string): string => `${number(value)} ${value === 1 ? one : many}`;
const number = (value: number): string => new Intl.NumberFormat('en').format(value);
