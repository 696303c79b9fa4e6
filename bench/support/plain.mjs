import { DuckDBInstance } from '@duckdb/node-api';

/**
 * The ceilings: DuckDB alone, one statement, in the settings that suit it best. It reads the same lines into the same columns and zstd
 * Parquet; it checks nothing, counts nothing, and one bad line stops it.
 *
 *   copy     as they come
 *   merged   one row a message, its newest version, sorted
 *
 * Arguments: which one, folder of raw files, Parquet file to write.
 */
const [kind, folder, target] = process.argv.slice(2);

const MESSAGE = `STRUCT(message_id BIGINT, "from" STRUCT(id BIGINT, is_bot BOOLEAN, first_name VARCHAR, last_name VARCHAR, username VARCHAR, language_code VARCHAR),
  chat STRUCT(id BIGINT, "type" VARCHAR, title VARCHAR, username VARCHAR), date BIGINT, edit_date BIGINT, text VARCHAR, message_thread_id BIGINT,
  sender_chat STRUCT(id BIGINT), business_connection_id VARCHAR, reply_to_message STRUCT(message_id BIGINT, "from" STRUCT(id BIGINT)), caption VARCHAR,
  entities STRUCT("type" VARCHAR, "offset" BIGINT, length BIGINT, url VARCHAR)[], forward_origin JSON, forward_date BIGINT, via_bot STRUCT(id BIGINT),
  media_group_id VARCHAR, photo JSON, document JSON, voice JSON, video JSON, audio JSON, sticker JSON, migrate_to_chat_id BIGINT, migrate_from_chat_id BIGINT)`;
const FILE = `coalesce(m.photo -> '$[#-1]', m.document, m.voice, m.video, m.audio, m.sticker)`;
const entities = (type) =>
  `list_transform(list_filter(m.entities, lambda e: e."type" = '${type}'), lambda e: substring(m.text, e."offset" + 1, e.length))`;

const SELECT = `SELECT m.message_id, m."from".id AS user_id, m."from".is_bot AS user_is_bot, m."from".first_name AS user_first_name, m.chat.id AS chat_id, m.chat."type" AS chat_type,
  CASE WHEN m.text IS NOT NULL THEN 'text' WHEN m.photo IS NOT NULL THEN 'photo' WHEN m.document IS NOT NULL THEN 'document' WHEN m.voice IS NOT NULL THEN 'voice'
    WHEN m.video IS NOT NULL THEN 'video' WHEN m.audio IS NOT NULL THEN 'audio' WHEN m.sticker IS NOT NULL THEN 'sticker' ELSE 'unknown' END AS data_type,
  m.text, m.date, kind AS update_kind, m."from".last_name AS user_last_name, m."from".username AS user_username, m."from".language_code AS user_language_code,
  m.chat.title AS chat_title, m.chat.username AS chat_username, m.message_thread_id, m.sender_chat.id AS sender_chat_id,
  m.reply_to_message.message_id AS reply_to_message_id, m.reply_to_message."from".id AS reply_to_user_id, m.edit_date, m.caption,
  ${entities('bot_command')} AS commands, ${entities('hashtag')} AS hashtags, ${entities('mention')} AS mentions, ${entities('url')} AS urls,
  CAST(m.forward_origin ->> '$.sender_user.id' AS BIGINT) AS forward_from_id, m.forward_date, m.via_bot.id AS via_bot_id, m.media_group_id,
  ${FILE} ->> '$.file_id' AS file_id, ${FILE} ->> '$.file_unique_id' AS file_unique_id, ${FILE} ->> '$.mime_type' AS mime_type,
  CAST(${FILE} ->> '$.file_size' AS BIGINT) AS file_size, CAST(${FILE} ->> '$.duration' AS BIGINT) AS duration, m.migrate_to_chat_id, m.migrate_from_chat_id,
  m.business_connection_id, 'in' AS direction, update_id, _received_at AS received_at, filename[-100:] AS raw_file, _line AS raw_line
  FROM (SELECT *, coalesce(message, edited_message) AS m, CASE WHEN message IS NULL THEN 'edited_message' ELSE 'message' END AS kind
    FROM read_json('${folder}/*.ndjson', format = 'newline_delimited', filename = true,
      columns = {_received_at: 'BIGINT', _line: 'BIGINT', update_id: 'BIGINT', message: '${MESSAGE}', edited_message: '${MESSAGE}'}))
  WHERE m IS NOT NULL`;

const KEY = 'chat_id, business_connection_id, message_id';
const HASH = `hash(${KEY})`;
/** Only the rows whose keys come twice are compared: quicker than a window or DISTINCT ON over all of them. */
const MERGED = `WITH read AS MATERIALIZED (${SELECT}),
    twice AS MATERIALIZED (SELECT ${HASH} AS hash FROM read GROUP BY ALL HAVING count(*) > 1)
  SELECT * FROM (
    FROM read ANTI JOIN twice ON ${HASH} = hash
    UNION ALL (SELECT DISTINCT ON (${KEY}) read.* FROM read SEMI JOIN twice ON ${HASH} = hash ORDER BY ${KEY}, coalesce(edit_date, 0) DESC)
  ) ORDER BY date, chat_id, message_id`;

const instance = await DuckDBInstance.create(':memory:', { preserve_insertion_order: 'false' });
const connection = await instance.connect();
await connection.run(`COPY (${kind === 'merged' ? MERGED : SELECT}) TO '${target}' (FORMAT parquet, COMPRESSION zstd)`);
