import { expect, it } from 'vitest';
import { rawFolder } from '../../src/lake/layout.js';
import { etl, lay, layBytes, newLake, seconds, textOf } from '../support/lake.js';
import { callback, telegramMessage } from '../support/lake-payloads.js';
import { manifests, rowsOf } from '../support/rows.js';

const SENT = seconds('2024-07-02T15:00:00Z');
const message = (id: number, more: object) => ({ ...telegramMessage({ id, date: SENT, text: `text ${id}` }), ...more });
const poll = { id: 'p', question: 'x' };

const LINES = [
  message(1, {}),
  message(2, { poll }),
  message(3, { poll, edited_message: { message_id: 1 }, poll_answer: null }),
  { ...callback(4), poll },
];

it.each(['quickly', 'line by line'])('keeps what an update has beside its first kind as events, read %s', async (how) => {
  const lake = await newLake();
  if (how === 'quickly') await lay(lake, 'telegram', SENT * 1000, LINES);
  else await layBytes(lake, `${rawFolder('telegram', '2024-07-02')}x.ndjson`, LINES.map((line) => `${textOf(line)}\n`).join(''));
  await etl(lake);
  expect((await rowsOf(lake, 'telegram')).map((row) => row['text'])).toEqual(['text 1', 'text 2', 'text 3']);
  const events = await rowsOf(lake, 'telegram_events');
  expect(events.map((row) => `${String(row['event_id'])} ${String(row['raw_line'])}`).toSorted()).toEqual([
    'callback_query:4 4',
    'edited_message:1003 3',
    'poll:1002 2',
    'poll:1003 3',
    'poll:4 4',
  ]);
  expect(events.filter((row) => row['update_kind'] === 'poll').map((row) => JSON.parse(String(row['payload'])) as unknown)).toEqual([
    poll,
    poll,
    poll,
  ]);
  expect(await manifests(lake)).toMatchObject([{ lines: 4, units: 8, rows: 8, duplicates: 0, quarantined: 0 }]);
});
