import type { DuckDBConnection, DuckDBDataChunk, DuckDBVector } from '@duckdb/node-api';
import { DuckDBListValue } from '@duckdb/node-api';
import type { Day } from '../calendar.js';
import { dayBuilder, type DayBuilder, type Dictionary } from './builder.js';
import type { DayFacts } from './day-facts.js';
import { sidesSql, toldSql } from './sides.js';
import { FACT_SOURCES, type Files } from './sources.js';
import { COMMANDED, dictionarySql, prepareSql, ROW, ROWS_SQL, TAGGED } from './statements.js';

const COLUMNS = Object.keys(ROW) as (keyof typeof ROW)[];
const FLAGS_AT = COLUMNS.indexOf('flags');

/** The facts of some days of a channel, from their files; a day without rows has none. Whatever DuckDB throws when a file is replaced meanwhile. */
export async function readFacts(connection: DuckDBConnection, channel: number, files: Files): Promise<DayFacts[]> {
  const source = FACT_SOURCES[channel];
  const sides = sidesSql(channel, files);
  if (source === undefined || sides === undefined) return [];
  const days = new Map<Day, DayBuilder>();
  const builderOf = (day: Day): DayBuilder => {
    const known = days.get(day) ?? dayBuilder(channel, day, source.channel);
    days.set(day, known);
    return known;
  };
  for (const statement of prepareSql(source.select(files))) await connection.run(statement);
  const linked = channel === 0 ? 'conversation_id' : 'person_id';
  const told = toldSql(channel, files);
  const statements = { ...dictionarySql(linked), sides, ...(told !== undefined && { told }) };
  for (const [name, sql] of Object.entries(statements) as [keyof typeof statements & Dictionary, string][]) {
    await eachChunk(connection, sql, (chunk) => {
      const vectors = vectorsOf(chunk);
      for (let row = 0; row < chunk.rowCount; row += 1) {
        const [day, ...values] = vectors.map((vector) => vector.getItem(row));
        builderOf(day as number).learn(name, values);
      }
    });
  }
  await eachChunk(connection, ROWS_SQL, (chunk) => addRows(chunk, builderOf));
  for (const table of ['facts', 'texts', 'messages']) await connection.run(`DROP TABLE ${table}`);
  return [...days.values()].map((builder) => builder.done()).sort((a, b) => a.day - b.day);
}

function addRows(chunk: DuckDBDataChunk, builderOf: (day: Day) => DayBuilder): void {
  const count = chunk.rowCount;
  const vectors = vectorsOf(chunk);
  const columns = COLUMNS.map((_, at) => numbersOf(vectors[at] as DuckDBVector<number>, count));
  const [hashtags, commands] = vectors.slice(COLUMNS.length) as [DuckDBVector, DuckDBVector];
  const days = columns[0] as Float64Array;
  const flags = columns[FLAGS_AT] as Float64Array;
  let builder = builderOf(days[0] as number);
  for (let row = 0; row < count; row += 1) {
    if (row > 0 && days[row] !== days[row - 1]) builder = builderOf(days[row] as number);
    builder.add(columns, row);
    const marks = flags[row] as number;
    if ((marks & TAGGED) !== 0) builder.tag('hashtag', listAt(hashtags, row));
    if ((marks & COMMANDED) !== 0) builder.tag('command', listAt(commands, row));
  }
}

function numbersOf(vector: DuckDBVector<number>, count: number): Float64Array {
  const numbers = new Float64Array(count);
  for (let row = 0; row < count; row += 1) numbers[row] = vector.getItem(row) as number;
  return numbers;
}

const vectorsOf = (chunk: DuckDBDataChunk): DuckDBVector[] =>
  Array.from({ length: chunk.columnCount }, (_, at) => chunk.getColumnVector(at));

async function eachChunk(connection: DuckDBConnection, sql: string, see: (chunk: DuckDBDataChunk) => void): Promise<void> {
  const result = await connection.stream(sql);
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) see(chunk);
}

function listAt(column: DuckDBVector, row: number): readonly string[] {
  const value = column.getItem(row);
  return value instanceof DuckDBListValue ? value.items.filter((item) => typeof item === 'string') : [];
}
