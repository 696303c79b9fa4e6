import * as texts from './group-texts.js';
import { MEDIA, sticker } from './media.js';
import { type Member, newcomer } from './people.js';
import type { Random } from './random.js';

/** A message before it has an id. `at` is epoch seconds. */
export interface Draft {
  readonly at: number;
  readonly by: Member;
  /** Keys of a Message (Bot API) that say what it is. */
  readonly content: Readonly<Record<string, unknown>>;
  readonly replyTo?: Draft;
  /** Text it is edited to, and when. */
  readonly edit?: { readonly at: number; readonly text: string };
  /** Who reacts, with what, when. */
  readonly reactions?: readonly { readonly at: number; readonly by: Member; readonly emoji: string }[];
  /** Member whose status changes with this message. */
  readonly change?: { readonly member: Member; readonly to: 'member' | 'left' };
}

/** Who is in the group. Joining and leaving change it. */
export interface Cast {
  readonly random: Random;
  readonly members: Member[];
  /** Newcomers so far, over the life of the group. */
  joined: number;
}

const ENTITIES: readonly (readonly [type: string, pattern: RegExp])[] = [
  ['bot_command', /(?<=^|\s)\/\w+(@\w+)?/g],
  ['hashtag', /#[\p{L}\d_]+/gu],
  ['mention', /@[A-Za-z]\w{3,}/g],
  ['url', /https?:\/\/\S+/g],
];

/** A text with its entities; offsets count UTF-16 units as the Bot API does. */
export function written(text: string): Record<string, unknown> {
  const entities = ENTITIES.flatMap(([type, pattern]) =>
    [...text.matchAll(pattern)].map((match) => ({ type, offset: match.index, length: match[0].length })),
  );
  const commands = entities.filter((entity) => entity.type === 'bot_command');
  const apart = entities.filter(
    (entity) => entity.type !== 'mention' || !commands.some((c) => entity.offset >= c.offset && entity.offset < c.offset + c.length),
  );
  return { text, ...(apart.length > 0 && { entities: apart.sort((a, b) => a.offset - b.offset) }) };
}

/** One exchange that begins at `at`: the messages in it, in order of writing. */
export function scene(cast: Cast, at: number, localHour: number): Draft[] {
  const { random } = cast;
  const weights: readonly (readonly [(cast: Cast, at: number) => Draft[], number])[] = [
    [question, 34],
    [chatter, 26],
    [media, 24],
    [localHour >= 5 && localHour < 11 ? mornings : localHour >= 21 ? nights : agreement, 10],
    [link, 5],
    [tagged, 4],
    [command, 6],
    [join, 1.6],
    [leave, 1],
    [poll, 0.6],
    [place, 0.4],
  ];
  return random.weighted(weights, ([, weight]) => weight)[0](cast, at);
}

const talker = ({ random, members }: Cast, not?: Member): Member =>
  random.weighted(
    members.filter((member) => member !== not),
    (member) => member.talks,
  );
const helper = ({ random, members }: Cast, not: Member): Member =>
  random.weighted(
    members.filter((member) => member !== not),
    (member) => member.talks * member.helps,
  );
const asker = ({ random, members }: Cast): Member => random.weighted(members, (member) => (1 - member.helps) * (0.4 + member.talks));
const wording = (random: Random, text: string): string => random.pick(text.split('|'));

/** Decorates a text as people do: now and then an edit, now and then reactions. */
function said(cast: Cast, at: number, by: Member, text: string, replyTo?: Draft): Draft {
  const { random } = cast;
  return {
    at: Math.floor(at),
    by,
    content: written(text),
    ...(replyTo && { replyTo }),
    ...(random.chance(0.03) && { edit: { at: Math.floor(at + 8 + random.wait(60)), text: text + random.pick(texts.EDITS) } }),
    ...(random.chance(0.12) && { reactions: reactions(cast, at) }),
  };
}

function reactions(cast: Cast, at: number) {
  return cast.random
    .sample(cast.members, cast.random.int(1, 3))
    .map((by) => ({ at: Math.floor(at + 3 + cast.random.wait(90)), by, emoji: cast.random.pick(texts.REACTIONS) }));
}

function question(cast: Cast, at: number): Draft[] {
  const { random } = cast;
  const by = asker(cast);
  const { ask, answers } = random.pick(texts.QUESTIONS);
  const asked = said(cast, at, by, wording(random, ask));
  const drafts = [asked];
  if (random.chance(0.14)) return drafts; // nobody knows
  let time = at;
  for (const answer of random.sample(answers, random.int(1, 3))) {
    time += 15 + random.wait(150);
    drafts.push(said(cast, time, helper(cast, by), answer, random.chance(0.75) ? asked : undefined));
  }
  if (random.chance(0.55))
    drafts.push(said(cast, time + 10 + random.wait(120), by, random.pick(texts.THANKS), random.chance(0.5) ? drafts.at(-1) : undefined));
  return drafts;
}

function chatter(cast: Cast, at: number): Draft[] {
  const { random } = cast;
  const first = said(cast, at, talker(cast), random.pick(texts.CHATTER));
  return [first, ...answersTo(cast, first, random.int(0, 5))];
}

/** Laughs, nods and comments after `first`, each by somebody else. */
function answersTo(cast: Cast, first: Draft, count: number): Draft[] {
  const { random } = cast;
  let time = first.at;
  return Array.from({ length: count }, () => {
    time += 5 + random.wait(50);
    const by = talker(cast, first.by);
    if (random.chance(0.12)) return { at: Math.floor(time), by, content: { sticker: sticker(random) } };
    return said(
      cast,
      time,
      by,
      random.pick(random.pick([texts.LAUGHS, texts.AGREES, texts.COMMENTS])),
      random.chance(0.25) ? first : undefined,
    );
  });
}

function agreement(cast: Cast, at: number): Draft[] {
  return [
    said(cast, at, talker(cast), cast.random.pick(texts.AGREES)),
    ...(cast.random.chance(0.4) ? [said(cast, at + 20, talker(cast), cast.random.pick(texts.LAUGHS))] : []),
  ];
}

const round = (phrases: readonly string[]) => (cast: Cast, at: number) => {
  let time = at;
  return cast.random
    .sample(cast.members, cast.random.int(1, 4))
    .map((by) => said(cast, (time += cast.random.wait(80)), by, cast.random.pick(phrases)));
};
const mornings = round(texts.GREETINGS);
const nights = round(texts.EVENINGS);

function link(cast: Cast, at: number): Draft[] {
  const { text, url } = cast.random.pick(texts.LINKS);
  const first = said(cast, at, talker(cast), `${text} ${url}`);
  return [first, ...answersTo(cast, first, cast.random.int(0, 3))];
}

function tagged(cast: Cast, at: number): Draft[] {
  return [said(cast, at, talker(cast), cast.random.pick(texts.TAGGED))];
}

function command(cast: Cast, at: number): Draft[] {
  return [{ at, by: talker(cast), content: written(cast.random.pick(texts.COMMANDS)) }];
}

function join(cast: Cast, at: number): Draft[] {
  const { random } = cast;
  const member = newcomer(random, cast.joined++);
  const user = userOf(member);
  const welcomers = random.sample(cast.members, random.int(1, 2));
  cast.members.push(member);
  let time = at;
  const arrival: Draft = {
    at,
    by: member,
    content: { new_chat_participant: user, new_chat_member: user, new_chat_members: [user] },
    change: { member, to: 'member' },
  };
  const welcomes = welcomers.map((by) => said(cast, (time += 10 + random.wait(60)), by, random.pick(texts.WELCOMES)));
  return [arrival, ...welcomes, ...(random.chance(0.6) ? [said(cast, time + 30, member, random.pick(texts.INTRODUCTIONS))] : [])];
}

function leave(cast: Cast, at: number): Draft[] {
  // The regulars stay: only people who joined later leave.
  const index = cast.members.findLastIndex((member) => member.id > 9_000_000_040);
  const member = cast.members[index];
  if (member === undefined) return command(cast, at);
  cast.members.splice(index, 1);
  const user = userOf(member);
  return [{ at, by: member, content: { left_chat_participant: user, left_chat_member: user }, change: { member, to: 'left' } }];
}

function media(cast: Cast, at: number): Draft[] {
  const { random } = cast;
  const by = random.weighted(cast.members, (member) => member.talks * (0.1 + member.shows));
  const first: Draft = {
    at,
    by,
    content: random.weighted(MEDIA, ([, weight]) => weight)[0](random),
    ...(random.chance(0.35) && { reactions: reactions(cast, at) }),
  };
  return [first, ...answersTo(cast, first, random.int(0, 3))];
}

function poll(cast: Cast, at: number): Draft[] {
  const { random } = cast;
  const { question: asked, options } = random.pick(texts.POLLS);
  const content = {
    poll: {
      id: random.token(18),
      question: asked,
      options: options.map((text) => ({ text, voter_count: 0 })),
      total_voter_count: 0,
      is_closed: false,
      is_anonymous: true,
      type: 'regular',
      allows_multiple_answers: false,
    },
  };
  return [{ at, by: talker(cast), content }];
}

function place(cast: Cast, at: number): Draft[] {
  const location = { latitude: -23.55 + cast.random.next() / 50, longitude: -46.63 + cast.random.next() / 50 };
  return [{ at, by: talker(cast), content: { location, venue: { location, title: 'Café Exemplo', address: 'Rua Fictícia, 100' } } }];
}

/** A member as the Bot API's User. */
export function userOf(member: Member): Record<string, unknown> {
  return {
    id: member.id,
    is_bot: false,
    first_name: member.firstName,
    ...(member.lastName !== undefined && { last_name: member.lastName }),
    ...(member.username !== undefined && { username: member.username }),
    ...(member.language !== undefined && { language_code: member.language }),
  };
}
