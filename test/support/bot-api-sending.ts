/** The part of the fake Bot API that sends: messages get ids, and stand as the Bot API would answer them. */

type Params = Readonly<Record<string, unknown>>;
type Message = Readonly<Record<string, unknown>>;

export interface SendingOptions {
  readonly me: () => Params;
  readonly chatOf: (id: number) => object | undefined;
}

const MEDIA = ['photo', 'audio', 'document', 'video', 'animation', 'voice', 'video_note', 'sticker'] as const;

export function sendingBot({ me, chatOf }: SendingOptions) {
  const sent: Message[] = [];
  let nextId = 5001;
  const chat = (params: Params) => {
    const id = Number(params['chat_id']);
    return chatOf(id) ?? { id, ...(id > 0 ? { type: 'private', first_name: 'Somebody' } : { type: 'supergroup', title: 'The group' }) };
  };
  const add = (params: Params, content: Params): Message => {
    const reply = jsonIn(params['reply_parameters']) as { message_id?: number } | undefined;
    const message = {
      message_id: nextId++,
      from: me(),
      chat: chat(params),
      date: Math.floor(Date.now() / 1000),
      ...(reply?.message_id !== undefined && {
        reply_to_message: { message_id: reply.message_id, chat: chat(params), date: 1, text: '?' },
      }),
      ...(params['caption'] !== undefined && { caption: params['caption'] }),
      ...content,
    };
    sent.push(message);
    return message;
  };
  const file = (kind: string, given: unknown): Params => {
    const bytes = given instanceof Uint8Array ? given.length : 0;
    const one = { file_id: `${kind}-${nextId}`, file_unique_id: `u-${kind}-${nextId}`, file_size: bytes };
    return { [kind]: kind === 'photo' ? [one] : one };
  };
  const edit = (params: Params, content: Params): unknown => {
    if (params['inline_message_id'] !== undefined) return true;
    const at = sent.findIndex(({ message_id }) => message_id === Number(params['message_id']));
    const edited = { ...sent[at], ...content, edit_date: Math.floor(Date.now() / 1000) };
    sent[at] = edited;
    return edited;
  };
  const methods: Record<string, (params: Params) => unknown> = {
    sendMessage: (params) => add(params, { text: params['text'] }),
    sendChatAction: () => true,
    sendMediaGroup: (params) =>
      (jsonIn(params['media']) as { type: string; media: string }[]).map(({ type, media }) =>
        add(params, { media_group_id: 'g1', ...file(type, params[media.replace('attach://', '')]) }),
      ),
    copyMessage: () => ({ message_id: nextId++ }),
    forwardMessages: (params) => (jsonIn(params['message_ids']) as number[]).map(() => ({ message_id: nextId++ })),
    editMessageText: (params) => edit(params, { text: params['text'] }),
    deleteMessage: () => true,
    deleteMessages: () => true,
  };
  for (const kind of MEDIA) {
    const name = kind.replace(/(^|_)(\w)/g, (_, _bar, letter: string) => letter.toUpperCase());
    methods[`send${name}`] = (params) => {
      const attached =
        typeof params[kind] === 'string' && params[kind].startsWith('attach://') ? params[params[kind].slice(9)] : params[kind];
      return add(params, file(kind, attached));
    };
  }
  return { methods, sent };
}

/** Fields of a multipart form; files as bytes. What bots write is looser than what a browser's parser takes. */
export function formOf(type: string, body: Buffer): Params {
  const mark = `--${(/boundary="?([^";]+)/.exec(type)?.[1] ?? '').trim()}`;
  const fields = body.toString('latin1').split(mark).slice(1, -1);
  return Object.fromEntries(
    fields.map((part) => {
      const blank = part.indexOf('\r\n\r\n');
      const head = part.slice(0, blank);
      const bytes = Buffer.from(part.slice(blank + 4, -2), 'latin1');
      return [/name="([^"]*)"/.exec(head)?.[1] ?? '', /filename/.test(head) ? new Uint8Array(bytes) : bytes.toString()];
    }),
  );
}

const jsonIn = (value: unknown): unknown => (typeof value === 'string' ? (JSON.parse(value) as unknown) : value);
