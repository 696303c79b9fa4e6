import { expect, it } from 'vitest';
import { jsonOf, paramsOf } from '../../src/outbound/params.js';

const URLENCODED = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data; boundary=x';
const NONE = new URLSearchParams();

const urlForm = (count: number) => Buffer.from(Array.from({ length: count }, (_, index) => `field${index}=${index}`).join('&'));
const parts = (count: number) =>
  Array.from({ length: count }, (_, index) => `--x\r\nContent-Disposition: form-data; name="field${index}"\r\n\r\n${index}\r\n`);
const multipart = (count: number) => Buffer.from(`${parts(count).join('')}--x--\r\n`);

it.each([
  ['a form', URLENCODED, urlForm],
  ['a multipart form', MULTIPART, multipart],
] as const)('reads every field of %s, and none of one that has more than any call', (_what, type, form) => {
  expect(Object.keys(paramsOf(NONE, type, form(400)))).toHaveLength(400);
  expect(paramsOf(NONE, type, form(100_000))).toEqual({});
  expect(jsonOf(NONE, type, form(100_000))).toBe('{}');
  expect(paramsOf(new URLSearchParams('chat_id=7'), type, form(100_000))).toEqual({ chat_id: '7' });
});

it('reads values of a multipart form as they are, of any size, and leaves files out', () => {
  const long = 'a\r\n\r\n--y '.repeat(100_000);
  const body = Buffer.from(
    `--x\r\nContent-Disposition: form-data; name="caption"\r\n\r\n${long}\r\n--x\r\nContent-Disposition: form-data; name="document"; filename="a.txt"\r\n\r\nx\r\n--x--\r\n`,
  );
  expect(paramsOf(NONE, MULTIPART, body)).toEqual({ caption: long });
});

it('takes a part without an end of its head for no field', () => {
  const body = Buffer.from(`--x\r\nname="${'a'.repeat(4_000_000)}\r\n--x\r\nContent-Disposition: form-data; name="b"\r\n\r\n1\r\n--x--`);
  expect(paramsOf(NONE, MULTIPART, body)).toEqual({ b: '1' });
});
