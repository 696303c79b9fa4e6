/** First and last name of the user behind a Telegram message, in SQL over the table. */
export const USER_NAME = "user_first_name || coalesce(' ' || user_last_name, '')";

/**
 * Who a Telegram message is by, in SQL over the table. An anonymous admin writes as the group, and a channel as itself: the user that Telegram gives beside the
 * chat is made up, the same one for all of them.
 */
export const AUTHOR = {
  id: 'coalesce(sender_chat_id, user_id)',
  name: `CASE WHEN sender_chat_id IS NULL THEN coalesce(${USER_NAME}, chat_title) WHEN sender_chat_id = chat_id THEN chat_title ELSE sender_chat_title END`,
  isBot: 'sender_chat_id IS NULL AND coalesce(user_is_bot, false)',
} as const;
