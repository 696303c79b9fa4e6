import { expect, it } from 'vitest';
import { resourcesOf, templatesOf } from './templates.js';

it('logical ids stay: a new one would replace what it names, a bucket or a queue with what is in it', () => {
  const { lake, flow } = templatesOf({ ALARM_EMAIL: 'a@example.com' }, { refresh: '15m' });
  const ids = (template: typeof lake) =>
    Object.entries(resourcesOf(template))
      .map(([id, { Type }]) => `${Type} ${id}`)
      .sort();
  expect({ lake: ids(lake), flow: ids(flow) }).toMatchSnapshot();
});
