/** Objects of the Bot API 10.3 as far as chatlake reads them: https://core.telegram.org/bots/api#available-types. */

export interface BotUser {
  readonly id: number;
  readonly first_name?: string;
  readonly username?: string;
  readonly can_join_groups?: boolean;
  /** False = privacy mode: in a group the bot sees only commands and replies to it, unless it is an admin. */
  readonly can_read_all_group_messages?: boolean;
}

export interface GetUpdatesParams {
  /** Confirms every update with a smaller `update_id`. Never negative: that would destroy what is pending. */
  readonly offset?: number;
  /** 1-100. */
  readonly limit?: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly allowed_updates?: readonly string[];
}

/** One element of the answer of getUpdates. */
export interface PolledUpdate {
  /** As it stood in the answer, character by character. */
  readonly text: string;
  /** The same, parsed. */
  readonly value: unknown;
}

export interface SetWebhookParams {
  readonly url: string;
  /** 1-256 characters of `A-Za-z0-9_-`; comes back with every call. */
  readonly secret_token: string;
  readonly allowed_updates: readonly string[];
  /** 1-100; Telegram's default is 40. */
  readonly max_connections?: number;
  readonly ip_address?: string;
}

export interface WebhookInfo {
  /** Empty when no webhook is set. Its path may be a secret. */
  readonly url: string;
  readonly pending_update_count: number;
  readonly ip_address?: string;
  /** Epoch seconds. */
  readonly last_error_date?: number;
  readonly last_error_message?: string;
  readonly last_synchronization_error_date?: number;
  readonly max_connections?: number;
  /** Absent = all kinds but chat_member, message_reaction and message_reaction_count. */
  readonly allowed_updates?: readonly string[];
}

export interface Chat {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly username?: string;
  readonly first_name?: string;
}

export interface ChatMember {
  /** creator, administrator, member, restricted, left or kicked. */
  readonly status: string;
}

export interface FileInfo {
  readonly file_id: string;
  readonly file_unique_id: string;
  readonly file_size?: number;
  readonly file_path?: string;
}
