import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whatsappReceiver } from '../../../src/sources/whatsapp/receive.js';

const receiver = (phoneNumberIds: readonly string[] = [], verifyToken: string | undefined = 'token') =>
  whatsappReceiver({ appSecret: 'secret', verifyToken, phoneNumberIds });
const sign = (body: Uint8Array) => `sha256=${createHmac('sha256', 'secret').update(body).digest('hex')}`;

describe('the signature of WhatsApp', () => {
  it('is over the bytes as they came', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), (bytes, other) => {
        const headers = { 'x-hub-signature-256': sign(bytes) };
        expect(receiver().admits(headers)).toBe(true);
        expect(receiver().authentic(headers, Buffer.from(bytes))).toBe(true);
        expect(receiver().authentic(headers, Buffer.from(other))).toBe(Buffer.compare(bytes, other) === 0);
      }),
    );
  });

  it.each([
    undefined,
    '',
    'sha256=',
    'sha256=zz',
    `sha1=${'0'.repeat(40)}`,
    sign(Buffer.from('x')).slice(7),
    `${sign(Buffer.from('x'))}, ${sign(Buffer.from('x'))}`,
  ])('is refused unread when it is malformed: %s', (given) => {
    const headers = given === undefined ? {} : { 'x-hub-signature-256': given };
    expect(receiver().admits(headers)).toBe(false);
    expect(receiver().authentic(headers, Buffer.from('x'))).toBe(false);
  });
});

describe('the handshake of WhatsApp', () => {
  it('is refused where there is no verify token', () => {
    expect(receiver([], '').handshake?.(new URLSearchParams('hub.mode=subscribe&hub.challenge=1&hub.verify_token='))).toEqual({
      status: 403,
      body: '',
    });
  });

  it('gives the challenge back as it came', () => {
    const query = new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.challenge': 'a b&c', 'hub.verify_token': 'token' });
    expect(receiver().handshake?.(query)).toEqual({ status: 200, body: 'a b&c' });
  });
});

describe('the filter by phone number', () => {
  const change = (id?: unknown) => ({ field: 'messages', value: id === undefined ? {} : { metadata: { phone_number_id: id } } });
  const body = (...changes: unknown[]) => ({
    object: 'whatsapp_business_account',
    entry: changes.map((one) => ({ id: '1', changes: [one] })),
  });
  const wants = (payload: Readonly<Record<string, unknown>>) => receiver(['10', '11']).wants(payload);

  it('keeps a body of which any change is about a wanted number', () => {
    expect(wants(body(change('10')))).toBe(true);
    expect(wants(body(change('99'), change('11')))).toBe(true);
    expect(wants(body(change(10)))).toBe(true);
    expect(wants(body(change('99'), change('98')))).toBe(false);
  });

  it('keeps what is about the account', () => {
    expect(wants(body(change()))).toBe(true);
    expect(wants(body(change('99'), change()))).toBe(true);
    expect(wants(body())).toBe(true);
    expect(wants({})).toBe(true);
  });

  it('keeps everything when it is empty', () => {
    expect(receiver().wants(body(change('99')))).toBe(true);
  });

  it('decides on anything that is an object', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (entry, value) => {
        expect(typeof wants({ entry })).toBe('boolean');
        expect(typeof wants({ entry: [{ changes: [value, { value }] }, value] })).toBe('boolean');
      }),
    );
  });
});
