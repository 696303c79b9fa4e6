/** Payloads as the two platforms write them, as far as tests need them. */

export interface MessageFields {
  readonly id: number;
  readonly chat?: number;
  readonly user?: number;
  readonly date: number;
  readonly text?: string;
  readonly edited?: number;
  readonly kind?: string;
  readonly update?: number;
  readonly connection?: string;
  /** Further keys of the message. */
  readonly more?: object;
}

export const CHAT = -1001234567890;

/** A Telegram update that carries a message. */
export function telegramMessage({
  id,
  chat = CHAT,
  user = 7,
  date,
  text,
  edited,
  kind,
  update = 1000 + id,
  connection,
  more,
}: MessageFields): object {
  return {
    update_id: update,
    [kind ?? (edited === undefined ? 'message' : 'edited_message')]: {
      message_id: id,
      from: { id: user, is_bot: false, first_name: `User ${user}` },
      chat: { id: chat, type: 'supergroup', title: 'The group' },
      date,
      ...(edited === undefined ? {} : { edit_date: edited }),
      ...(text === undefined ? {} : { text }),
      ...(connection === undefined ? {} : { business_connection_id: connection }),
      ...more,
    },
  };
}

export const callback = (update: number, data = 'yes'): object => ({
  update_id: update,
  callback_query: { id: `c${update}`, from: { id: 7, is_bot: false, first_name: 'User 7' }, chat_instance: 'i', data },
});

export interface WhatsappFields {
  readonly id: string;
  readonly from?: string;
  readonly date: number;
  readonly text?: string;
  readonly more?: object;
}

export const whatsappMessage = ({ id, from = '5511999990000', date, text, more }: WhatsappFields): object => ({
  from,
  id,
  timestamp: String(date),
  type: 'text',
  ...(text === undefined ? {} : { text: { body: text } }),
  ...more,
});

export const contact = (waId: string, name: string): object => ({ profile: { name }, wa_id: waId });

export const metadata = (number = '106540352242922'): object => ({ display_phone_number: '15550783881', phone_number_id: number });

/** A webhook body with one change of field `messages`. */
export const whatsappBody = (value: object, number?: string): object =>
  whatsappChange('messages', { messaging_product: 'whatsapp', metadata: metadata(number), ...value });

export const whatsappChange = (field: string, value: object, time?: number): object => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '102290129340398', ...(time === undefined ? {} : { time }), changes: [{ field, value }] }],
});
