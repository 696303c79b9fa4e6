import { addDays, type Zone } from '../zone.js';

/** Calendar day of an instant (epoch milliseconds) in `zone`, remembered until the instant leaves the day. */
export function dayFinder(zone: Zone): (epochMs: number) => string {
  let date = '';
  let start = Infinity;
  let end = -Infinity;
  return (epochMs) => {
    if (epochMs < start || epochMs >= end) {
      date = zone.dateAt(Math.floor(epochMs / 1000));
      start = zone.startOf(date) * 1000;
      end = zone.startOf(addDays(date, 1)) * 1000;
    }
    return date;
  };
}
