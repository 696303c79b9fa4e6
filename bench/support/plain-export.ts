import { statSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

/** DuckDB's JSON reader over the messages of the `result.json` that is named, with the columns that an import looks at. */
const file = process.argv[2] ?? '';
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const message = `STRUCT(id BIGINT, type VARCHAR, date VARCHAR, date_unixtime VARCHAR, "from" VARCHAR, from_id VARCHAR, reply_to_message_id BIGINT, photo VARCHAR, text JSON, text_entities JSON)`;
await connection.run(
  `CREATE TABLE messages AS SELECT unnest(messages, recursive := true) FROM read_json('${file}', format = 'unstructured', maximum_object_size = ${statSync(file).size + 1024},
    columns = {name: 'VARCHAR', type: 'VARCHAR', id: 'BIGINT', messages: '${message}[]'})`,
);
const [count] = (await connection.runAndReadAll('SELECT count(*) FROM messages')).getRows();
process.stdout.write(`${String(count)}\n`);
instance.closeSync();
