import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AnalysisView, Filters } from '../../src/analysis/types.js';
import { ask } from '../query/lake.js';
import { analysed, type Analysed } from './analysed.js';
import { addRow, type Row, type Rows, ZONE } from './lake.js';

const START = ZONE.startOf('2024-06-03') + 20 * 3600;
const DAY = 86_400;
const BOT = 99;

/** What somebody says, and when, in seconds from the question; `bot` is the bot. */
type Line = readonly [at: number, who: number | 'bot', text: string, more?: Row];

/** A talk of its own, and whether its first message was resolved: undefined where it was not answered. */
const TALKS: readonly (readonly [name: string, resolved: boolean | undefined, lines: readonly Line[]])[] = [
  [
    'answered, and thanks',
    true,
    [
      [0, 1, 'qual o prazo de entrega?'],
      [5, 'bot', 'dois dias'],
      [60, 1, 'obrigado, era isso'],
    ],
  ],
  [
    'answered, and no more',
    true,
    [
      [0, 1, 'where is the file?'],
      [5, 'bot', 'in the folder'],
    ],
  ],
  [
    'asked again in other words',
    false,
    [
      [0, 1, 'qual o prazo de entrega?'],
      [5, 'bot', 'veja o site'],
      [60, 1, 'mas quanto tempo demora pra entregar?'],
    ],
  ],
  [
    'asked again in the same words',
    false,
    [
      [0, 1, '¿cómo cancelo mi suscripción?'],
      [5, 'bot', 'hola'],
      [60, 1, '¿Cómo cancelo mi suscripción?'],
    ],
  ],
  [
    'followed by another question',
    true,
    [
      [0, 1, 'qual o prazo de entrega?'],
      [5, 'bot', 'dois dias'],
      [60, 1, 'vocês aceitam pix?'],
    ],
  ],
  [
    'followed by a complaint',
    false,
    [
      [0, 1, 'how do I install it?'],
      [5, 'bot', 'run setup'],
      [60, 1, "that didn't work"],
    ],
  ],
  [
    'followed by another question, and a complaint of that',
    true,
    [
      [0, 1, 'qual o prazo de entrega?'],
      [5, 'bot', 'dois dias'],
      [30, 1, 'vocês aceitam pix?'],
      [31, 'bot', 'talvez'],
      [60, 1, 'isso não ajuda'],
    ],
  ],
  [
    'followed by a complaint that asks something else',
    false,
    [
      [0, 1, 'qual o prazo de entrega?'],
      [5, 'bot', 'veja o site'],
      [60, 1, 'não funciona, vocês têm telefone?'],
    ],
  ],
  [
    'complained of on the next day',
    false,
    [
      [0, 1, 'como instalo o driver?'],
      [5, 'bot', 'baixe aqui'],
      [DAY - 60, 1, 'não funcionou'],
    ],
  ],
  [
    'complained of too late',
    true,
    [
      [0, 1, 'como instalo o driver?'],
      [5, 'bot', 'baixe aqui'],
      [DAY + 1, 1, 'não funcionou'],
    ],
  ],
  [
    'complained of by somebody else',
    true,
    [
      [0, 1, 'como instalo o driver?'],
      [5, 'bot', 'baixe aqui'],
      [60, 2, 'comigo não funcionou'],
    ],
  ],
  [
    'complained of and asked again before it was answered',
    true,
    [
      [0, 1, 'vocês abrem sábado?'],
      [60, 1, 'abrem no sábado? isso não funciona'],
      [90, 'bot', 'sim'],
      [99, 1, 'ok'],
    ],
  ],
  [
    'never answered',
    undefined,
    [
      [0, 1, 'vocês abrem domingo?'],
      [60, 1, 'vocês abrem domingo?'],
    ],
  ],
  [
    'answered too late',
    undefined,
    [
      [0, 1, 'vocês abrem domingo?'],
      [DAY + 1, 'bot', 'não'],
    ],
  ],
  [
    'a command, given once',
    true,
    [
      [0, 1, '/preco bitcoin', { commands: ['/preco'] }],
      [1, 'bot', '10'],
      [9, 1, '/preco ether', { commands: ['/preco'] }],
      [10, 'bot', '2'],
    ],
  ],
  [
    'a command, given again',
    false,
    [
      [0, 1, '/help', { commands: ['/help'] }],
      [1, 'bot', 'escreva /preco'],
      [60, 1, '/help', { commands: ['/help'] }],
    ],
  ],
  [
    'a command after a question of its words',
    false,
    [
      [0, 1, 'what is the price of bitcoin?'],
      [1, 'bot', 'try /price'],
      [60, 1, '/price bitcoin', { commands: ['/price'] }],
    ],
  ],
];

let engine: Analysed['engine'];
let analysis: Analysed['analysis'];
let close: Analysed['close'];

beforeAll(async () => {
  const rows: Rows = new Map();
  let id = 0;
  for (const [talk, [, , lines]] of TALKS.entries()) {
    for (const [at, who, text, more] of lines) {
      id += 1;
      addRow(rows, ZONE, 'telegram', {
        message_id: id,
        user_id: who === 'bot' ? BOT : who,
        user_is_bot: who === 'bot',
        user_first_name: who === 'bot' ? 'Bot' : `P${who}`,
        chat_id: -1000 - talk,
        chat_type: 'supergroup',
        chat_title: `Talk ${talk}`,
        message_thread_id: talk < 4 ? 7 : null,
        data_type: 'text',
        text,
        date: START + at,
        direction: who === 'bot' ? 'out' : 'in',
        ...more,
      });
    }
  }
  ({ engine, analysis, close } = await analysed(rows, (START + 2 * DAY) * 1000));
});
afterAll(() => close());

it('a request is resolved unless its person asks it again or complains after the response, within 24 hours', async () => {
  const sql = `SELECT conversation, resolved FROM (
    SELECT conversation, resolved, row_number() OVER (PARTITION BY conversation ORDER BY sent_at) AS place FROM requests) r WHERE place = 1`;
  const found = new Map((await ask(engine, sql)).map(([conversation, resolved]) => [conversation, resolved ?? undefined]));
  expect(TALKS.map(([name], talk) => [name, found.get(`telegram:${-1000 - talk}`)])).toEqual(
    TALKS.map(([name, resolved]) => [name, resolved]),
  );
});

const panelOf = (view: AnalysisView, id: string) => view.panels.find((panel) => panel.id === id);
const view = (filters: Filters) => analysis.view(filters, { language: 'en', targetMinutes: 1 });

it('each talk has the share that its first message says, on the page and by its statement', async () => {
  const shares = await Promise.all(
    TALKS.map(async ([name, , lines], talk) => {
      const filters: Filters = { period: 'all', conversation: [`telegram:${-1000 - talk}`], hour: [20] };
      if (lines[0]?.[3] !== undefined) return [name, 'a command'];
      const { figures } = await view(filters);
      const figure = figures.find(({ id }) => id === 'resolvedShare');
      expect(await ask(engine, figure?.sql ?? '')).toEqual([[figure?.value]]);
      return [name, figure?.value === null ? undefined : (figure?.value ?? 0) > 0];
    }),
  );
  // The second question of a talk that asks twice stays unanswered, and the share is of both.
  expect(shares).toEqual(TALKS.map(([name, resolved, lines]) => [name, lines[0]?.[3] === undefined ? resolved : 'a command']));
});

it('each figure has in an hour of a day the value that it has of that hour', async () => {
  const period = '2024-06-03..2024-06-03';
  const { figures } = await view({ period });
  const hours = await Promise.all(Array.from({ length: 24 }, (_, hour) => view({ period, hour: [hour] })));
  for (const [at, { id, spark, value }] of figures.entries()) {
    const values = hours.map((one) => one.figures[at]?.value);
    expect([id, spark]).toEqual([id, values]);
    expect([id, spark[20]]).toEqual([id, value]);
  }
});

it('commands and topics are told how they were answered', async () => {
  const { panels, answers } = await view({ period: 'all' });
  expect(panelOf({ panels } as unknown as AnalysisView, 'command-outcomes')?.rows).toEqual([
    ['/help', 2, 0.5, 1, 0],
    ['/preco', 2, 1, 1, 1],
    ['/price', 1, 0, null, null],
  ]);
  const topics = panelOf({ panels } as unknown as AnalysisView, 'topic-outcomes')?.rows;
  expect(topics).toEqual([
    ['telegram:-1002', '#7', 2, 0.5, 5, 0],
    ['telegram:-1003', '#7', 2, 0.5, 5, 0],
    ['telegram:-1000', '#7', 1, 1, 5, 1],
    ['telegram:-1001', '#7', 1, 1, 5, 1],
  ]);
  const helped = answers.find(({ id }) => id === 'helped');
  const [{ count, answered, resolved } = { count: 0, answered: 0, resolved: 0 }] = (
    await ask(engine, 'SELECT count(*), count(response_seconds), count(CASE WHEN resolved THEN 1 END) FROM questions')
  ).map(([a, b, c]) => ({ count: Number(a), answered: Number(b), resolved: Number(c) }));
  const strong = helped?.sentence.flatMap((part) => (typeof part === 'string' ? [] : [part.strong]));
  const percent = (value: number) => `${Math.round(value * 100)}%`;
  expect(strong).toEqual([percent(resolved / count), percent((answered - resolved) / answered)]);
  expect(helped?.evidence).toContain('A small sample');
});

it('of few answers no share is told, and of none nothing', async () => {
  const told = async (filters: Filters) => (await view(filters)).answers.find(({ id }) => id === 'helped')?.sentence;
  expect(await told({ period: 'all', conversation: ['telegram:-1000'] })).toEqual([
    'Too early to tell. Questions answered so far: ',
    { strong: '1' },
    '.',
  ]);
  expect(
    await told({ period: 'all', conversation: [`telegram:${-1000 - TALKS.findIndex(([name]) => name === 'never answered')}`] }),
  ).toEqual(['No answer is visible here, so nothing can be said of what it helped.']);
});
