import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { payloadOf } from '../../src/server/route-payload.js';
import { payloadIn, rawLines, segmentsIn } from '../lake/raw.js';
import { receiving, toTelegram, toWhatsapp } from './receiving.js';

const CORPUS = join(import.meta.dirname, '../../../shared/corpora/robustness');
const absent = existsSync(CORPUS) ? '' : ' (skipped: the corpus is not beside this checkout)';

/** Every body is in the lake as it came: as a line, or byte for byte among the rejected ones. */
async function expectKept(folder: string, bodies: readonly Buffer[]): Promise<void> {
  const kept = { lines: [] as string[], rejected: [] as string[] };
  for (const { file, text, fields } of await rawLines(folder)) {
    if (file.startsWith('_rejected/')) kept.rejected.push(`${fields['reason'] as string} ${fields['body'] as string}`);
    else kept.lines.push(payloadIn(text));
  }
  const expected = { lines: [] as string[], rejected: [] as string[] };
  for (const body of bodies) {
    const payload = payloadOf(body);
    if ('reason' in payload) expected.rejected.push(`${payload.reason} ${body.toString('base64')}`);
    else
      expected.lines.push(
        body
          .toString('utf8')
          .trimStart()
          .replaceAll(/[\r\n]/g, ' '),
      );
  }
  expect(kept.lines.sort()).toEqual(expected.lines.sort());
  expect(kept.rejected.sort()).toEqual(expected.rejected.sort());
}

describe('an authentic body', () => {
  it.skipIf(absent !== '')(`is kept whatever JSON it is or is not: JSONTestSuite${absent}`, async () => {
    const { server, folder } = await receiving();
    const suite = ['test_parsing', 'test_transform'].flatMap((part) => {
      const place = join(CORPUS, 'JSONTestSuite', part);
      return existsSync(place) ? readdirSync(place).map((name) => readFileSync(join(place, name))) : [];
    });
    // Most of the suite are arrays; wrapped they reach the lake as lines too.
    const bodies = suite.flatMap((bytes) => [bytes, Buffer.concat([Buffer.from('{"update_id":1,"x":'), bytes, Buffer.from('}')])]);
    expect(suite.length).toBeGreaterThan(300);
    for (const body of bodies) expect((await toTelegram(server.port, body)).status).toBe(200);
    await expectKept(folder, bodies);
  });

  it.skipIf(absent !== '')(`is kept whatever text it holds: naughty strings${absent}`, async () => {
    const { server, folder } = await receiving();
    const strings = JSON.parse(readFileSync(join(CORPUS, 'blns/blns.json'), 'utf8')) as string[];
    const bodies = strings.flatMap((text) => [
      Buffer.from(JSON.stringify({ update_id: 1, text })),
      Buffer.from(text),
      Buffer.from(JSON.stringify({ [text]: text })),
    ]);
    for (const body of bodies) expect((await toWhatsapp(server.port, body)).status).toBe(200);
    await expectKept(folder, bodies);
  });

  it.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['spaces', ' \n '],
    ['a lone surrogate', '{"text":"\\ud800"}'],
    ['an escaped NUL', '{"text":"\\u0000"}'],
    ['a bare NUL', '{"text":"\0"}'],
    ['NUL bytes', Buffer.alloc(1000)],
    ['duplicate keys', '{"a":1,"a":2,"_line":9,"_received_at":9}'],
    ['a prototype', '{"__proto__":{"chat":{"id":-1}},"constructor":1}'],
    ['line separators in a string', '{"text":"\u2028\u2029\u0085"}'],
    ['carriage returns between tokens', '{\r"a"\r\n:\n1\r}\r\n'],
    ['an object with a byte order mark', '\ufeff{}'],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le')],
    ['half a character', Buffer.from('{"text":"é"}').subarray(0, 10)],
    ['an overlong encoding', Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d])],
    ['an array', '[{"update_id":1}]'],
    ['null', 'null'],
    ['two objects', '{"a":1}{"a":2}'],
    ['numbers beyond 64 bits', '{"update_id":123456789012345678901234567890,"x":1e999}'],
    [
      'odd types in known places',
      '{"message":{"chat":"x"},"callback_query":{"message":{"chat":{"id":"1"}}},"poll":null,"entry":{"changes":1}}',
    ],
  ])('of %s is kept and answered 200', async (_name, body) => {
    const { server, folder } = await receiving({ chatIds: [-1], phoneNumberIds: ['1'] });
    const bytes = Buffer.from(body);
    expect((await toTelegram(server.port, bytes)).status).toBe(200);
    await expectKept(folder, [bytes]);
    expect((await toWhatsapp(server.port, bytes)).status).toBe(200);
    await expectKept(folder, [bytes, bytes]);
  });

  it.each([
    ['arrays', '{"a":' + '['.repeat(1_000_000) + ']'.repeat(1_000_000) + '}'],
    ['objects', '{"a":'.repeat(400_000) + '1' + '}'.repeat(400_000)],
    ['unclosed arrays', '['.repeat(3_000_000)],
  ])('nested deep in %s is kept and answered 200', async (_name, body) => {
    const { server, folder } = await receiving({ chatIds: [-1], phoneNumberIds: ['1'] });
    expect((await toTelegram(server.port, body)).status).toBe(200);
    const [text] = [...(await segmentsIn(folder)).values()];
    expect((text?.length ?? 0) > body.length).toBe(true);
    expect((await toTelegram(server.port, '{"update_id":2}')).status).toBe(200);
  });
});
