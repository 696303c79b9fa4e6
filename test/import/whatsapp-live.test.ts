import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { noteText } from '../../src/cli/import-notes.js';
import { duckdbEngine } from '../../src/query/duckdb.js';
import { liveMessages } from '../../src/query/live-messages.js';
import { plainSql, plainText } from '../../src/sources/whatsapp/twins.js';
import { literal } from '../../src/sources/shape.js';
import { etl, lay, newLake, sameRaw, seconds, type TestLake } from '../support/lake.js';
import { contact, metadata, whatsappBody, whatsappChange, whatsappMessage } from '../support/lake-payloads.js';
import { everything, manifests, rowsOf } from '../support/rows.js';
import { exported, importInto, importText } from './importing.js';

const ANA = '5511999990000';
const BRUNO = '5511888880000';
const LIVE = Date.parse('2024-07-02T15:00:05Z');
const at = (time: string) => seconds(`2024-07-02T${time}Z`);

const received = (id: string, from: string, date: number, text: string) =>
  whatsappBody({ contacts: [contact(from, 'Ana S.')], messages: [whatsappMessage({ id, from, date, text })] });
const echoed = (id: string, to: string, date: number, text: string) =>
  whatsappChange('smb_message_echoes', {
    messaging_product: 'whatsapp',
    metadata: metadata(),
    message_echoes: [{ from: '15550783881', to, id, timestamp: String(date), type: 'text', text: { body: text } }],
  });

/** Android's export of the chat with Ana, as the phone of the business wrote it. */
const CHAT = [
  '02/07/2024 11:58 - Ana: before the number was connected',
  '02/07/2024 12:00 - Ana: good morning,',
  'are  you open?',
  '02/07/2024 12:00 - Shop: we are',
  '02/07/2024 12:01 - Ana: ok',
  '02/07/2024 12:01 - Ana: ok',
  '02/07/2024 12:01 - Ana: ok',
  '02/07/2024 12:02 - Ana: <Media omitted>',
].join('\n');
const NAME = 'WhatsApp Chat with Ana.txt';
const DELIVERED = [
  received('w1', ANA, at('12:00:10'), 'good morning,\nare you open?'),
  echoed('w2', ANA, at('12:00:40'), 'we are'),
  received('w3', ANA, at('12:01:01'), 'ok'),
  received('w4', ANA, at('12:01:59'), 'ok'),
  whatsappBody({
    contacts: [contact(ANA, 'Ana S.')],
    messages: [{ from: ANA, id: 'w5', timestamp: String(at('12:02:30')), type: 'image', image: { id: 'm1', mime_type: 'image/jpeg' } }],
  }),
  // The same words from somebody else, in the same minute.
  received('w6', BRUNO, at('11:58:10'), 'before the number was connected'),
];

const shown = async (lake: TestLake) =>
  (await rowsOf(lake, 'whatsapp', '"date", message_id')).map((row) => [
    row['message'] ?? row['type'],
    row['direction'],
    row['number'],
    row['imported_from'] === null ? 'live' : 'imported',
  ]);

async function sums(lake: TestLake) {
  const all = await manifests(lake);
  for (const { units, rows, duplicates, quarantined } of all) expect(units).toBe(rows + duplicates + quarantined);
  const sum = (of: (manifest: (typeof all)[number]) => number) => all.reduce((total, manifest) => total + of(manifest), 0);
  return { rows: sum(({ rows }) => rows), duplicates: sum(({ duplicates }) => duplicates) };
}

const EXPECTED = [
  ['before the number was connected', 'in', Number(ANA), 'imported'],
  ['before the number was connected', 'in', Number(BRUNO), 'live'],
  ['good morning,\nare you open?', 'in', Number(ANA), 'live'],
  ['we are', 'out', Number(ANA), 'live'],
  ['ok', 'in', Number(ANA), 'imported'],
  ['ok', 'in', Number(ANA), 'live'],
  ['ok', 'in', Number(ANA), 'live'],
  ['image', 'in', Number(ANA), 'live'],
];

it(
  'doubles nothing of a WhatsApp chat that was received live and loses nothing, in any order and grouping of runs',
  { timeout: 240_000 },
  async () => {
    const bring = (lake: TestLake) => importText(lake, NAME, CHAT, { number: ANA });
    const deliver = (part: readonly object[], later: number) => (lake: TestLake) => lay(lake, 'whatsapp', LIVE + later, part);
    const [first, second] = [deliver(DELIVERED.slice(0, 3), 0), deliver(DELIVERED.slice(3), 60_000)];
    for (const order of [
      [bring, first, second],
      [first, second, bring],
      [first, bring, second],
    ]) {
      const lake = await newLake();
      for (const step of order) {
        await step(lake);
        await etl(lake);
      }
      expect(await shown(lake)).toEqual(EXPECTED);
      expect(await rowsOf(lake, 'whatsapp_events')).toEqual([]);
      expect(await sums(lake)).toEqual({ rows: 8, duplicates: 5 });
      await etl(lake);
      expect(await sums(lake)).toEqual({ rows: 8, duplicates: 5 });
      const together = await sameRaw(lake);
      await etl(together);
      expect(await everything(together)).toEqual(await everything(lake));
    }
  },
);

it('knows an imported message that was left out when the export comes again, whole or longer', async () => {
  const lake = await newLake();
  await lay(lake, 'whatsapp', LIVE, DELIVERED);
  await importText(lake, NAME, CHAT, { number: ANA });
  await etl(lake);
  await importText(lake, NAME, `${CHAT}\n02/07/2024 18:00 - Ana: later`, { number: ANA });
  await etl(lake);
  expect(await shown(lake)).toEqual([...EXPECTED, ['later', 'in', Number(ANA), 'imported']]);
  expect(await sums(lake)).toEqual({ rows: 9, duplicates: 12 });
});

it('counts an iPhone export by the minute as well: equal texts of one minute are told apart', async () => {
  const lake = await newLake();
  await lay(lake, 'whatsapp', LIVE, [received('w1', ANA, at('12:01:40'), 'ok')]);
  const lines = ['05', '20', '40'].map((second) => `[02/07/2024, 12:01:${second}] Ana: ok`);
  await importText(
    lake,
    '_chat.txt',
    ['\u200e[02/07/2024, 12:00:00] Ana: \u200eMessages and calls are end-to-end encrypted.', ...lines].join('\n'),
    {
      number: ANA,
    },
  );
  await etl(lake);
  expect((await shown(lake)).filter(([text]) => text === 'ok')).toHaveLength(3);
});

it('leaves a group alone: what is said in it was not said to the business', async () => {
  const lake = await newLake();
  await lay(lake, 'whatsapp', LIVE, [received('w1', ANA, at('12:01:40'), 'hello all')]);
  const lines = ['+55 11 99999-0000: hello all', 'Bia: hi', 'Caio: hi'].map((line) => `02/07/2024 12:01 - ${line}`);
  const { summary } = await importText(lake, 'WhatsApp Chat with Friends.txt', lines.join('\n'));
  await etl(lake);
  expect(await shown(lake)).toHaveLength(4);
  expect(summary.notes).toContainEqual({ what: 'many-authors' });
  await expect(importText(lake, 'WhatsApp Chat with Friends.txt', lines.join('\n'), { number: ANA })).rejects.toMatchObject({
    code: 'USAGE',
  });
});

it('takes on the number when it is told later, as a newer version of the same messages', async () => {
  const lake = await newLake();
  const path = await exported(NAME, CHAT);
  await importInto(lake, path);
  await etl(lake);
  await importInto(lake, path, { number: ANA });
  await lay(lake, 'whatsapp', LIVE, DELIVERED);
  await etl(lake);
  expect(await shown(lake)).toEqual(EXPECTED);
});

it('knows whose chat it is by the messages that were received of it, and says so', async () => {
  const lake = await newLake();
  const texts = ['good morning, is it open?', 'I would like two of them', 'see you at five then'];
  const line = (author: string, minute: number, text: string) => `02/07/2024 12:0${minute} - ${author}: ${text}`;
  const chat = [
    ...texts.map((text, minute) => line('Cousin', minute, text)),
    line('Me', 5, 'see you'),
    line('Cousin', 6, 'bye bye then'),
  ].join('\n');
  const engine = await duckdbEngine({ root: lake.enrichedPath });
  onTestFinished(() => engine.close());
  const live = liveMessages(engine);
  const look = async () => {
    const [outcome] = await importInto(undefined, await exported('WhatsApp Chat with Old cousin.txt', chat), {}, { live });
    return outcome?.summary.notes.map(noteText).join(' ');
  };
  expect(await look()).toContain('--number');

  await lay(
    lake,
    'whatsapp',
    LIVE,
    texts.slice(0, 2).map((text, minute) => received(`w${minute}`, ANA, at(`12:0${minute}:10`), text)),
  );
  await etl(lake);
  expect(await look()).toContain('--number');

  await lay(lake, 'whatsapp', LIVE + 1000, [received('w2', ANA, at('12:02:10'), texts[2] as string)]);
  await etl(lake);
  const told = await look();
  expect(told).toContain('Messages of "Me" count as sent by the business');
  expect(told).toContain('ending in 0000');
  await importInto(lake, await exported('WhatsApp Chat with Old cousin.txt', chat), {}, { live });
  await etl(lake);
  expect(await shown(lake)).toEqual([
    ...texts.map((text) => [text, 'in', Number(ANA), 'live']),
    ['see you', 'out', Number(ANA), 'imported'],
    ['bye bye then', 'in', Number(ANA), 'imported'],
  ]);

  // Two people who say the same at the same time: neither is known.
  await lay(
    lake,
    'whatsapp',
    LIVE + 2000,
    texts.map((text, minute) => received(`b${minute}`, BRUNO, at(`12:0${minute}:20`), text)),
  );
  await etl(lake);
  expect(await look()).toContain('--number');
});

it('compares texts alike in the import and in the tables', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  onTestFinished(() => instance.closeSync());
  const odd = fc.constantFrom(...' \t\n\v\f\r\u00a0\u200b\u200e\u200f\u202f\u2028\u2066\u2069\u3000\ufeffabé', 'e\u0301', '🎉', '👨‍👩‍👧');
  const texts = fc.sample(fc.array(odd, { maxLength: 12 }), 300).map((parts) => parts.join(''));
  const values = texts.map((text, index) => `(${index}, ${literal(text)})`).join(', ');
  const found = await (
    await instance.connect()
  ).runAndReadAll(`SELECT ${plainSql('said')} FROM (VALUES ${values}) v(nth, said) ORDER BY nth`);
  expect(found.getRows().flat()).toEqual(texts.map(plainText));
});
