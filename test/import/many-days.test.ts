import { expect, it } from 'vitest';
import { etl, newLake, seconds } from '../support/lake.js';
import { ask, manifests, relation } from '../support/rows.js';
import { importText, telegramChat, telegramExport } from './importing.js';

const START = seconds('2023-01-01T12:00:00Z');
const DAYS = 24;
const EACH = 5;

it('files an import of many days under the days on which its messages were sent, each once', async () => {
  const lake = await newLake();
  const messages = Array.from({ length: DAYS * EACH }, (_, index) =>
    telegramExport(index + 1, START + Math.floor(index / EACH) * 86_400 + index, `text ${index}`),
  );
  await importText(lake, 'result.json', telegramChat(messages));
  await etl(lake);
  const days = await ask(
    `SELECT CAST(context_date AS VARCHAR) AS day, count(*) AS n, count(DISTINCT message_id) AS ids FROM ${await relation(lake, 'telegram')} GROUP BY 1 ORDER BY 1`,
  );
  expect(days).toEqual(
    Array.from({ length: DAYS }, (_, day) => ({
      day: new Date((START + day * 86_400) * 1000).toISOString().slice(0, 10),
      n: EACH,
      ids: EACH,
    })),
  );
  expect((await manifests(lake)).map(({ units, rows, duplicates, late }) => [units, rows, duplicates, late])).toEqual([
    [DAYS * EACH, DAYS * EACH, 0, DAYS * EACH],
  ]);
});
