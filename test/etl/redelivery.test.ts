import { expect, it } from 'vitest';
import { etl, lay, newLake, seconds } from '../support/lake.js';
import { telegramMessage } from '../support/lake-payloads.js';

const START = seconds('2024-07-10T12:00:00Z');
const MESSAGES = 40_000;
/** What the day takes with every row in it once, and hardly more. */
const MEMORY = '150MB';

it('takes a day that comes twice whole within the memory of a day', { timeout: 120_000 }, async () => {
  const lake = await newLake();
  const payloads = Array.from({ length: MESSAGES }, (_, id) =>
    telegramMessage({ id, update: id, date: START + (id % 20_000), text: `message ${id} ${'word '.repeat(40)}` }),
  );
  await lay(lake, 'telegram', START * 1000 + 30_000_000, payloads);
  await lay(lake, 'telegram', START * 1000 + 30_001_000, payloads);
  const [together] = (await etl(lake, { memoryLimit: MEMORY })).days;
  expect(together?.manifest).toMatchObject({ rows: MESSAGES, duplicates: MESSAGES, quarantined: 0 });

  await lay(lake, 'telegram', START * 1000 + 30_002_000, payloads);
  const [after] = (await etl(lake, { memoryLimit: MEMORY })).days;
  expect(after?.manifest).toMatchObject({ rows: MESSAGES, duplicates: 2 * MESSAGES, quarantined: 0 });
});
