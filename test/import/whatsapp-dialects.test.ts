import { expect, it } from 'vitest';
import { etl, newLake, seconds } from '../support/lake.js';
import { rowsOf } from '../support/rows.js';
import { importText } from './importing.js';

const AT = '2021-05-30T18:44';

it.each([
  ['Persian, Android', '۲۰۲۱/۵/۳۰، ۱۸:۴۴ - ', `${AT}:00Z`],
  ['Persian, with a mark after the comma', '۲۰۲۱/۵/۳۰،\u200f ۱۸:۴۴ - ', `${AT}:00Z`],
  ['Bengali', '৩০/৫/২১, ৬:৪৪ PM - ', `${AT}:00Z`],
  ['Marathi', '३०/०५/२१, ६:४४ PM - ', `${AT}:00Z`],
  ['Burmese', '၃၀/၅/၂၁ ၁၈:၄၄ - ', `${AT}:00Z`],
  ['Vietnamese, Android', '18:44, 30/05/2021 - ', `${AT}:00Z`],
  ['Vietnamese, iPhone', '[18:44:07, 30/05/2021] ', `${AT}:07Z`],
  ['Vietnamese, 12 hours', '6:44 CH, 30/05/2021 - ', `${AT}:00Z`],
])('a chat exported in %s is read', async (_, header, at) => {
  const lake = await newLake();
  await importText(lake, 'WhatsApp Chat with Ana.txt', `${header}Ana: one\ntwo\n${header}Bento: three\n`);
  await etl(lake);
  expect((await rowsOf(lake, 'whatsapp', 'message')).map((row) => [row['name'], row['message'], row['date']])).toEqual([
    ['Ana', 'one\ntwo', seconds(at)],
    ['Bento', 'three', seconds(at)],
  ]);
});

it('a line that begins with a time of day is no header by that alone', async () => {
  const lake = await newLake();
  await importText(lake, 'WhatsApp Chat with Ana.txt', '30/05/2021, 18:44 - Ana: at\n19:00 - 20:00, or\n19:00, 31/05 - as you like\n');
  await etl(lake);
  expect((await rowsOf(lake, 'whatsapp')).map((row) => row['message'])).toEqual(['at\n19:00 - 20:00, or\n19:00, 31/05 - as you like']);
});

it.each([
  ['30/05/2021, 18:44 - ', '18:44, 30/05/2021 - '],
  ['18:44, 30/05/2021 - ', '30/05/2021, 18:44 - '],
])('a line that another dialect would begin a message with is part of the text: %s', async (header, other) => {
  const lake = await newLake();
  await importText(lake, 'WhatsApp Chat with Ana.txt', `${header}Ana: as you wrote:\n${other}Bento: quoted\n`);
  await etl(lake);
  expect((await rowsOf(lake, 'whatsapp')).map((row) => row['message'])).toEqual([`as you wrote:\n${other}Bento: quoted`]);
});

it('a year of a calendar that is not read makes no message, and says so', async () => {
  const lake = await newLake();
  const lines = '۱۴۰۰/۳/۹، ۱۸:۴۴ - Ana: one\n۱۴۰۰/۳/۹، ۱۸:۴۵ - Bento: two\n';
  const outcome = await importText(lake, 'WhatsApp Chat with Ana.txt', lines);
  expect(outcome.summary).toMatchObject({ messages: 0, rejected: 2, reasons: { 'import: no such date': 2 } });
});
