/** Names from the Bot API 10.3 (`Update`, `Message`). Unknown ones are kept and counted; see columns.ts. */

/** Update kinds that carry a Message. */
export const MESSAGE_KINDS = [
  'message',
  'edited_message',
  'channel_post',
  'edited_channel_post',
  'business_message',
  'edited_business_message',
  'guest_message',
] as const;

/** All other update kinds. */
export const EVENT_KINDS = [
  'business_connection',
  'deleted_business_messages',
  'message_reaction',
  'message_reaction_count',
  'inline_query',
  'chosen_inline_result',
  'callback_query',
  'shipping_query',
  'pre_checkout_query',
  'purchased_paid_media',
  'poll',
  'poll_answer',
  'my_chat_member',
  'chat_member',
  'chat_join_request',
  'chat_boost',
  'removed_chat_boost',
  'managed_bot',
  'subscription',
  'stopped_message_generation',
] as const;

/** Key of a raw line that holds what the bot itself did, in place of an update: see outbound.ts. */
export const OUTBOUND = 'outbound';

/** Key of a raw line that tells what became of a message's file: see media/. */
export const MEDIA = 'media';

/** Events that tell of deleted messages. */
export const DELETIONS = ['deleted_business_messages', 'deleteMessage', 'deleteMessages', 'deleteBusinessMessages'] as const;

/** What `allowed_updates` must name, since leaving a kind out switches it off. */
export const ALL_KINDS: readonly string[] = [...MESSAGE_KINDS, ...EVENT_KINDS];

/** Content kinds that hold a file. */
export const FILE_CONTENT = ['animation', 'audio', 'document', 'photo', 'sticker', 'video', 'video_note', 'voice'] as const;

/** Service messages that name a forum topic. */
export const NAMES_TOPIC: readonly string[] = ['forum_topic_created', 'forum_topic_edited'];

/** Content that somebody gives. */
const WRITTEN = [
  'text',
  'animation',
  'audio',
  'live_photo',
  'paid_media',
  'photo',
  'sticker',
  'story',
  'video',
  'video_note',
  'voice',
  'document',
  'checklist',
  'contact',
  'dice',
  'game',
  'poll',
  'venue',
  'location',
  'rich_message',
  'invoice',
  'giveaway',
  'giveaway_winners',
] as const;

/** Content of service messages: they tell what was done, in words of nobody. */
export const SERVICE_CONTENT = [
  'new_chat_participant',
  'new_chat_members',
  'new_chat_member',
  'left_chat_member',
  'left_chat_participant',
  'new_chat_title',
  'new_chat_photo',
  'delete_chat_photo',
  'group_chat_created',
  'supergroup_chat_created',
  'channel_chat_created',
  'message_auto_delete_timer_changed',
  'migrate_to_chat_id',
  'migrate_from_chat_id',
  'pinned_message',
  'successful_payment',
  'refunded_payment',
  'users_shared',
  'user_shared',
  'chat_shared',
  'gift',
  'unique_gift',
  'gift_upgrade_sent',
  'connected_website',
  'write_access_allowed',
  'passport_data',
  'proximity_alert_triggered',
  'boost_added',
  'chat_background_set',
  'chat_owner_left',
  'chat_owner_changed',
  'checklist_tasks_done',
  'checklist_tasks_added',
  'direct_message_price_changed',
  'forum_topic_created',
  'forum_topic_edited',
  'forum_topic_closed',
  'forum_topic_reopened',
  'general_forum_topic_hidden',
  'general_forum_topic_unhidden',
  'giveaway_created',
  'giveaway_completed',
  'managed_bot_created',
  'paid_message_price_changed',
  'poll_option_added',
  'poll_option_deleted',
  'suggested_post_approved',
  'suggested_post_approval_failed',
  'suggested_post_declined',
  'suggested_post_paid',
  'suggested_post_refunded',
  'video_chat_scheduled',
  'video_chat_started',
  'video_chat_ended',
  'video_chat_participants_invited',
  'web_app_data',
] as const;

/**
 * Keys of a Message that say what it is, the most telling first: a venue comes with a `location`, an animation with a
 * `document`, a new member under up to three names.
 */
export const CONTENT = [...WRITTEN, ...SERVICE_CONTENT] as const;
