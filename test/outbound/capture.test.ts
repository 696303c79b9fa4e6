import { Bot, InputFile } from 'grammy';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { capture } from '../../src/index.js';
import { temporaryFolder } from '../lake/disks.js';
import { rawLines } from '../lake/raw.js';
import { fakeBotApi, type FakeBotApi } from '../support/bot-api.js';
import { fakeGraphApi } from '../support/graph-api.js';

const TOKEN = '123456789:AAtest_token-of-a-bot-0123456789';
const CLOUD_TOKEN = 'EAAtest0123456789token';
let api: FakeBotApi | undefined;
afterEach(() => api?.close());

const sentIn = async (folder: string) => (await rawLines(folder)).map(({ fields }) => fields['outbound'] as Record<string, unknown>);

describe('capture', () => {
  it('keeps what a grammY bot sends, edits and deletes, and changes nothing of it', async () => {
    api = await fakeBotApi({ token: TOKEN });
    const folder = await temporaryFolder();
    const lake = capture({ raw: folder });
    const bot = new Bot(TOKEN, { client: { apiRoot: api.url } });
    bot.api.config.use(lake.transformer);
    const sent = await bot.api.sendMessage(7, 'hello');
    await bot.api.sendPhoto(7, new InputFile(Buffer.alloc(100), 'a.png'), { caption: 'look' });
    await bot.api.editMessageText(7, sent.message_id, 'hello again');
    await bot.api.sendChatAction(7, 'typing');
    await bot.api.copyMessage(7, 8, 9);
    await bot.api.deleteMessage(7, sent.message_id);
    api.failNext('sendMessage', { status: 429, retryAfter: 3 });
    await expect(bot.api.sendMessage(7, 'too much')).rejects.toThrow(/429/);
    await lake.close();
    expect(sent.text).toBe('hello');
    expect(
      (await sentIn(folder)).map(({ method, message, message_id }) => [
        method,
        (message as { message_id: number } | undefined)?.message_id ?? message_id,
      ]),
    ).toEqual([
      ['sendMessage', 5001],
      ['sendPhoto', 5002],
      ['editMessageText', 5001],
      ['copyMessage', 5003],
      ['deleteMessage', 5001],
    ]);
  });

  it('keeps what goes through its fetch, whatever the body is made of', async () => {
    const graph = await fakeGraphApi({ token: CLOUD_TOKEN });
    onTestFinished(() => graph.close());
    api = await fakeBotApi({ token: TOKEN });
    const folder = await temporaryFolder();
    const lake = capture({ raw: folder, timezone: '-03:00' });
    const send = lake.fetch();
    const headers = { authorization: `Bearer ${CLOUD_TOKEN}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ messaging_product: 'whatsapp', to: '5511999990000', text: { body: 'olá' } });
    const answer = await send(`${graph.url}/v26.0/106/messages`, { method: 'POST', headers, body });
    expect(await answer.json()).toMatchObject({ messages: [{ id: 'wamid.fake1' }] });
    await send(new Request(`${graph.url}/v26.0/106/messages`, { method: 'POST', headers, body }));
    await send(`${graph.url}/v26.0/106/messages`, { method: 'POST', headers: { ...headers, authorization: 'Bearer wrong' }, body });
    const form = new FormData();
    form.set('chat_id', '7');
    form.set('document', new Blob([Buffer.alloc(10)]), 'a.bin');
    await send(`${api.url}/bot${TOKEN}/sendDocument`, { method: 'POST', body: form });
    await send(`${api.url}/bot${TOKEN}/deleteMessages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"chat_id":7,"message_ids":[1,2]}',
    });
    await lake.close();
    const name = ({ method = 'whatsapp', message_id = 0, response }: Record<string, unknown>) =>
      `${String(method)}${String(message_id)}${JSON.stringify(response)}`;
    expect((await sentIn(folder)).toSorted((a, b) => name(a).localeCompare(name(b)))).toMatchObject([
      { method: 'deleteMessages', bot_id: 123456789, message_id: 1 },
      { method: 'deleteMessages', message_id: 2 },
      { method: 'sendDocument', message: { document: { file_size: 10 } } },
      { phone_number_id: '106', request: { text: { body: 'olá' } }, response: { messages: [{ id: 'wamid.fake1' }] } },
      { phone_number_id: '106', response: { messages: [{ id: 'wamid.fake2' }] } },
    ]);
  });

  it('knows a call whose token is percent-encoded', async () => {
    const folder = await temporaryFolder();
    const lake = capture({ raw: folder });
    const message = { message_id: 1, chat: { id: 7, type: 'private' }, date: 1_720_000_000, text: 'hello' };
    const send = lake.fetch(() => Promise.resolve(Response.json({ ok: true, result: message })));
    await send(`http://localhost/bot${encodeURIComponent(TOKEN)}/sendMessage`, { method: 'POST' });
    await lake.close();
    expect(await sentIn(folder)).toEqual([{ method: 'sendMessage', message }]);
  });

  it('never fails a call: what could not be kept is told', async () => {
    api = await fakeBotApi({ token: TOKEN });
    const lost: string[] = [];
    const lake = capture({ raw: '/dev/null/raw', onLost: (source, reason) => lost.push(`${source} ${reason}`) });
    const bot = new Bot(TOKEN, { client: { apiRoot: api.url } });
    bot.api.config.use(lake.transformer);
    expect((await bot.api.sendMessage(7, 'hello')).text).toBe('hello');
    await lake.close();
    expect(lost).toEqual(['telegram lake_unavailable']);
  });

  it('survives a caller who fails when told of a loss', async () => {
    api = await fakeBotApi({ token: TOKEN });
    let told = 0;
    const onLost = () => {
      told += 1;
      throw new Error('of the caller');
    };
    const lake = capture({ raw: '/dev/null/raw', onLost });
    const bot = new Bot(TOKEN, { client: { apiRoot: api.url } });
    bot.api.config.use(lake.transformer);
    await bot.api.sendMessage(7, 'hello');
    await expect(lake.close()).resolves.toBeUndefined();
    expect(told).toBe(1);
  });

  it('survives a body that breaks off, and tells the caller so', async () => {
    const unheard: unknown[] = [];
    const hear = (reason: unknown) => void unheard.push(reason);
    process.on('unhandledRejection', hear);
    onTestFinished(() => void process.off('unhandledRejection', hear));
    api = await fakeBotApi({ token: TOKEN });
    const lake = capture({ raw: await temporaryFolder() });
    const body = new ReadableStream({
      pull: () => {
        throw new Error('broke off');
      },
    });
    const request = new Request(`${api.url}/bot${TOKEN}/editMessageText`, { method: 'POST', body, duplex: 'half' } as RequestInit);
    await expect(lake.fetch()(request)).rejects.toThrow('fetch failed');
    await lake.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(unheard).toEqual([]);
  });

  it('keeps no token that stands in the body', async () => {
    const graph = await fakeGraphApi({ token: CLOUD_TOKEN });
    onTestFinished(() => graph.close());
    const folder = await temporaryFolder();
    const lake = capture({ raw: folder });
    const message = { messaging_product: 'whatsapp', to: '5511999990000', text: { body: 'olá' } };
    await lake.fetch()(`${graph.url}/v26.0/106/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${CLOUD_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...message, access_token: CLOUD_TOKEN, appsecret_proof: CLOUD_TOKEN }),
    });
    await lake.close();
    const sent = await sentIn(folder);
    expect(sent.map(({ request }) => request)).toEqual([message]);
    expect(JSON.stringify(sent)).not.toContain(CLOUD_TOKEN);
  });

  it('keeps a message that stands in the address, under a method that stands there too, and nothing of the token', async () => {
    const graph = await fakeGraphApi({ token: CLOUD_TOKEN });
    onTestFinished(() => graph.close());
    const folder = await temporaryFolder();
    const lake = capture({ raw: folder });
    const message = { messaging_product: 'whatsapp', to: '+55 11 99999-0000', text: '{"body":"olá"}' };
    const said = new URLSearchParams({ ...message, method: 'post', access_token: CLOUD_TOKEN });
    await lake.fetch()(`${graph.url}/v26.0/106/messages?${said.toString()}`);
    const exact = '{"messaging_product":"whatsapp","to":"5511999990000","n":12345678901234567890}';
    await lake.fetch()(`${graph.url}/v26.0/106/messages?access_token=${CLOUD_TOKEN}`, { method: 'POST', body: exact });
    await lake.fetch()(`${graph.url}/v26.0/106/messages?method=get&access_token=${CLOUD_TOKEN}`, { method: 'POST', body: exact });
    await lake.close();
    expect((await sentIn(folder)).map(({ request }) => request)).toEqual([{ ...message, text: { body: 'olá' } }, JSON.parse(exact)]);
    const raw = (await rawLines(folder)).map(({ text }) => text).join('\n');
    expect(raw).toContain('12345678901234567890');
    expect(raw).not.toContain(CLOUD_TOKEN);
  });

  it('reads a form of parts as one of fields', async () => {
    const folder = await temporaryFolder();
    const lake = capture({ raw: folder });
    const form = new FormData();
    for (const [name, value] of Object.entries({ to: '5511999990000', text: '{"body":"olá\\n+1 & 2"}', access_token: CLOUD_TOKEN }))
      form.set(name, value);
    const send = lake.fetch(() => Promise.resolve(new Response('{"messages":[{"id":"wamid.1"}]}')));
    for (const body of [form, new URLSearchParams([...form] as [string, string][])])
      await send('https://graph.facebook.com/v26.0/106/messages', { method: 'POST', body });
    await lake.close();
    const message = { to: '5511999990000', text: { body: 'olá\n+1 & 2' } };
    expect((await sentIn(folder)).map(({ request }) => request)).toEqual([message, message]);
  });

  it('keeps texts of the address as they are, and no token however its name is written', async () => {
    const graph = await fakeGraphApi({ token: CLOUD_TOKEN });
    onTestFinished(() => graph.close());
    const folder = await temporaryFolder();
    const lake = capture({ raw: folder });
    const at = (query: string) => `${graph.url}/v26.0/106/messages?${query}`;
    const authorised = { authorization: `Bearer ${CLOUD_TOKEN}` };
    const texts = { to: '120363023847563456789', biz_opaque_callback_data: '12e3' };
    const odd = `access_token[]=${CLOUD_TOKEN}&Access_Token=${CLOUD_TOKEN}&appsecret_proof[a]=${CLOUD_TOKEN}`;
    const query = `${odd}&method=&biz_opaque_callback_data=12e3&context={"message_id":"wamid.1"}`;
    await lake.fetch()(at(query), { method: 'POST', headers: authorised, body: JSON.stringify({ to: texts.to }) });
    await lake.fetch()(at(`method=post&method=POST&${new URLSearchParams(texts).toString()}`), { headers: authorised });
    await lake.close();
    expect((await sentIn(folder)).map(({ request }) => request)).toEqual([{ ...texts, context: { message_id: 'wamid.1' } }, texts]);
    expect((await rawLines(folder)).map(({ text }) => text).join('\n')).not.toContain(CLOUD_TOKEN);
  });

  it('wants a time zone that there is', () => {
    expect(() => capture({ timezone: 'Mars/Olympus' })).toThrow(/IANA/);
  });
});
