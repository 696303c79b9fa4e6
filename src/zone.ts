/** A time zone as the lake needs it: which calendar day an instant belongs to. */
export interface Zone {
  /** As set: an IANA name or an offset. */
  readonly name: string;
  /** Seconds to add to UTC at `epochSeconds`. */
  offsetAt(epochSeconds: number): number;
  /** `YYYY-MM-DD` at `epochSeconds`. */
  dateAt(epochSeconds: number): string;
  /** First second of `date` (`YYYY-MM-DD`) in the zone, as epoch seconds. */
  startOf(date: string): number;
}

const DAY = 86_400;

/** The zone called `name` (IANA, or an offset such as `-03:00`), or undefined when there is none. */
export function zoneOf(name: string): Zone | undefined {
  const fixed = /^([+-])(\d{2}):?(\d{2})$/.exec(name);
  if (fixed) {
    const hours = Number(fixed[2]);
    const minutes = Number(fixed[3]);
    if (hours > 14 || minutes > 59) return undefined;
    const seconds = (fixed[1] === '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    return zone(name, () => seconds);
  }
  // Intl takes offsets that DuckDB does not; everything else it knows is an IANA name.
  if (!/^[A-Za-z]/.test(name)) return undefined;
  try {
    return zone(name, offsets(name));
  } catch {
    return undefined;
  }
}

/** The last second of the epoch that the tables take for a time, in the year 9999; none before 1970 is. */
export const LATEST = 253_402_214_400;

/** Whether `text` is a day of the calendar as partitions name them: `YYYY-MM-DD`. */
export const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;

/** `date` plus `days`, both `YYYY-MM-DD`. */
export function addDays(date: string, days: number): string {
  return isoDate(Date.parse(`${date}T00:00:00Z`) / 1000 + days * DAY);
}

function isoDate(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString().slice(0, 10);
}

function zone(name: string, offsetAt: (epochSeconds: number) => number): Zone {
  return {
    name,
    offsetAt,
    dateAt: (epochSeconds) => isoDate(epochSeconds + offsetAt(epochSeconds)),
    startOf: (date) => {
      const local = Date.parse(`${date}T00:00:00Z`) / 1000;
      const dayOf = (epoch: number) => Math.floor((epoch + offsetAt(epoch)) / DAY) * DAY;
      // The first instant whose local day is `date`: where midnight does not exist, the day starts later.
      let before = local - DAY;
      let after = local + DAY;
      while (after - before > 1) {
        const middle = Math.floor((before + after) / 2);
        if (dayOf(middle) >= local) after = middle;
        else before = middle;
      }
      return after;
    },
  };
}

/** Offset of an IANA zone by Intl, remembered by the quarter of an hour: no zone changes inside one. */
function offsets(name: string): (epochSeconds: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    era: 'short',
  });
  const known = new Map<number, number>();
  return (epochSeconds) => {
    const slot = Math.floor(epochSeconds / 900);
    const found = known.get(slot);
    if (found !== undefined) return found;
    const parts = Object.fromEntries(format.formatToParts(slot * 900_000).map((part) => [part.type, part.value]));
    const year = parts['era'] === 'BC' ? 1 - Number(parts['year']) : Number(parts['year']);
    const local = Date.UTC(
      year,
      Number(parts['month']) - 1,
      Number(parts['day']),
      Number(parts['hour']),
      Number(parts['minute']),
      Number(parts['second']),
    );
    const offset = local / 1000 - slot * 900;
    if (known.size > 10_000) known.clear();
    known.set(slot, offset);
    return offset;
  };
}
