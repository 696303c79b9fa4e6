import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { chatNames, needsParams, sentLines, yieldsMessages } from '../../../src/sources/telegram/outbound.js';

const SPEC = new URL('../../../../shared/corpora/spec/telegram-bot-api.json', import.meta.url);
const at = 1_720_000_000;
const chat = { id: -100, type: 'supergroup', title: 'The group', username: 'the_group' };
const message = { message_id: 5, chat, date: at, text: 'hello' };

const lines = (method: string, params: object, result: unknown, names = chatNames()) =>
  sentLines({ method, params: params as Record<string, unknown>, answer: JSON.stringify({ ok: true, result }), at, botId: 42 }, names)?.map(
    (line) => (JSON.parse(line) as { outbound: unknown }).outbound,
  );

describe('a method of the Bot API', () => {
  const there = existsSync(SPEC);
  it.skipIf(!there)(
    `is watched exactly when it answers a message, or deletes one${there ? '' : ' (skipped: no description of the Bot API)'}`,
    () => {
      const { methods } = JSON.parse(readFileSync(SPEC, 'utf8')) as { methods: Record<string, { returns: string[] }> };
      const expected = Object.entries(methods)
        .filter(
          ([name, { returns }]) =>
            /^delete(Business)?Messages?$/.test(name) ||
            (returns.some((type) => /^(Array of )?Message(Id)?$/.test(type)) && !name.startsWith('get')),
        )
        .map(([name]) => name);
      expect(expected.length).toBeGreaterThan(30);
      expect(Object.keys(methods).filter(yieldsMessages)).toEqual(expected);
      const untold = expected.filter((name) => methods[name]?.returns.some((type) => !/^(Array of )?Message$/.test(type)));
      expect(expected.filter(needsParams).sort()).toEqual(expect.arrayContaining(untold));
    },
  );

  it('of a later version is watched by its name', () => {
    expect(['sendHologram', 'editMessageHologram', 'SENDMESSAGE'].filter(yieldsMessages)).toEqual([
      'sendHologram',
      'editMessageHologram',
      'SENDMESSAGE',
    ]);
    expect(['getUpdates', 'sendChatAction', 'deleteWebhook', 'setMyCommands'].filter(yieldsMessages)).toEqual([]);
  });
});

describe('the raw lines of a call', () => {
  it('hold each message character by character, as it was answered', () => {
    const answer =
      '{"ok":true, "result" : [{"message_id":5,"chat":{"id":-100},"date": 1.0,"text":"\\u00e9"} , {"message_id":6,"chat":{"id":-100},"date":2}]}';
    expect(sentLines({ method: 'sendMediaGroup', params: undefined, answer, at }, chatNames())).toEqual([
      '{"outbound":{"method":"sendMediaGroup","message":{"message_id":5,"chat":{"id":-100},"date": 1.0,"text":"\\u00e9"}}}',
      '{"outbound":{"method":"sendMediaGroup","message":{"message_id":6,"chat":{"id":-100},"date":2}}}',
    ]);
  });

  it('tell of a copy what was asked for, in whatever form', () => {
    const copy = {
      message_id: 9,
      from: { id: 42, is_bot: true },
      chat: { id: -100 },
      date: at,
      caption: 'look',
      reply_to_message: { message_id: 3 },
    };
    const asked = { from_chat_id: '7', caption: 'look' };
    for (const params of [
      { ...asked, chat_id: -100, message_id: 4, reply_parameters: { message_id: 3 } },
      { ...asked, chat_id: '-100', message_id: '4', reply_parameters: '{"message_id":3}' },
    ]) {
      expect(lines('copyMessage', params, { message_id: 9 })).toEqual([
        { method: 'copyMessage', from_chat_id: '7', from_message_id: 4, message: copy },
      ]);
    }
    expect(
      lines('forwardMessages', { chat_id: 7, from_chat_id: 8, message_ids: '[1,2]' }, [{ message_id: 3 }, { message_id: 4 }]),
    ).toMatchObject([
      { from_message_id: 1, message: { message_id: 3, chat: { id: 7, type: 'private' } } },
      { from_message_id: 2, message: { message_id: 4 } },
    ]);
  });

  it('name a chat by its id once that was seen', () => {
    const names = chatNames();
    expect(lines('copyMessage', { chat_id: '@The_Group', message_id: 1 }, { message_id: 9 }, names)).toMatchObject([
      { chat: { username: 'The_Group' }, message_id: 9 },
    ]);
    lines('sendMessage', {}, message, names);
    expect(lines('copyMessage', { chat_id: '@The_Group', message_id: 1 }, { message_id: 9 }, names)).toMatchObject([
      { message: { chat: { id: -100 } } },
    ]);
  });

  it('are one a deleted message', () => {
    expect(lines('deleteMessages', { chat_id: -100, message_ids: [1, 2] }, true)).toEqual([
      { method: 'deleteMessages', bot_id: 42, date: at, chat: { id: -100 }, message_id: 1 },
      { method: 'deleteMessages', bot_id: 42, date: at, chat: { id: -100 }, message_id: 2 },
    ]);
    expect(lines('deleteBusinessMessages', { business_connection_id: 'b', message_ids: '[3]' }, true)).toMatchObject([
      { business_connection_id: 'b', message_id: 3 },
    ]);
  });

  it('are none for what was refused, and for what is no answer of the Bot API there are no lines at all', () => {
    expect(sentLines({ method: 'sendMessage', params: {}, answer: '{"ok":false,"error_code":429}', at }, chatNames())).toEqual([]);
    expect(lines('sendMessage', {}, true)).toEqual([]);
    for (const answer of ['', '<html>', '[]', 'null', '{"ok":']) {
      expect(sentLines({ method: 'sendMessage', params: {}, answer, at }, chatNames())).toBeUndefined();
    }
  });

  it('are unknown where something was done, and what it was done to was not seen', () => {
    for (const method of ['deleteMessages', 'editMessageText'])
      expect(sentLines({ method, params: undefined, answer: '{"ok":true,"result":true}', at }, chatNames())).toBeUndefined();
  });
});
