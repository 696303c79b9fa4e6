import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** What pipelines made by hand do: one file a message, parsed in a loop, one INSERT each. Argument: folder of `.json` files. */
const folder = process.argv[2] ?? '';
const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
await connection.run('CREATE TABLE telegram (message_id BIGINT, user_id BIGINT, chat_id BIGINT, text VARCHAR, date BIGINT)');
const insert = await connection.prepare('INSERT INTO telegram VALUES ($1, $2, $3, $4, $5)');
interface Update {
  message?: { message_id: number; from?: { id: number }; chat: { id: number }; text?: string; date: number };
}
for (const name of readdirSync(folder)) {
  const { message } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Update;
  if (!message) continue;
  insert.bindBigInt(1, BigInt(message.message_id));
  insert.bindBigInt(2, BigInt(message.from?.id ?? 0));
  insert.bindBigInt(3, BigInt(message.chat.id));
  insert.bindVarchar(4, message.text ?? '');
  insert.bindBigInt(5, BigInt(message.date));
  await insert.run();
}
await connection.run(`COPY telegram TO '${folder}.parquet' (FORMAT parquet)`);
