import { SILENT_KINDS } from '../metrics/questions.js';
import { LATEST_NAME_FIRST, NAMES_ITS_TOPIC } from '../metrics/topics.js';
import { among } from '../statement.js';
import { complains } from '../text/complaint.js';
import { meaning } from '../text/meaning.js';
import { normalForm } from '../text/normal.js';
import { isQuestion } from '../text/question.js';
import { LONGEST_CONTENT } from './sources.js';

/** Characters of a question's text that are kept. */
const LONGEST_QUESTION = 500;

/** 52 bits of a hash, which a double holds: a key that costs no text to compare. */
const key = (text: string): string => `CAST(hash(${text}) >> 12 AS DOUBLE)`;
export const keyOrNone = (text: string): string => `CASE WHEN ${text} IS NULL THEN 0e0 ELSE ${key(text)} END`;

/** Seconds from the start of the day in UTC. */
const since = (sentAt: string): string => `CAST(${sentAt} - "day" * 86400 AS DOUBLE)`;

/** Bits of `flags` beyond those of day-facts.ts: the row has lists to look at. */
export const TAGGED = 32;
export const COMMANDED = 64;

const FLAGS = [
  'is_bot::INTEGER',
  `2 * (direction = 'out')::INTEGER`,
  '4 * is_question::INTEGER',
  '8 * is_ghost::INTEGER',
  '16 * complains::INTEGER',
  `${TAGGED} * coalesce(len(hashtags) > 0, false)::INTEGER`,
  `${COMMANDED} * coalesce(len(commands) > 0, false)::INTEGER`,
].join(' + ');

/** Numbers of each row, none of them NULL, each a double: vectors of one type are read quickest. */
export const ROW = {
  day: 'CAST("day" AS DOUBLE)',
  sentAt: since('sent_at'),
  flags: `CAST(${FLAGS} AS DOUBLE)`,
  person: keyOrNone('person_id'),
  conversation: keyOrNone('conversation_id'),
  kind: keyOrNone('kind'),
  language: keyOrNone('"language"'),
  chars: 'CAST(chars AS DOUBLE)',
  content: 'coalesce(content_key, 0e0)',
  topic: `coalesce(CAST(topic AS DOUBLE), 'nan'::DOUBLE)`,
  reply: keyOrNone(`conversation_id || '/' || reply_to`),
  asked: `CASE WHEN is_question OR is_command THEN ${key(`conversation_id || '/' || message_id`)} ELSE 0e0 END`,
  tracked: keyOrNone('tracked'),
} as const;

const ORDER = 'sent_at, length(message_id), message_id';

/**
 * What is prepared for the statements below, in order: the messages of some days (a SELECT of facts), and their distinct texts, of which alone the
 * costly things are computed.
 */
export const prepareSql = (facts: string): readonly string[] => [
  `CREATE OR REPLACE TEMP TABLE messages AS SELECT *, CAST(context_date - DATE '1970-01-01' AS INTEGER) AS "day" FROM (${facts})`,
  `CREATE OR REPLACE TEMP TABLE texts AS SELECT "text", normal, ${key('normal')} AS content_key, ${isQuestion('"text"', 'duckdb', 'normal')} AS asks,
    ${complains('normal', 'duckdb')} AS complains
    FROM (SELECT "text", ${normalForm('"text"', 'duckdb')} AS normal FROM (SELECT DISTINCT "text" FROM messages WHERE "text" IS NOT NULL))`,
  `CREATE OR REPLACE TEMP TABLE facts AS SELECT messages.*, content_key, by_person AND coalesce(asks, false) AS is_question,
    by_person AND coalesce(len(commands) > 0, false) AS is_command, by_person AND coalesce(complains, false) AS complains
    FROM (SELECT *, direction = 'in' AND NOT is_bot AND person_id IS NOT NULL AND NOT ${among('kind', SILENT_KINDS)} AS by_person FROM messages) messages
    LEFT JOIN texts ON texts."text" = messages."text"`,
];

/** Each row in order of its day and time: the columns of `ROW`, then its lists. */
export const ROWS_SQL = `SELECT ${Object.entries(ROW)
  .map(([name, sql]) => `${sql} AS "${name}"`)
  .join(', ')}, hashtags, commands FROM facts ORDER BY "day", ${ORDER}`;

const named = (
  id: string,
  name: string,
  bot: string,
): string => `SELECT "day", ${key('id')}, id, ${keyOrNone('"name"')}, coalesce("name", ''),
  coalesce(${since('named_at')}, 0e0), bot
  FROM (SELECT "day", ${id} AS id, arg_max(${name}, sent_at) FILTER (WHERE ${name} IS NOT NULL) AS "name",
    max(sent_at) FILTER (WHERE ${name} IS NOT NULL) AS named_at, ${bot} AS bot
    FROM facts WHERE ${id} IS NOT NULL GROUP BY "day", ${id})`;

/** What the numbers stand for, day by day; one statement each. `linked`: the column whose ids links are about. */
export const dictionarySql = (linked: string) => ({
  people: named('person_id', 'person_name', 'CAST(bool_or(is_bot) AS INTEGER)'),
  conversations: named('conversation_id', 'conversation_name', '0'),
  kinds: `SELECT DISTINCT "day", ${key('kind')}, kind FROM facts WHERE NOT is_ghost`,
  languages: `SELECT DISTINCT "day", ${key('"language"')}, "language" FROM facts WHERE "language" IS NOT NULL`,
  topics: `SELECT "day", ${key('conversation_id')}, CAST(topic AS DOUBLE), topic_name, ${since('sent_at')}, ${NAMES_ITS_TOPIC} FROM facts
    WHERE topic IS NOT NULL AND topic_name IS NOT NULL AND conversation_id IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY "day", conversation_id, topic ORDER BY ${LATEST_NAME_FIRST}) = 1`,
  contents: `SELECT DISTINCT "day", texts.content_key, length(normal) BETWEEN 1 AND ${LONGEST_CONTENT}, normal FROM facts JOIN texts USING ("text")`,
  forms: `SELECT DISTINCT ON ("day", content_key) "day", content_key, substr("text", 1, ${LONGEST_QUESTION}), conversation_id || ':' || message_id
    FROM facts WHERE is_question ORDER BY "day", content_key, ${ORDER}`,
  meanings: `SELECT DISTINCT "day", content_key, meaning FROM facts JOIN (SELECT "text", ${meaning('normal', 'duckdb')} AS meaning
    FROM texts WHERE "text" IN (SELECT "text" FROM facts WHERE is_question OR is_command)) USING ("text") WHERE is_question OR is_command`,
  links: `SELECT "day", id, alias, target, ${since('seen_at')} FROM (
    SELECT "day", ${linked} AS id, coalesce(alias, '') AS alias, coalesce(target, '') AS target, max(sent_at) AS seen_at
    FROM facts WHERE (alias IS NOT NULL OR target IS NOT NULL) AND ${linked} IS NOT NULL GROUP BY ALL) ORDER BY ALL`,
});
