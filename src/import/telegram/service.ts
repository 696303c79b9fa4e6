import { defined, type Loose, objects, text, whole } from '../values.js';

/**
 * What Telegram Desktop calls an action, as the Bot API's Message says it. Names of actions: `export_output_json.cpp` of Telegram
 * Desktop. An export names people, not their ids, and leaves out what a group became: such parts stay open.
 */
type Service = (message: Loose, actor: Loose | undefined) => Loose;

const people = (names: unknown): Loose[] =>
  Array.isArray(names) ? names.map((name) => defined({ first_name: text(name) ?? '', is_bot: undefined })) : [];

/** New members come under three names, for readers of any age. */
const joined = (members: readonly Loose[]): Loose =>
  members.length === 0
    ? { new_chat_members: [{}], new_chat_participant: {} }
    : { new_chat_participant: members[0], new_chat_member: members[0], new_chat_members: members };

const left = ([member = {}]: readonly Loose[]): Loose => ({ left_chat_participant: member, left_chat_member: member });

const self: Service = (_message, actor) => joined(actor ? [actor] : []);

const SERVICES: Readonly<Record<string, Service>> = {
  create_group: () => ({ group_chat_created: true }),
  create_channel: () => ({ channel_chat_created: true }),
  edit_group_title: ({ title }) => ({ new_chat_title: text(title) ?? '' }),
  edit_group_photo: ({ width, height }) => ({ new_chat_photo: [defined({ width: whole(width), height: whole(height) })] }),
  delete_group_photo: () => ({ delete_chat_photo: true }),
  invite_members: ({ members }) => joined(people(members)),
  join_group_by_link: self,
  join_group_by_request: self,
  remove_members: ({ members }) => left(people(members)),
  // Which chat it is, the export does not say.
  migrate_to_supergroup: () => ({ migrate_to_chat_id: true }),
  migrate_from_group: () => ({ migrate_from_chat_id: true }),
  pin_message: ({ message_id }) => ({ pinned_message: defined({ message_id: whole(message_id), date: 0 }) }),
  send_payment: ({ amount, currency }) => ({ successful_payment: defined({ currency: text(currency), total_amount: whole(amount) }) }),
  group_call: ({ duration }) => (whole(duration) ? { video_chat_ended: { duration: whole(duration) } } : { video_chat_started: {} }),
  group_call_scheduled: ({ schedule_date }) => ({ video_chat_scheduled: defined({ start_date: whole(schedule_date) }) }),
  invite_to_group_call: ({ members }) => ({ video_chat_participants_invited: { users: people(members) } }),
  set_messages_ttl: ({ period }) => ({ message_auto_delete_timer_changed: defined({ message_auto_delete_time: whole(period) }) }),
  topic_created: ({ title }) => ({ forum_topic_created: { name: text(title) ?? '' } }),
  topic_edit: ({ new_title }) => ({ forum_topic_edited: defined({ name: text(new_title) }) }),
  send_webview_data: (message) => ({ web_app_data: { button_text: text(message['text']) ?? '', data: '' } }),
  allow_sending_messages: ({ reason_app_name }) => ({ write_access_allowed: defined({ web_app_name: text(reason_app_name) }) }),
  attach_menu_bot_allowed: () => ({ write_access_allowed: { from_attachment_menu: true } }),
  proximity_reached: ({ distance }) => ({ proximity_alert_triggered: defined({ distance: whole(distance) }) }),
  boost_apply: ({ boosts }) => ({ boost_added: { boost_count: whole(boosts) ?? 1 } }),
  giveaway_launch: () => ({ giveaway_created: {} }),
  giveaway_results: ({ winners }) => ({ giveaway_completed: { winner_count: whole(winners) ?? 0 } }),
  set_chat_wallpaper: () => ({ chat_background_set: { type: {} } }),
  set_same_chat_wallpaper: () => ({ chat_background_set: { type: {} } }),
  requested_peer: ({ button_id }) => ({ chat_shared: defined({ request_id: whole(button_id) }) }),
  send_premium_gift: () => ({ gift: {} }),
  send_star_gift: () => ({ gift: {} }),
};

/** Content keys of a service message. What the Bot API has no word for is told as the export does, and counted as `unknown`. */
export function serviceContent(message: Loose, actor: Loose | undefined): Loose {
  const action = text(message['action']);
  const service = action === undefined || !Object.hasOwn(SERVICES, action) ? undefined : SERVICES[action];
  return service ? service(message, actor) : { export_action: defined({ action, text: text(message['information_text']) }) };
}

/** Reactions as the Bot API counts them. */
export function reactionCounts(reactions: unknown): Loose[] {
  return objects(reactions).flatMap((reaction) => {
    const total_count = whole(reaction['count']);
    const emoji = text(reaction['emoji']);
    const custom = text(reaction['document_id']);
    const type =
      emoji !== undefined
        ? { type: 'emoji', emoji }
        : custom !== undefined
          ? { type: 'custom_emoji', custom_emoji_id: custom }
          : reaction['type'] === 'paid'
            ? { type: 'paid' }
            : undefined;
    return type === undefined || total_count === undefined ? [] : [{ type, total_count }];
  });
}
