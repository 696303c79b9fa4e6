import fc from 'fast-check';
import { callback, CHAT, telegramMessage, whatsappBody, whatsappMessage } from '../support/lake-payloads.js';
import type { Arrival, Unit } from './model.js';

/** Payloads that the model of `model.ts` knows, with the units they hold; and arbitrary histories of their delivery. */
export interface Delivered {
  readonly source: 'telegram' | 'whatsapp';
  readonly payload: string;
  /** Units of the payload; none for one that belongs in quarantine. */
  readonly units: (arrival: Arrival) => Unit[];
}

/** One line of a raw file. */
export interface Delivery {
  readonly what: Delivered;
  /** Epoch milliseconds. */
  readonly received: number;
  /** Which of a day's files, and in which step of the history the line is there. */
  readonly file: number;
  readonly step: number;
  /** Written by another program: without arrival and number. */
  readonly bare: boolean;
}

const WORDS = ['aaa', 'bbb', 'ccc'];

function textUnit(fields: {
  id: number;
  chat: number;
  date: number;
  text: string;
  edited: number | undefined;
  connection: string | undefined;
  update: number;
}): Delivered {
  const { id, chat, date, text, edited, connection, update } = fields;
  const kind = `${edited === undefined ? '' : 'edited_'}${connection === undefined ? '' : 'business_'}message`;
  const payload = telegramMessage({
    id,
    chat,
    date,
    text,
    update,
    kind,
    ...(edited === undefined ? {} : { edited }),
    ...(connection === undefined ? {} : { connection }),
  });
  const row = {
    message_id: id,
    user_id: 7,
    user_is_bot: false,
    user_first_name: 'User 7',
    chat_id: chat,
    chat_type: 'supergroup',
    data_type: 'text',
    text,
    date,
    update_kind: kind,
    chat_title: 'The group',
    ...(edited === undefined ? {} : { edit_date: edited }),
    ...(connection === undefined ? {} : { business_connection_id: connection }),
    direction: 'in',
    update_id: update,
  };
  const asEvent = {
    event_id: ['version', chat, ...(connection === undefined ? [] : [connection]), id].join(':'),
    update_id: update,
    update_kind: kind,
    chat_id: chat,
    message_id: id,
    user_id: 7,
    date: edited ?? date,
  };
  const unit = {
    table: 'telegram',
    row,
    key: [chat, connection, id],
    version: [edited ?? 0, kind.startsWith('edited') ? 1 : 0],
    aside: ['update_id'],
    asEvent,
  };
  return { source: 'telegram', payload: JSON.stringify(payload), units: (arrival) => [{ ...unit, arrival }] };
}

function eventUnit(update: number, date: number | undefined, said: string): Delivered {
  const body = { chat: { id: CHAT, type: 'group' }, from: { id: 7 }, date, old: said };
  const update_kind = date === undefined ? 'callback_query' : 'my_chat_member';
  const payload = date === undefined ? callback(update, said) : { update_id: update, my_chat_member: body };
  const value = JSON.stringify((payload as Record<string, unknown>)[update_kind]);
  const row = {
    event_id: `${update_kind}:${update}`,
    update_id: update,
    update_kind,
    ...(date === undefined ? {} : { chat_id: CHAT }),
    user_id: 7,
    ...(date === undefined ? {} : { date }),
    payload: value,
  };
  const unit: Omit<Unit, 'arrival'> = { table: 'telegram_events', row, key: [row.event_id], version: undefined, aside: ['update_id'] };
  return { source: 'telegram', payload: JSON.stringify(payload), units: (arrival) => [{ ...unit, arrival }] };
}

function bodyUnit(messages: readonly { id: string; date: number; text: string }[]): Delivered {
  const units = messages.map(({ id, date, text }): Omit<Unit, 'arrival'> => {
    const known = {
      number: 5511999990000,
      message: text,
      date,
      type: 'text',
      message_id: id,
      phone_number_id: '106540352242922',
      display_phone_number: '15550783881',
      direction: 'in',
    };
    const asEvent = {
      event_id: `version:106540352242922:${id}`,
      field: 'messages',
      phone_number_id: '106540352242922',
      message_id: id,
      date,
    };
    return { table: 'whatsapp', row: known, key: ['106540352242922', id], version: [date], aside: [], asEvent };
  });
  return {
    source: 'whatsapp',
    payload: JSON.stringify(whatsappBody({ messages: messages.map((message) => whatsappMessage(message)) })),
    units: (arrival) => units.map((unit) => ({ ...unit, arrival })),
  };
}

/** A message without its date: it belongs in quarantine. */
const undatable: Delivered = {
  source: 'telegram',
  payload: '{"update_id":1,"message":{"message_id":1,"chat":{"id":1},"text":"when?"}}',
  units: () => [],
};

/** Instants around `middle` (epoch seconds): the midnights of some days, and seconds beside them. */
const instant = (middle: number) =>
  fc
    .tuple(fc.integer({ min: -1, max: 1 }), fc.constantFrom(-7200, -1, 0, 1, 30_000))
    .map(([day, beside]) => middle + day * 86_400 + beside);

const word = fc.constantFrom(...WORDS);

function delivered(middle: number): fc.Arbitrary<Delivered> {
  const message = fc
    .record({
      id: fc.integer({ min: 1, max: 5 }),
      chat: fc.constantFrom(CHAT, 42),
      date: instant(middle),
      text: word,
      edited: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
      connection: fc.constantFrom(undefined, undefined, 'one'),
      update: fc.integer({ min: 1, max: 5 }),
    })
    .map((fields) => textUnit({ ...fields, edited: fields.edited === undefined ? undefined : fields.date + fields.edited * 50_000 }));
  const dated = fc
    .record({ update: fc.integer({ min: 1, max: 3 }), date: instant(middle), said: word })
    .map(({ update, date, said }) => eventUnit(update, date, said));
  const body = fc
    .array(fc.record({ id: fc.constantFrom('wamid.1', 'wamid.2'), date: instant(middle), text: word }), { minLength: 1, maxLength: 3 })
    .map((messages) => bodyUnit(messages));
  return fc.oneof(
    { weight: 6, arbitrary: message },
    { weight: 2, arbitrary: dated },
    { weight: 3, arbitrary: body },
    { weight: 1, arbitrary: fc.constant(undatable) },
  );
}

/** How often and when something comes. What has no time of its own comes again within a day. */
export function deliveries(middle: number, files: number, steps: number): fc.Arbitrary<Delivery[]> {
  const place = fc.record({
    file: fc.integer({ min: 0, max: files - 1 }),
    step: fc.integer({ min: 0, max: steps - 1 }),
    bare: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  });
  const often = delivered(middle).chain((what) =>
    fc
      .array(fc.tuple(instant(middle), fc.integer({ min: 0, max: 999 }), place), { minLength: 1, maxLength: 3 })
      .map((times) => times.map(([at, ms, where]) => ({ what, received: at * 1000 + ms, ...where }))),
  );
  let update = 100;
  const undated = fc
    .tuple(instant(middle), fc.array(fc.tuple(fc.integer({ min: 0, max: 80_000 }), place), { minLength: 1, maxLength: 3 }), word)
    .map(([first, times, said]) => {
      const what = eventUnit(update++, undefined, said);
      return times.map(([after, where]) => ({ what, received: (first + after) * 1000, ...where, bare: false }));
    });
  return fc
    .array(fc.oneof({ weight: 5, arbitrary: often }, { weight: 1, arbitrary: undated }), { minLength: 3, maxLength: 60 })
    .map((all) => all.flat());
}
