import { expect, it } from 'vitest';
import type { AnalysisView } from '../../src/analysis/types.js';
import { newService } from '../server/service.js';
import { etl, lay, newLake, seconds } from '../support/lake.js';

const NOW = '2024-07-10T15:00:00Z';

const update = (id: number, iso: string, text: string) => ({
  update_id: id,
  message: {
    message_id: id,
    from: { id: 42, is_bot: false, first_name: '<b>Ana</b>' },
    chat: { id: -100, type: 'supergroup', title: 'Clube' },
    date: seconds(iso),
    text,
  },
});

it('answers the view of the lake, the options of its filters, and what is wrong with an address', async () => {
  const lake = await newLake();
  lake.clock.at = Date.parse(NOW);
  await lay(lake, 'telegram', Date.parse(NOW), [
    update(1, '2024-07-09T12:00:00Z', 'bom dia'),
    update(2, '2024-07-10T12:00:00Z', 'Bom dia!'),
    update(3, '2024-07-10T12:00:05Z', 'alguém sabe como instalar?'),
  ]);
  await etl(lake);
  const { url } = await newService(lake);
  const get = async (path: string) => {
    const response = await fetch(`${url}${path}`);
    return { status: response.status, cache: response.headers.get('cache-control'), body: (await response.json()) as unknown };
  };

  const { status, cache, body } = await get('/api/view?period=7d&lang=es&target=5');
  expect([status, cache]).toEqual([200, 'no-store']);
  const view = body as AnalysisView;
  expect(view.timezone).toBe('America/Sao_Paulo');
  expect(view.range).toEqual({ from: '2024-07-04', to: '2024-07-10' });
  expect(view.figures.map(({ id, value }) => [id, value])).toEqual([
    ['messages', 3],
    ['people', 1],
    ['conversations', 1],
    ['newPeople', 1],
    ['questions', 1],
    ['medianResponse', null],
    ['unanswered', 1],
    ['resolvedShare', null],
    ['mediaShare', 0],
  ]);
  expect(view.figures[0]?.label).toBe('Mensajes');
  expect(view.figures[0]?.spark).toEqual([0, 0, 0, 0, 0, 1, 2]);
  expect(view.panels.find(({ id }) => id === 'contents')?.rows).toEqual([['bom dia', 2]]);
  expect(view.panels.find(({ id }) => id === 'target')?.title).toContain('5 min');
  expect(view.answers.map(({ id }) => id)).toEqual(['when', 'asked', 'helping', 'helped', 'silent', 'active']);

  const few = (await get('/api/view?period=today&panels=hours,kinds&hour=9')).body as AnalysisView;
  expect(few.panels.map(({ id, rows }) => [id, rows])).toEqual([
    ['hours', [[9, 2]]],
    ['kinds', [['text', 2]]],
  ]);

  expect((await get('/api/options?field=person&q=ana')).body).toEqual({
    options: [{ value: 'telegram:42', label: '<b>Ana</b>', messages: 3 }],
  });
  for (const wrong of ['view?period=8d', 'view?hour=24', 'view?lang=xx', 'view?target=-1', 'options?field=text', 'view?direction=up'])
    expect((await get(`/api/${wrong}`)).status, wrong).toBe(400);
});
