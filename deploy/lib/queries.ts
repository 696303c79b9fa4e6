export interface NamedQuery {
  /** Part of a logical id. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly sql: string;
}

/** Saved in Athena's workgroup: the first questions of a newcomer. */
export const NAMED_QUERIES: readonly NamedQuery[] = [
  {
    id: 'MessagesPerDay',
    name: 'Messages a day',
    description: 'Both channels, newest day first',
    sql: 'SELECT context_date, channel, count(*) AS messages\nFROM messages\nGROUP BY context_date, channel\nORDER BY context_date DESC, channel',
  },
  {
    id: 'MostActive',
    name: 'Who writes most',
    description: 'The last thirty days',
    sql: "SELECT channel, author_name, count(*) AS messages\nFROM messages\nWHERE context_date >= current_date - INTERVAL '30' DAY AND NOT is_bot\nGROUP BY channel, author_name\nORDER BY messages DESC\nLIMIT 50",
  },
  {
    id: 'BusyHours',
    name: 'Busy hours',
    description: 'Messages by weekday (Monday is 1) and hour, in UTC',
    sql: 'SELECT EXTRACT(dow FROM from_unixtime(sent_at)) AS weekday, EXTRACT(hour FROM from_unixtime(sent_at)) AS hour, count(*) AS messages\nFROM messages\nGROUP BY 1, 2\nORDER BY 1, 2',
  },
  {
    id: 'Statuses',
    name: 'What became of sent messages',
    description: 'WhatsApp: sent, delivered, read and failed by day',
    sql: 'SELECT context_date, status, count(*) AS messages\nFROM whatsapp_statuses\nGROUP BY context_date, status\nORDER BY context_date DESC, status',
  },
  {
    id: 'Quarantine',
    name: 'What was set aside',
    description: 'Raw lines that could not become rows, and why',
    sql: 'SELECT context_date, source, reason, count(*) AS lines\nFROM quarantine\nGROUP BY context_date, source, reason\nORDER BY context_date DESC',
  },
];
