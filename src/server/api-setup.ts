import type { Hono } from 'hono';
import { type SeenChat, seenChats } from '../checks/chats.js';
import { parseLanguage } from '../analysis/filters.js';
import { diagnoseSettings } from '../checks/diagnose.js';
import { type Finding, findingIn } from '../checks/finding.js';
import type { Space } from '../checks/lake.js';
import { type Said, say, worded } from '../checks/said.js';
import type { Settings } from '../config.js';
import { ChatlakeError } from '../errors.js';
import type { BotUser } from '../sources/telegram/api-types.js';
import { type BotApi, botApi } from '../sources/telegram/client.js';
import type { Clock, Store } from '../types.js';
import type { DoctorView, SetupView, StepState } from './api-types.js';
import { FRESH } from './failures.js';
import { kept } from './kept.js';
import type { Messages } from './messages.js';

export interface SetupApi {
  readonly settings: Settings;
  readonly demo: boolean;
  readonly raw: Store;
  readonly messages: Pick<Messages, 'search'>;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly openStore: (place: string) => Store;
  readonly spaceAt: (place: string) => Promise<Space | undefined>;
}

type Step = Omit<SetupView['steps'][number], 'detail'> & { readonly detail: Said };
type Setup = Omit<SetupView, 'steps'> & { readonly steps: readonly Step[] };

/** How long what a platform said is not asked again: pages look every few seconds. */
const ASK_AGAIN_MS = 5_000;
const DOCTOR_AGAIN_MS = 20_000;
/** Bytes of the newest raw files in which chats are looked for. */
const LOOKED_THROUGH = 1024 * 1024;

/** Adds `/api/setup` and `/api/doctor`. */
export function mountSetup(app: Hono, api: SetupApi): void {
  const doctor = kept(DOCTOR_AGAIN_MS, () => examined(api));
  app.get('/api/doctor', async (c) => {
    const { asOf, findings } = await doctor();
    const language = parseLanguage(c.req.query('lang') ?? 'en');
    const told = findings.map(({ level, said }) => ({ level, ...findingIn(said, language) }));
    return c.json({ asOf, findings: told } satisfies DoctorView, 200, FRESH);
  });
  const setup = kept(ASK_AGAIN_MS / 5, setupOf(api));
  app.get('/api/setup', async (c) => {
    const { steps, ...rest } = await setup();
    const language = parseLanguage(c.req.query('lang') ?? 'en');
    const told = steps.map((step) => ({ ...step, detail: worded(step.detail, language) }));
    return c.json({ ...rest, steps: told } satisfies SetupView, 200, FRESH);
  });
}

async function examined(api: SetupApi): Promise<{ readonly asOf: number; readonly findings: readonly Finding[] }> {
  const findings: Finding[] = [];
  for await (const finding of diagnoseSettings(api.settings, { ...api, zoneChosen: true })) findings.push(finding);
  return { asOf: api.clock.now(), findings };
}

/** What Telegram says of the token, and whether the bot is an administrator of the group asked about. */
type Bot = { readonly user: BotUser; readonly admin: boolean } | { readonly trouble: string } | undefined;

/** Chats of which something arrived: of the newest raw files, or of the newest messages where those files are large. */
async function chatsOf({ raw, messages }: SetupApi): Promise<readonly SeenChat[]> {
  const { chats, complete } = await seenChats(raw, LOOKED_THROUGH);
  if (chats.length > 0 || complete) return chats;
  const newest = await messages.search({ filters: { period: 'all', channel: ['telegram'] }, limit: 50 });
  const seen = new Map<string, SeenChat>();
  for (const { conversation, conversationName } of newest.messages) {
    const id = Number(conversation.slice('telegram:'.length));
    const count = (seen.get(conversation)?.messages ?? 0) + 1;
    seen.set(conversation, { id, type: id < 0 ? 'supergroup' : 'private', title: conversationName ?? '', messages: count });
  }
  return [...seen.values()];
}

const isGroup = ({ type }: SeenChat): boolean => type === 'group' || type === 'supergroup';

function setupOf(api: SetupApi): () => Promise<Setup> {
  const { settings, demo, raw, fetch } = api;
  const { token, apiUrl, webhookSecret } = settings.telegram;
  let group: number | undefined;
  const bot = kept(ASK_AGAIN_MS, async (): Promise<Bot> => {
    if (token === undefined || demo) return undefined;
    const telegram = botApi({ token, apiUrl, fetch });
    try {
      const user = await telegram.getMe();
      return { user, admin: user.can_read_all_group_messages === false && (await isAdmin(telegram, group, user.id)) };
    } catch (error) {
      if (error instanceof ChatlakeError) return { trouble: error.message };
      throw error;
    }
  });
  return async () => {
    const chats = await chatsOf(api);
    group = settings.telegram.chatIds.find((id) => id < 0) ?? chats.find(isGroup)?.id;
    const [found, whatsapp] = await Promise.all([bot(), anyOf(raw, 'whatsapp')]);
    const telegramOn = token !== undefined || webhookSecret !== undefined;
    const whatsappOn = settings.whatsapp.appSecret !== undefined;
    const steps = [
      ...(telegramOn || !whatsappOn ? telegramSteps(settings, demo, found, chats) : []),
      ...(whatsappOn ? [whatsappStep(whatsapp)] : []),
    ];
    const user = found && 'user' in found ? found.user : undefined;
    return {
      demo,
      done: !demo && steps.every(({ state }) => state === 'done'),
      steps,
      bot: user ? { name: user.first_name ?? '', username: user.username ?? '' } : null,
      chats: chats.slice(0, 20).map(({ id, type, title, messages }) => ({ id: String(id), type, title, messages })),
    };
  };
}

/** Whether the bot is an administrator of a group, as far as Telegram tells: privacy mode has no effect there. */
async function isAdmin(telegram: BotApi, group: number | undefined, bot: number): Promise<boolean> {
  if (group === undefined) return false;
  try {
    return /^(administrator|creator)$/.test((await telegram.getChatMember(group, bot)).status);
  } catch (error) {
    if (error instanceof ChatlakeError) return false;
    throw error;
  }
}

function telegramSteps({ telegram }: Settings, demo: boolean, bot: Bot, chats: readonly SeenChat[]): Step[] {
  const step: MakeStep = (id, state, detail) => ({ id, channel: 'telegram', state, detail });
  const on = !demo && (telegram.token !== undefined || telegram.webhookSecret !== undefined);
  const groups = demo ? [] : chats.filter(isGroup);
  const arrived = demo ? 0 : chats.reduce((sum, { messages }) => sum + messages, 0);
  const group = groups[0];
  return [
    tokenStep(on, bot, step),
    group
      ? step('group', 'done', say`${group.title}`)
      : step('group', on ? 'waiting' : 'todo', say`Add the bot to the group, and write something there.`),
    privacyStep(on, bot, groups.length > 0, step),
    arrived > 0
      ? step('message', 'done', say`${arrived} arrived.`)
      : step('message', on ? 'waiting' : 'todo', say`Write something in the group: it shows here within seconds.`),
  ];
}

type MakeStep = (id: Step['id'], state: StepState, detail: Said) => Step;

function tokenStep(on: boolean, bot: Bot, step: MakeStep): Step {
  if (!on) return step('token', 'todo', say`Talk to @BotFather: /newbot. Then stop this, run "chatlake init" and give it the token.`);
  if (bot === undefined) return step('token', 'done', say`Updates come by webhook; no token is set.`);
  if ('trouble' in bot) return step('token', 'failed', say`${bot.trouble}`);
  return step('token', 'done', say`${`@${bot.user.username ?? bot.user.id}`}`);
}

function privacyStep(on: boolean, bot: Bot, seesGroup: boolean, step: MakeStep): Step {
  const mend = say`Tell @BotFather /setprivacy, choose the bot, Disable; then remove the bot from the group and add it again.`;
  if (!on) return step('privacy', 'todo', mend);
  if (bot === undefined || 'trouble' in bot) return step('privacy', seesGroup ? 'done' : 'waiting', mend);
  if (bot.admin) return step('privacy', 'done', say`The bot is an administrator of the group: it sees every message there.`);
  if (bot.user.can_read_all_group_messages === false) return step('privacy', 'todo', mend);
  return step('privacy', 'done', say`The bot sees every message of its groups.`);
}

function whatsappStep(arrived: boolean): Step {
  const step = { id: 'message', channel: 'whatsapp' } as const;
  if (arrived) return { ...step, state: 'done', detail: say`Deliveries arrive.` };
  return {
    ...step,
    state: 'waiting',
    detail: say`Write to the number. Nothing has arrived yet: check the callback address and the field "messages".`,
  };
}

/** Whether anything of a source is in the raw lake. */
async function anyOf(raw: Store, source: string): Promise<boolean> {
  return (await raw.children(`${source}/`)).length > 0;
}
