import * as texts from './support-texts.js';
import { type Contact, contacts } from './people.js';
import { type Random, random } from './random.js';
import { moments } from './rhythm.js';
import type { Stretch, Told } from './telegram.js';

/** A message or a status inside a body. `at` is epoch seconds. */
interface Item {
  readonly at: number;
  readonly contact: Contact;
  readonly message?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

const ACCOUNT = '100000000000001';
const METADATA = { display_phone_number: '5511900000000', phone_number_id: '200000000000001' } as const;
const CONTACTS = 160;
/** Seconds within which the platform may put several things into one body. */
const TOGETHER = 45;

/** What happens at the support number over a stretch: webhook bodies in order of time, some holding several things. */
export function whatsappStretch(stretch: Stretch): Told[] {
  const chance = random(`${stretch.seed}:whatsapp:${stretch.from}`);
  const people = contacts(random(`${stretch.seed}:contacts`), CONTACTS);
  const starts = moments(chance, stretch.zone, stretch.rhythm, stretch.perHour, stretch.from, stretch.to);
  const items = starts.flatMap((at) => conversation(chance, at, people[Math.floor(CONTACTS * chance.next() ** 1.6)]!));
  const bodies = together(
    chance,
    items.sort((a, b) => a.at - b.at),
  ).map((group) => ({ at: group.at(-1)!.at, body: bodyOf(chance, group) }));
  return [...bodies, ...starts.filter(() => chance.chance(0.004)).map((at) => accountUpdate(chance, at))].sort((a, b) => a.at - b.at);
}

/** One person's errand: hello, the menu, the question, answers in between (seen only by their statuses), thanks. */
function conversation(chance: Random, start: number, contact: Contact): Item[] {
  const about = chance.pick(texts.CASES);
  const items: Item[] = [];
  let at = start;
  const says = (content: Record<string, unknown>, replyTo?: string) => {
    items.push({ at: Math.floor(at), contact, message: message(chance, Math.floor(at), contact, content, replyTo) });
    at += 4 + chance.wait(35);
  };
  const answered = () => {
    const id = wamid(chance);
    items.push(...statuses(chance, Math.floor(at), contact, id));
    at += 8 + chance.wait(60);
    return id;
  };
  if (chance.chance(0.7)) says({ ...said(chance.pick(texts.HELLOS)), ...(chance.chance(0.06) && { referral: chance.pick(texts.ADS) }) });
  const menu = answered();
  if (chance.chance(0.45)) says({ type: 'interactive', interactive: { type: 'list_reply', list_reply: about.menu } }, menu);
  says(said(chance.pick(about.ask)));
  if (chance.chance(0.5)) says(said(chance.pick(about.more)));
  if (chance.chance(0.3)) says(chance.weighted(MEDIA, ([, weight]) => weight)[0](chance));
  const answer = answered();
  if (chance.chance(0.35))
    says({ type: 'interactive', interactive: { type: 'button_reply', button_reply: chance.pick(texts.BUTTONS) } }, answer);
  if (chance.chance(0.55)) says(said(chance.pick(texts.BYES)));
  if (chance.chance(0.12)) says({ type: 'reaction', reaction: { message_id: answer, emoji: chance.pick(texts.REACTIONS) } });
  return items;
}

const said = (body: string) => ({ type: 'text', text: { body } });
const wamid = (chance: Random) => `wamid.DEMO${chance.token(28)}`;

function media(chance: Random, mime: string): Record<string, unknown> {
  return { id: String(chance.int(100_000_000_000_000, 900_000_000_000_000)), mime_type: mime, sha256: chance.token(43) + '=' };
}

const MEDIA: readonly (readonly [(chance: Random) => Record<string, unknown>, number])[] = [
  [
    (chance) => ({
      type: 'image',
      image: { ...media(chance, 'image/jpeg'), ...(chance.chance(0.4) && { caption: chance.pick(texts.CAPTIONS) }) },
    }),
    50,
  ],
  [(chance) => ({ type: 'audio', audio: { ...media(chance, 'audio/ogg; codecs=opus'), voice: true } }), 28],
  [
    (chance) => ({
      type: 'location',
      location: { latitude: -8.05 + chance.next() / 20, longitude: -34.9 + chance.next() / 20, name: 'Ponto de entrega' },
    }),
    8,
  ],
  [(chance) => ({ type: 'document', document: { ...media(chance, 'application/pdf'), filename: 'comprovante.pdf' } }), 10],
  [(chance) => ({ type: 'sticker', sticker: { ...media(chance, 'image/webp'), animated: false } }), 8],
  [() => ({ type: 'unsupported', errors: [{ code: 131_051, title: 'Message type unknown', message: 'Message type unknown' }] }), 2],
];

function message(
  chance: Random,
  at: number,
  contact: Contact,
  content: Record<string, unknown>,
  replyTo?: string,
): Record<string, unknown> {
  return {
    ...(contact.phone !== undefined && { from: contact.phone }),
    from_user_id: contact.userId,
    id: wamid(chance),
    timestamp: String(at),
    ...(replyTo !== undefined && { context: { from: METADATA.display_phone_number, id: replyTo } }),
    ...content,
  };
}

/** What becomes of an outbound message: sent, delivered, perhaps read; or it fails. */
function statuses(chance: Random, at: number, contact: Contact, id: string): Item[] {
  const recipient = contact.phone ?? contact.userId;
  const status = (name: string, when: number, more: object = {}): Item => ({
    at: when,
    contact,
    status: { id, status: name, timestamp: String(when), recipient_id: recipient, ...more },
  });
  const pricing = { pricing: { billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'service' } };
  if (chance.chance(0.015)) return [status('failed', at + 2, { errors: [{ code: 131_026, title: 'Message undeliverable' }] })];
  const delivered = at + 1 + Math.floor(chance.wait(3));
  const read = delivered + Math.floor(chance.wait(90));
  return [
    status('sent', at, pricing),
    ...(chance.chance(0.93) ? [status('delivered', delivered, pricing)] : []),
    ...(chance.chance(0.82) ? [status('read', read, pricing)] : []),
  ];
}

/** Neighbours in time share a body now and then, most of all when a busy hour piles them up. */
function together(chance: Random, items: readonly Item[]): Item[][] {
  const groups: Item[][] = [];
  for (const item of items) {
    const last = groups.at(-1);
    if (last !== undefined && last.length < 5 && item.at - last[0]!.at < TOGETHER && chance.chance(0.4)) last.push(item);
    else groups.push([item]);
  }
  return groups;
}

function bodyOf(chance: Random, items: readonly Item[]): Record<string, unknown> {
  const writers = [...new Set(items.filter((item) => item.message !== undefined).map((item) => item.contact))];
  const profiles = writers.map((contact) => ({
    ...(contact.name !== undefined && { profile: { name: contact.name } }),
    ...(contact.phone !== undefined && { wa_id: contact.phone }),
    user_id: contact.userId,
  }));
  const messages = items.flatMap((item) => (item.message ? [item.message] : []));
  const told = items.flatMap((item) => (item.status ? [item.status] : []));
  const value = {
    messaging_product: 'whatsapp',
    metadata: METADATA,
    // In no particular order, as the platform does: a contact belongs to the message of the same person.
    ...(profiles.length > 0 && { contacts: chance.sample(profiles, profiles.length) }),
    ...(messages.length > 0 && { messages }),
    ...(told.length > 0 && { statuses: told }),
  };
  return account([{ field: 'messages', value }]);
}

function accountUpdate(chance: Random, at: number): Told {
  const update = chance.pick([
    {
      field: 'message_template_status_update',
      value: {
        event: 'APPROVED',
        message_template_id: chance.int(1_000_000, 9_000_000),
        message_template_name: 'confirmacao_pedido',
        message_template_language: 'pt_BR',
      },
    },
    {
      field: 'phone_number_quality_update',
      value: { display_phone_number: METADATA.display_phone_number, event: 'ONBOARDING', current_limit: 'TIER_1K' },
    },
  ]);
  return { at, body: account([update], at) };
}

const account = (changes: readonly object[], time?: number) => ({
  object: 'whatsapp_business_account',
  entry: [{ id: ACCOUNT, ...(time !== undefined && { time }), changes }],
});
