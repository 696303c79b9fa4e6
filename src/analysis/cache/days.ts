import type { DuckDBConnection } from '@duckdb/node-api';
import { streamOf } from './facts.js';
import type { Names } from './names.js';
import { taker } from './taker.js';
import { grow, newTimeline, type Timeline } from './timeline.js';

/** Days of a channel, each once and in order, from facts (a SELECT). */
export async function* timelines(
  connection: DuckDBConnection,
  names: Names,
  channel: number,
  channelName: string,
  facts: string,
): AsyncGenerator<Timeline> {
  const result = await connection.stream(streamOf(facts));
  let current: Timeline | undefined;
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    const take = taker(chunk, names, channel, channelName);
    const days = chunk.getColumnVector(0);
    for (let row = 0; row < chunk.rowCount; row += 1) {
      const day = days.getItem(row) as number;
      if (current === undefined || current.day !== day) {
        if (current !== undefined) yield current;
        current = newTimeline(channel, day, 4096);
      }
      if (current.count === current.sentAt.length) grow(current);
      take(current, row);
    }
  }
  if (current !== undefined) yield current;
}
