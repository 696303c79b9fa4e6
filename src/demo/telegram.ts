import type { Zone } from '../zone.js';
import { members } from './people.js';
import { random } from './random.js';
import { type Rhythm, moments } from './rhythm.js';
import { type Cast, type Draft, scene, userOf, written } from './scenes.js';

/** What a stretch of simulated time is asked for. The same request always has the same answer. */
export interface Stretch {
  readonly seed: string;
  readonly zone: Zone;
  /** Epoch seconds; exchanges begin in [from, to), their last messages may come later. */
  readonly from: number;
  readonly to: number;
  readonly rhythm: Rhythm;
  /** Exchanges that begin in an average hour. */
  readonly perHour: number;
}

/** One thing the platform tells, at `at` (epoch seconds). */
export interface Told {
  readonly at: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Where numbering goes on; one stretch hands them to the next. */
export interface TelegramCounters {
  readonly messageId: number;
  readonly updateId: number;
  readonly joined: number;
}

export const FIRST_COUNTERS: TelegramCounters = { messageId: 48_211, updateId: 700_000_000, joined: 0 };

const CHAT = { id: -1_009_000_000_001, type: 'supergroup', title: 'Clube de Dados', username: 'clube_de_dados_exemplo' } as const;

/** What happens in the group over a stretch, in order of time, as Telegram updates without their ids yet sent. */
export function telegramStretch(
  stretch: Stretch,
  counters: TelegramCounters,
): { readonly told: Told[]; readonly counters: TelegramCounters } {
  const chance = random(`${stretch.seed}:telegram:${stretch.from}`);
  const cast: Cast = { random: chance, members: members(random(`${stretch.seed}:members`)), joined: counters.joined };
  const drafts = moments(chance, stretch.zone, stretch.rhythm, stretch.perHour, stretch.from, stretch.to)
    .flatMap((at) => scene(cast, at, Math.floor(((((at + stretch.zone.offsetAt(at)) % 86_400) + 86_400) % 86_400) / 3600)))
    .sort((a, b) => a.at - b.at);
  const ids = new Map(drafts.map((draft, index) => [draft, counters.messageId + index]));
  const told = drafts.flatMap((draft) => updatesOf(draft, ids)).sort((a, b) => a.at - b.at);
  return {
    told: told.map(({ at, body }, index) => ({ at, body: { update_id: counters.updateId + index, ...body } })),
    counters: { messageId: counters.messageId + drafts.length, updateId: counters.updateId + told.length, joined: cast.joined },
  };
}

/** The updates a draft leads to: the message, its edit, reactions to it, and what became of its author. */
function updatesOf(draft: Draft, ids: ReadonlyMap<Draft, number>): Told[] {
  const message = messageOf(draft, ids);
  const id = ids.get(draft);
  return [
    { at: draft.at, body: { message } },
    ...(draft.edit
      ? [{ at: draft.edit.at, body: { edited_message: { ...message, edit_date: draft.edit.at, ...written(draft.edit.text) } } }]
      : []),
    ...(draft.reactions ?? []).map(({ at, by, emoji }) => ({
      at,
      body: {
        message_reaction: {
          chat: CHAT,
          message_id: id,
          user: userOf(by),
          date: at,
          old_reaction: [],
          new_reaction: [{ type: 'emoji', emoji }],
        },
      },
    })),
    ...(draft.change ? [{ at: draft.at, body: { chat_member: changeOf(draft.at, draft.change) } }] : []),
  ];
}

function messageOf(draft: Draft, ids: ReadonlyMap<Draft, number>): Record<string, unknown> {
  const { replyTo } = draft;
  return {
    message_id: ids.get(draft),
    from: userOf(draft.by),
    chat: CHAT,
    date: draft.at,
    ...(replyTo && {
      reply_to_message: { message_id: ids.get(replyTo), from: userOf(replyTo.by), chat: CHAT, date: replyTo.at, ...replyTo.content },
    }),
    ...draft.content,
  };
}

function changeOf(at: number, { member, to }: NonNullable<Draft['change']>): Record<string, unknown> {
  const user = userOf(member);
  const from = to === 'member' ? 'left' : 'member';
  return { chat: CHAT, from: user, date: at, old_chat_member: { user, status: from }, new_chat_member: { user, status: to } };
}
