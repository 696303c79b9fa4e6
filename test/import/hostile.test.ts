import { readdir } from 'node:fs/promises';
import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { noteText } from '../../src/cli/import-notes.js';
import type { Fault } from '../../src/import/notes.js';
import { newLake } from '../support/lake.js';
import { importText as summaryText } from '../../src/cli/import-text.js';
import { type Zone, zoneOf } from '../../src/zone.js';
import { exported, importInto, importText, telegramChat, telegramExport } from './importing.js';

const SENT = 1_720_000_000;
const NOT_EXPORTS: readonly (readonly [what: string, name: string, content: string | Buffer, says: RegExp, detail: Fault])[] = [
  ['an empty file', 'result.json', '', /is empty/, 'empty'],
  ['JSON of something else', 'package.json', '{"name":"chatlake","dependencies":{}}', /no "messages"/, 'no-messages'],
  ['a list', 'result.json', '[1, 2, 3]', /no WhatsApp chat/, 'no-dates'],
  ['a page', 'messages.html', '<!DOCTYPE html><html></html>', /Machine-readable JSON/, 'a-page'],
  ['bytes', 'chat.txt', Buffer.from([0xff, 0x00, 0x9c, 0x0a, 0x80, 0x81]), /no WhatsApp chat/, 'no-dates'],
  ['UTF-16', 'chat.txt', Buffer.from('\ufeff30/12/2021, 22:01 - Ana: oi\n', 'utf16le'), /UTF-16/, 'utf-16'],
  ['a broken archive', 'chat.zip', Buffer.from('PK\x03\x04 and no more'), /no zip archive/, 'no-archive'],
  ['an archive without a chat', 'photos.zip', zip([['photo.jpg', Buffer.from('x')]]), /holds no chat/, 'no-chat'],
  ['an archive with a name that leads out', 'chat.zip', zip([['../_chat.txt', Buffer.from('x')]]), /no zip archive/, 'no-archive'],
  [
    'an archive that is a bomb',
    'chat.zip',
    zip([['_chat.txt', Buffer.alloc(80 * 1024 * 1024, 0x20)]]),
    /that is no chat/,
    'too-much-inside',
  ],
];

/** Lines that compress to more than a few bytes. */
const TALK = Array.from({ length: 5000 }, (_, at) => `01/02/2024 10:00 - Ana: number ${(at * 7919) % 10_007}\n`).join('');

/** The archive with one bit of what it holds turned over. */
function damaged(archive: Buffer, at: number): Buffer {
  const bytes = Buffer.from(archive);
  bytes[at] = (bytes[at] as number) ^ 0x10;
  return bytes;
}

/** A zip archive by hand: libraries refuse to write what these tests need. */
function zip(files: readonly (readonly [string, Buffer])[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of files) {
    const data = deflateRawSync(content);
    const header = (signature: number, extra: number) => {
      const bytes = Buffer.alloc(30 + extra);
      bytes.writeUInt32LE(signature, 0);
      const at = extra > 0 ? 6 : 4;
      bytes.writeUInt16LE(20, at);
      bytes.writeUInt16LE(8, at + 4);
      bytes.writeUInt32LE(crc32(content), at + 10);
      bytes.writeUInt32LE(data.length, at + 14);
      bytes.writeUInt32LE(content.length, at + 18);
      bytes.writeUInt16LE(Buffer.byteLength(name), at + 22);
      if (extra > 0) bytes.writeUInt32LE(offset, 42);
      return Buffer.concat([bytes, Buffer.from(name)]);
    };
    central.push(header(0x02014b50, 16));
    locals.push(header(0x04034b50, 0), data);
    offset += 30 + Buffer.byteLength(name) + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

it('is told of a damaged archive before anything is written, whether it unpacks or not', async () => {
  const archive = zip([['_chat.txt', Buffer.from(TALK)]]);
  for (const at of [60, 2000, 5000, 9000, archive.length - 200]) {
    const lake = await newLake();
    await expect(importInto(lake, await exported('chat.zip', damaged(archive, at)))).rejects.toMatchObject({
      code: 'IMPORT',
      detail: 'no-archive',
    });
    expect(await readdir(lake.folder)).toEqual([]);
  }
});

describe('a file that is no export', () => {
  it.each(NOT_EXPORTS)('is refused with what it is: %s', async (_what, name, content, says, detail) => {
    const path = await exported(name, content);
    await expect(importInto(undefined, path)).rejects.toMatchObject({
      name: 'ChatlakeError',
      code: 'IMPORT',
      detail,
      message: expect.stringMatching(says) as string,
    });
  });
});

describe('an export of Telegram Desktop', () => {
  const whole = telegramChat(Array.from({ length: 50 }, (_, id) => telegramExport(id + 1, SENT + id, `text ${id}`)));

  it('gives what comes before a cut, at any byte, and says that it is cut', async () => {
    for (const bytes of [whole.length - 1, whole.length - 300, Math.floor(whole.length / 2), 200]) {
      const { summary, cut } = await importText(undefined, 'result.json', whole.slice(0, bytes));
      expect(cut).toMatchObject({ detail: 'cut-off', message: expect.stringMatching(/cut off/) as string });
      expect(summary.messages).toBe(whole.slice(0, bytes).split('\n  }').length - 1);
    }
  });

  it('keeps what is no message in the quarantine, and reads on', async () => {
    const broken = whole
      .replace('"text 3"', '"text \\q"')
      .replace('"text 5"', '"\\x1F and \\ud800"')
      .replace(/\{\s*"id": 8,/, '7, {"id": 8,');
    const { summary } = await importText(undefined, 'result.json', broken);
    expect(summary).toMatchObject({ messages: 49, rejected: 2, reasons: { 'import: invalid_json': 1, 'import: not a message': 1 } });
  });

  it('reads values of any shape where it expects names, numbers and ids', async () => {
    // As text: too deep for JSON.stringify.
    const shapes = ['{"toString":1,"valueOf":1}', '['.repeat(20_000) + ']'.repeat(20_000)];
    const members = [
      ...shapes.flatMap((value) => [
        `"type":"message","from_id":${value}`,
        `"type":"service","action":"invite_members","actor_id":${value}`,
        `"type":"message","location_information":{"latitude":${value},"longitude":1}`,
      ]),
      ...['constructor', '__proto__'].map((name) => `"type":"message","media_type":"${name}","file":"a.bin"`),
    ];
    const messages = members.map((some, at) => `{"id":${at + 1},"date_unixtime":"${SENT}","from":"Ana",${some}}`);
    const text = `{"name":"x","type":"private_supergroup","id":5,"messages":[${messages.join(',')}]}`;
    const { summary } = await importText(undefined, 'result.json', text);
    expect(summary).toMatchObject({ messages: messages.length, rejected: 0, kinds: { document: 2 } });
    await expect(importText(undefined, 'result.json', '{{"toString":1,"valueOf":1}:1}')).rejects.toThrow(/no "messages"/);
  });

  it('tells no time of a message that says an impossible one', async () => {
    const times = ['99999999999999', '-5', String(SENT)];
    const messages = times.map((date_unixtime, at) => telegramExport(at + 1, SENT, 'hi', { date_unixtime }));
    const outcome = await importText(undefined, 'result.json', telegramChat(messages));
    expect(outcome.summary).toMatchObject({ messages: 3, chats: [{ first: SENT, last: SENT }] });
    expect(summaryText(outcome, zoneOf('America/Sao_Paulo') as Zone, true)).toContain('3 messages, 1 person, 2024-07-03 to 2024-07-03');
  });

  it('knows a chat that is named after its messages, and those that an account left', async () => {
    const messages = [telegramExport(1, SENT, 'hi')];
    const account = JSON.stringify({
      contacts: { list: [{ phone_number: '1' }] },
      chats: { list: [{ messages, type: 'public_channel', id: 5, name: 'Late' }, 3] },
      left_chats: { list: [{ name: 'Left', type: 'private_group', id: 6, messages }] },
    });
    const { summary } = await importText(undefined, 'result.json', account);
    expect(summary.chats.map(({ name, messages: count }) => [name, count])).toEqual([
      ['Late', 1],
      ['Left', 1],
    ]);
  });

  it('writes no payload of the file into an error', async () => {
    const { cut } = await importText(await newLake(), 'result.json', whole.slice(0, -40));
    expect(cut?.message).not.toContain('text');
  });
});

const chat = (text: string | Buffer, choices = {}) => importText(undefined, 'WhatsApp Chat with Ana.txt', text, choices);

describe('a chat export of WhatsApp', () => {
  it('takes brackets, narrow spaces, direction marks, halves of the day and many lines', async () => {
    const { summary } = await chat(
      '\u200e[12/31/24, 11:59:58\u202fPM] ~\u00a0Ana: first\nsecond: line\r\n[1/1/25, 12:00:01\u202fAM] +55 11 91234-5678: \u200eimage omitted\r\n\u200e[1/1/25, 12:00:02\u202fAM] Ana: \u200e<attached: 00000012-AUDIO-2025.opus>\r\n',
    );
    expect(summary.kinds).toEqual({ text: 1, image: 1, audio: 1 });
    expect(summary.sample.map(({ author, text, date }) => [author, text, date])).toEqual([
      ['Ana', 'first\nsecond: line', Date.parse('2024-12-31T23:59:58Z') / 1000],
    ]);
  });

  it('takes the word for year that Bulgarian phones write behind it', async () => {
    const { summary } = await chat('1.02.24 г., 9:05 - Ana: one\n13.02.24 г., 9:05 - Bia: two\n');
    expect(summary.chats[0]).toMatchObject({ messages: 2, people: 2, first: Date.parse('2024-02-01T09:05:00Z') / 1000 });
  });

  it('knows who exported a chat of two, whichever phone wrote it', async () => {
    const app = '\u200e[02/07/2024, 12:00:00] Ana: \u200eMessages and calls are end-to-end encrypted.';
    const said = ['[02/07/2024, 12:01:00] Ana: hello', '[02/07/2024, 12:02:00] Shop: hi'];
    const { summary } = await importText(undefined, 'WhatsApp Chat - Ana.txt', [app, ...said].join('\n'));
    expect(summary.notes.map(noteText)).toContain('Messages of "Shop" count as sent by the business.');
    const number = said
      .join('\n')
      .replaceAll('Ana', '+55 11 99999-0000')
      .replaceAll(/\[(.*)\]/g, '$1 -');
    const told = (await importText(undefined, 'chat.txt', number)).summary.notes.map(noteText).join(' ');
    expect(told).toContain('Messages of "Shop" count as sent by the business.');
    expect(told).toContain('ending in 0000');
    expect(told).not.toContain('5511999990000');
  });

  it('finds the order of dates in all of the file, says when it cannot, and takes an order that is told', async () => {
    const line = (date: string) => `${date}, 10:00 - Ana: x\n`;
    const noteOf = async (text: string, choices = {}) => (await chat(text, choices)).summary.notes.map(noteText)[0];
    expect(await noteOf(line('01/02/24') + line('13/02/24'))).toMatch(/^Dates are day\/month\/year/);
    expect(await noteOf(line('01/02/24') + line('02/13/24'))).toMatch(/^Dates are month\/day\/year/);
    expect(await noteOf(line('01/12/24') + line('02/01/24') + line('03/02/24'))).toMatch(
      /^Dates are month\/day\/year|time would run backward/,
    );
    expect(await noteOf(line('01/02/24'))).toMatch(/could be .*--date-order/);
    const { summary } = await chat(line('01/02/24'), { dateOrder: 'mdy' });
    expect(summary.chats[0]?.first).toBe(Date.parse('2024-01-02T10:00:00Z') / 1000);
  });

  it('sets aside what belongs to no message, no such date and bytes that are no text, with their lines', async () => {
    const lake = await newLake();
    const { summary } = await importText(
      lake,
      'WhatsApp Chat with Ana.txt',
      Buffer.concat([
        Buffer.from(
          'before\n30/01/24, 10:00 - Ana: ok\n31/02/24, 10:00 - Ana: no\nmore of it\n31/01/24, 10:00 - Ana: \u0000 \n31/01/24, 10:01 - Ana: ',
        ),
        Buffer.from([0xc3, 0x28]),
        Buffer.from('\n'),
      ]),
    );
    expect(summary).toMatchObject({
      messages: 2,
      rejected: 3,
      reasons: { 'import: belongs to no message': 1, 'import: no such date': 1, 'import: not_utf8': 1 },
    });
  });

  it('holds a line of any length without taking it whole', async () => {
    const { summary } = await chat(
      `30/01/24, 10:00 - Ana: ok\n30/01/24, 10:01 - Ana: ${'x'.repeat(3_000_000)}\n30/01/24, 10:02 - Ana: ok\n`,
    );
    expect(summary).toMatchObject({ messages: 2, rejected: 1 });
  });
});
