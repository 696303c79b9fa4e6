import { rm } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { openAnalysis } from '../../src/analysis/analysis.js';
import type { AnalysisView } from '../../src/analysis/types.js';
import { fileStore } from '../../src/lake/file.js';
import { duckdbEngine } from '../../src/query/duckdb.js';
import { ask } from '../query/lake.js';
import { addRow, newRoot, type Row, type Rows, writeLake, ZONE } from './lake.js';

const START = ZONE.startOf('2024-06-03') + 12 * 3600;
/** Users that Telegram makes up beside the chat in whose name a message is. */
const ANONYMOUS = { user_id: 1087968824, user_is_bot: true, user_first_name: 'Group', user_username: 'GroupAnonymousBot' };
const CHANNEL = { user_id: 136817688, user_is_bot: true, user_first_name: 'Channel', user_username: 'Channel_Bot' };
const FORWARDED = { user_id: 777000, user_is_bot: false, user_first_name: 'Telegram' };
const GROUPS = [
  { chat_id: -100, chat_type: 'supergroup', chat_title: 'Orders' },
  { chat_id: -200, chat_type: 'supergroup', chat_title: 'Support' },
] as const;

let root: string;
afterEach(() => rm(root, { recursive: true, force: true }));

it('who writes in the name of a chat is that chat, not the bot that Telegram puts in its place', async () => {
  const messages: readonly Row[] = [
    { ...GROUPS[0], user_id: 1, user_first_name: 'Ana', text: 'how does it work?' },
    { ...GROUPS[0], ...ANONYMOUS, sender_chat_id: -100, sender_chat_title: 'Orders', text: 'like this' },
    { ...GROUPS[1], ...ANONYMOUS, sender_chat_id: -200, sender_chat_title: 'Support', text: 'welcome' },
    { ...GROUPS[1], ...CHANNEL, sender_chat_id: -300, sender_chat_title: 'News', text: 'hello' },
    { ...GROUPS[1], ...FORWARDED, sender_chat_id: -300, sender_chat_title: 'News', text: 'a post' },
    { ...GROUPS[1], user_id: 9, user_is_bot: true, user_first_name: 'Helper', text: 'I am a bot' },
  ];
  const rows: Rows = new Map();
  for (const [at, message] of messages.entries())
    addRow(rows, ZONE, 'telegram', {
      message_id: at + 1,
      user_is_bot: false,
      data_type: 'text',
      direction: 'in',
      date: START + at * 60,
      ...message,
    });
  root = await newRoot();
  await writeLake(root, rows);

  const engine = await duckdbEngine({ root, threads: 2 });
  const authors = await ask(engine, 'SELECT author_id, author_name, is_bot FROM messages ORDER BY sent_at');
  expect(authors).toEqual([
    ['1', 'Ana', false],
    ['-100', 'Orders', false],
    ['-200', 'Support', false],
    ['-300', 'News', false],
    ['-300', 'News', false],
    ['9', 'Helper', true],
  ]);
  const analysis = await openAnalysis({ enriched: fileStore(root), zone: ZONE, clock: { now: () => (START + 86_400) * 1000 } });
  await analysis.refresh();
  const view: AnalysisView = await analysis.view({ period: 'all' }, { language: 'en', targetMinutes: 10 });
  const panel = (id: string) => view.panels.find((one) => one.id === id);
  for (const id of ['people', 'responders']) {
    const found = panel(id);
    expect((await ask(engine, found?.sql ?? '')).map((row) => row.map(plain))).toEqual(found?.rows);
  }
  expect(panel('people')?.rows.map(([key, name]) => [key, name])).toEqual([
    ['telegram:-300', 'News'],
    ['telegram:-100', 'Orders'],
    ['telegram:-200', 'Support'],
    ['telegram:1', 'Ana'],
  ]);
  expect(panel('responders')?.rows[0]?.slice(0, 2)).toEqual(['telegram:-100', 'Orders']);
  await analysis.close();
  await engine.close();
});

const plain = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
