import type { MetricView } from '../analysis/metrics/view.js';
import type { Dialect } from '../analysis/text/dialect.js';
import { AUTHOR } from '../analysis/metrics/author.js';
import type { ColumnType } from '../types.js';

/** A view over the tables, in SQL that DuckDB, Trino and Athena read alike. */
export interface View {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType | 'DATE'; readonly description: string }[];
  /** One SELECT a part, joined by UNION ALL: the relation, and an expression for each column. */
  readonly parts: readonly { readonly from: string; readonly select: Readonly<Record<string, string>> }[];
}

/** Both channels in one shape. */
export const MESSAGES: View = {
  name: 'messages',
  description: 'Messages of both channels in one shape, for questions that do not depend on the channel.',
  columns: [
    { name: 'channel', type: 'VARCHAR', description: 'telegram or whatsapp.' },
    {
      name: 'conversation_id',
      type: 'VARCHAR',
      description:
        'Telegram: the chat. WhatsApp: the group, or else the person who writes to the business (number, or user id without one).',
    },
    {
      name: 'author_id',
      type: 'VARCHAR',
      description: 'Telegram: the chat on whose behalf it was sent, or else the user. WhatsApp: phone number, or user id without one.',
    },
    { name: 'author_name', type: 'VARCHAR', description: "Telegram: the chat's title, or first and last name. WhatsApp: profile name." },
    { name: 'is_bot', type: 'BOOLEAN', description: 'Telegram: whether a bot wrote it. WhatsApp: whether the business sent it.' },
    { name: 'direction', type: 'VARCHAR', description: '`in`: received; `out`: sent by the bot or the business.' },
    { name: 'kind', type: 'VARCHAR', description: "The channel's own word: `data_type` of telegram, `type` of whatsapp." },
    { name: 'text', type: 'VARCHAR', description: 'What a person would read: text, or else the caption.' },
    { name: 'sent_at', type: 'BIGINT', description: 'Epoch seconds.' },
    { name: 'context_date', type: 'DATE', description: "Day it was sent, in the lake's time zone." },
  ],
  parts: [
    {
      from: 'telegram',
      select: {
        channel: "'telegram'",
        conversation_id: 'CAST(chat_id AS VARCHAR)',
        author_id: `CAST(${AUTHOR.id} AS VARCHAR)`,
        author_name: AUTHOR.name,
        is_bot: AUTHOR.isBot,
        direction: 'direction',
        kind: 'data_type',
        text: 'coalesce("text", caption)',
        sent_at: '"date"',
        context_date: 'context_date',
      },
    },
    {
      from: 'whatsapp',
      select: {
        channel: "'whatsapp'",
        conversation_id: 'coalesce(group_id, CAST("number" AS VARCHAR), user_id)',
        author_id: 'coalesce(CAST("number" AS VARCHAR), user_id)',
        author_name: '"name"',
        is_bot: "coalesce(direction = 'out', false)",
        direction: 'direction',
        kind: '"type"',
        text: 'coalesce(message, caption)',
        sent_at: '"date"',
        context_date: 'context_date',
      },
    },
  ],
};

/** Every kind of view that the lake has. */
export type LakeView = View | MetricView;

/** Tables and views that a view reads. */
export const readBy = (view: LakeView): readonly string[] => ('parts' in view ? view.parts.map(({ from }) => from) : view.reads);

/** The view's SELECT. `qualify` names the relation in the engine at hand. */
export function viewSelect(view: LakeView, dialect: Dialect, qualify: (table: string) => string = (table) => table): string {
  if (!('parts' in view)) return view.select(qualify, dialect);
  const part = ({ from, select }: View['parts'][number]) =>
    `SELECT\n${view.columns.map(({ name }) => `  ${select[name] ?? 'NULL'} AS "${name}"`).join(',\n')}\nFROM ${qualify(from)}`;
  return view.parts.map(part).join('\nUNION ALL\n');
}
