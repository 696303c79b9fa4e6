import { describe, expect, it } from 'vitest';
import { etl, lay, newLake, seconds } from '../support/lake.js';
import { everything } from '../support/rows.js';

const SENT = seconds('2024-07-02T15:00:00Z');

describe('a WhatsApp body of an odd form', () => {
  const value = { messaging_product: 'whatsapp', metadata: { phone_number_id: '106540352242922' } };
  const message = (id: string) => ({ id, from: '551', timestamp: String(SENT), type: 'text', text: { body: 'hello' } });
  const good = (id: string) => ({ field: 'messages', value: { ...value, messages: [message(id)] } });
  const ODD: Readonly<Record<string, { readonly entry: readonly unknown[]; readonly payloads: readonly unknown[] }>> = {
    'an entry without changes': { entry: [{ id: 'w', changes: [good('odd')] }, { id: 'v' }], payloads: [{ id: 'v' }] },
    'changes that are no list': {
      entry: [
        { id: 'w', changes: [good('odd')] },
        { id: 'v', changes: good('lost') },
      ],
      payloads: [{ id: 'v', changes: good('lost') }],
    },
    'an entry that is a text': { entry: [{ id: 'w', changes: [good('odd')] }, 'text'], payloads: ['text'] },
    'a change that is a number': { entry: [{ id: 'w', changes: [good('odd'), 7] }], payloads: [7] },
    'a change without a field': { entry: [{ id: 'w', changes: [good('odd'), { value: { a: 1 } }] }], payloads: [{ value: { a: 1 } }] },
    'an unknown key beside messages': {
      entry: [{ id: 'w', changes: [{ field: 'messages', value: { ...value, messages: [message('odd')], calls: [{ id: 'c' }] } }] }],
      payloads: [{ ...value, messages: [message('odd')], calls: [{ id: 'c' }] }],
    },
    'a change that is null': { entry: [{ id: 'w', changes: [good('odd'), null] }], payloads: [null] },
    'a key that looks like a path beside messages': {
      entry: [{ id: 'w', changes: [{ field: 'messages', value: { ...value, messages: [message('odd')], $x: 1 } }] }],
      payloads: [{ ...value, messages: [message('odd')], $x: 1 }],
    },
    'contacts that are no list beside messages': {
      entry: [{ id: 'w', changes: [{ field: 'messages', value: { ...value, messages: [message('odd')], contacts: { wa_id: '551' } } }] }],
      payloads: [{ ...value, messages: [message('odd')], contacts: { wa_id: '551' } }],
    },
    'statuses that are no list beside messages': {
      entry: [{ id: 'w', changes: [{ field: 'messages', value: { ...value, messages: [message('odd')], statuses: { id: 's' } } }] }],
      payloads: [{ ...value, messages: [message('odd')], statuses: { id: 's' } }],
    },
  };
  it.each(Object.entries(ODD))('with %s loses neither the message nor the rest', async (_, { entry, payloads }) => {
    const odd = await newLake();
    await lay(odd, 'whatsapp', SENT * 1000, [{ object: 'whatsapp_business_account', entry }]);
    await etl(odd);
    const found = await everything(odd);
    expect(found['whatsapp']?.map((row) => row['message_id'])).toEqual(['odd']);
    expect(found['whatsapp_events']?.map((row) => JSON.parse(String(row['payload'])) as unknown)).toEqual(payloads);
    expect(found['quarantine']).toEqual([]);
  });
});

it('puts the text that a message was edited to where a person reads it, and tells which message was edited or taken back', async () => {
  const lake = await newLake();
  const edit = (id: string, message: object) => ({
    id,
    from: '551',
    timestamp: String(SENT),
    type: 'edit',
    edit: { original_message_id: 'wamid.first', message },
  });
  const messages = [
    edit('a', { type: 'text', text: { body: 'after' } }),
    edit('b', { context: { id: 'M0' }, type: 'image', image: { id: '1', caption: 'caption after' } }),
    edit('c', { type: 'image', image: { id: '2' } }),
    { id: 'd', from: '551', timestamp: String(SENT), type: 'revoke', revoke: { original_message_id: 'wamid.first' } },
  ];
  const changes = [{ field: 'messages', value: { metadata: { phone_number_id: '1' }, messages } }];
  await lay(lake, 'whatsapp', SENT * 1000, [{ object: 'whatsapp_business_account', entry: [{ id: 'w', changes }] }]);
  await etl(lake);
  const { whatsapp } = await everything(lake);
  expect(whatsapp?.map((row) => [row['message_id'], row['type'], row['message'], row['original_message_id']]).toSorted()).toEqual([
    ['a', 'edit', 'after', 'wamid.first'],
    ['b', 'edit', 'caption after', 'wamid.first'],
    ['c', 'edit', null, 'wamid.first'],
    ['d', 'revoke', null, 'wamid.first'],
  ]);
});
