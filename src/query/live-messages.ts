import type { LiveMessages } from '../import/types.js';
import type { QueryEngine } from '../types.js';

const RECEIVED = `direction = 'in' AND imported_from IS NULL AND "number" IS NOT NULL AND group_id IS NULL AND message IS NOT NULL`;
/** Whatever the zone of the lake, a minute lies in the day that it has in UTC or in one beside it. */
const dayOf = (minute: number, beside: number) => `DATE '${new Date((minute + beside * 1440) * 60_000).toISOString().slice(0, 10)}'`;

/** What was received on WhatsApp, for an import that asks whose messages it has. */
export function liveMessages(engine: Pick<QueryEngine, 'run'>): LiveMessages {
  return {
    async period() {
      const { batches } = await engine.run(`SELECT min("date"), max("date") FROM whatsapp WHERE ${RECEIVED}`);
      for await (const [[from, to] = []] of batches) if (from != null && to != null) return { from: Number(from), to: Number(to) };
      return undefined;
    },
    async *received(minutes) {
      const [from, to] = minutes.reduce(([a, b], minute) => [Math.min(a, minute), Math.max(b, minute)], [Infinity, -Infinity]);
      if (minutes.length === 0) return;
      const { batches } = await engine.run(
        `SELECT "number", "date", message FROM whatsapp WHERE ${RECEIVED} AND "date" // 60 IN (${minutes.join(', ')})
          AND context_date BETWEEN ${dayOf(from, -1)} AND ${dayOf(to, 1)}`,
      );
      for await (const batch of batches)
        for (const [number, date, text] of batch) yield { number: String(number), date: Number(date), text: String(text) };
    },
  };
}
