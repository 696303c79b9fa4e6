import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChatlakeError } from '../../../src/errors.js';
import { storedMigrations } from '../../../src/lake/migrations.js';
import { memoryStore } from '../../../src/lake/memory.js';
import { ALL_KINDS, MESSAGE_KINDS } from '../../../src/sources/telegram/kinds.js';
import { telegramReceiver } from '../../../src/sources/telegram/receive.js';

const OURS = -1001;
const inMemory = () => storedMigrations(memoryStore());
const filter = (chatIds: readonly number[], migrations = inMemory()) => {
  const receiver = telegramReceiver({ secret: undefined, chatIds, migrations });
  return async (update: Record<string, unknown>) => receiver.wants(update);
};
const message = (id: number, more = {}) => ({ update_id: 1, message: { message_id: 1, chat: { id }, date: 1, ...more } });

describe('the secret of Telegram', () => {
  const receiver = telegramReceiver({ secret: 'Se-cret_1', chatIds: [], migrations: inMemory() });
  const given = (value: string | string[] | undefined) =>
    receiver.admits(value === undefined ? {} : { 'x-telegram-bot-api-secret-token': value });

  it('must be the header, whole', () => {
    expect(given('Se-cret_1')).toBe(true);
    for (const wrong of [
      undefined,
      '',
      'Se-cret_',
      'Se-cret_12',
      'Se-cret_1, Se-cret_1',
      'Se-cret_1\0',
      'Se-cret_\u0131',
      'x'.repeat(5000),
      ['Se-cret_1'],
    ]) {
      expect(given(wrong)).toBe(false);
    }
  });

  it('equals itself and nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 700 }), fc.string({ unit: 'binary' }), (secret, other) => {
        const receiver = telegramReceiver({ secret, chatIds: [], migrations: inMemory() });
        const admitted = (value: string) => receiver.admits({ 'x-telegram-bot-api-secret-token': value });
        // Lone surrogates have no bytes of their own.
        fc.pre(!/\p{Surrogate}/u.test(secret + other));
        expect(admitted(secret)).toBe(true);
        expect(admitted(other)).toBe(other === secret);
        expect(admitted(secret + other)).toBe(other === '');
        expect(admitted(`${secret}\0`)).toBe(false);
      }),
    );
  });

  it('admits nothing when there is none', () => {
    for (const secret of [undefined, '']) {
      const receiver = telegramReceiver({ secret, chatIds: [], migrations: inMemory() });
      expect(receiver.admits({})).toBe(false);
      expect(receiver.admits({ 'x-telegram-bot-api-secret-token': '' })).toBe(false);
    }
  });
});

describe('the filter by chat', () => {
  it('keeps everything when it is empty', async () => {
    expect(await filter([])(message(5))).toBe(true);
  });

  it.each([
    ...MESSAGE_KINDS,
    'message_reaction',
    'message_reaction_count',
    'my_chat_member',
    'chat_member',
    'chat_join_request',
    'chat_boost',
    'a_kind_of_the_future',
  ])('finds the chat of %s', async (kind) => {
    const wants = filter([OURS]);
    expect(await wants({ update_id: 1, [kind]: { chat: { id: OURS } } })).toBe(true);
    expect(await wants({ update_id: 1, [kind]: { chat: { id: 5 } } })).toBe(false);
  });

  it('finds the chat of a button under a message', async () => {
    const wants = filter([OURS]);
    expect(await wants({ update_id: 1, callback_query: { id: '1', from: { id: 5 }, message: { chat: { id: OURS } } } })).toBe(true);
    expect(await wants({ update_id: 1, callback_query: { id: '1', from: { id: 5 }, message: { chat: { id: 5 } } } })).toBe(false);
  });

  it.each([
    'inline_query',
    'chosen_inline_result',
    'callback_query',
    'shipping_query',
    'pre_checkout_query',
    'poll',
    'poll_answer',
    'purchased_paid_media',
  ])('keeps %s that names no chat', async (kind) => {
    expect(await filter([OURS])({ update_id: 1, [kind]: { id: '1', from: { id: 5 } } })).toBe(true);
  });

  it('takes no nested chat for the chat of the message', async () => {
    const wants = filter([OURS]);
    expect(
      await wants(message(5, { reply_to_message: { chat: { id: OURS } }, forward_from_chat: { id: OURS }, sender_chat: { id: OURS } })),
    ).toBe(false);
  });

  it('decides on anything that is an object', async () => {
    const wants = filter([OURS]);
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.record({ chat: fc.jsonValue(), message: fc.jsonValue() }),
      fc.record({ chat: fc.record({ id: fc.jsonValue() }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...ALL_KINDS, '__proto__', 'x'), anything), async (update) => {
        expect(typeof (await wants(update))).toBe('boolean');
      }),
    );
  });
});

describe('a group that changes its id', () => {
  it('is followed by the message in the old group', async () => {
    const wants = filter([OURS]);
    expect(await wants(message(-2))).toBe(false);
    expect(await wants(message(OURS, { migrate_to_chat_id: -2 }))).toBe(true);
    expect(await wants(message(-2))).toBe(true);
    expect(await wants(message(OURS))).toBe(true);
  });

  it('is followed by the message in the new group', async () => {
    const wants = filter([OURS]);
    expect(await wants(message(-2, { migrate_from_chat_id: OURS }))).toBe(true);
    expect(await wants(message(-2))).toBe(true);
    expect(await wants(message(-3, { migrate_from_chat_id: -99 }))).toBe(false);
    expect(await wants(message(-99, { migrate_to_chat_id: OURS }))).toBe(false);
  });

  it('is followed through several changes, by other processes and after a restart', async () => {
    const migrations = inMemory();
    const wants = filter([OURS], migrations);
    const replica = filter([OURS], migrations);
    expect(await replica(message(-9))).toBe(false);
    await wants(message(OURS, { migrate_to_chat_id: -2 }));
    await wants(message(-3, { migrate_from_chat_id: -2 }));
    expect(await replica(message(-3))).toBe(true);
    expect(await filter([OURS], migrations)(message(-3))).toBe(true);
    expect(await filter([-2], migrations)(message(OURS))).toBe(false);
    expect(await replica(message(-4, { migrate_from_chat_id: -3 }))).toBe(true);
  });

  it('is remembered before the message is taken, or the message is not taken', async () => {
    const learned: string[] = [];
    const failing = { known: async () => [], learn: () => Promise.reject(new Error('disk')) };
    await expect(filter([OURS], failing)(message(OURS, { migrate_to_chat_id: -2 }))).rejects.toMatchObject({ code: 'LAKE_UNAVAILABLE' });
    const unreadable = { known: () => Promise.reject(new ChatlakeError('LAKE_UNAVAILABLE', 'x')), learn: async () => undefined };
    await expect(filter([OURS], unreadable)(message(-2))).rejects.toMatchObject({ code: 'LAKE_UNAVAILABLE' });
    const slow = {
      known: async () => [],
      learn: async (from: number, to: number) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        learned.push(`${from} ${to}`);
      },
    };
    expect(await filter([OURS], slow)(message(OURS, { migrate_to_chat_id: -2 }))).toBe(true);
    expect(learned).toEqual([`${OURS} -2`]);
  });

  it('costs one look a chat that is not wanted, then one now and then', async () => {
    let looks = 0;
    const counting = { known: async () => (looks++, []), learn: async () => undefined };
    const wants = filter([OURS], counting);
    for (let round = 0; round < 100; round++) for (const id of [-5, -6, -7]) expect(await wants(message(id))).toBe(false);
    for (let round = 0; round < 100; round++) expect(await wants(message(OURS))).toBe(true);
    expect(looks).toBe(3);
  });

  it('is remembered in small objects, whose odd neighbours do no harm', async () => {
    const store = memoryStore();
    await store.write('_state/telegram/migrations/readme.txt', 'x');
    const migrations = storedMigrations(store);
    await migrations.learn(-1, -1002);
    await migrations.learn(-1, -1002);
    expect(await migrations.known()).toEqual([[-1, -1002]]);
  });
});
