import { randomBytes } from 'node:crypto';
import { messageOf } from '../errors.js';
import type { Clock, Store } from '../types.js';
import type { Zone } from '../zone.js';
import { fail, type Finding, ok, warn } from './finding.js';
import { say } from './said.js';

export interface Space {
  /** Bytes. */
  readonly free: number;
  readonly total: number;
}

const GIB = 1024 ** 3;
const LOW = 1 * GIB;
const EMPTY = GIB / 16;

/** Whether objects can be written, read back and removed at `place`. `open` throws for a place that cannot be a lake. */
export async function checkLake(subject: string, variable: string, place: string, open: (place: string) => Store): Promise<Finding> {
  try {
    const store = open(place);
    const probe = `_doctor-${randomBytes(4).toString('hex')}.json`;
    await store.write(probe, '{}\n', { ifAbsent: true });
    await store.read(probe);
    await store.remove(probe);
    return ok(subject, say`${place} can be written`);
  } catch (error) {
    return fail(
      subject,
      say`${place} cannot be written: ${messageOf(error)}`,
      place.startsWith('s3://')
        ? say`Do what it says, or set ${variable} to another place; docs/s3.md tells the rights and settings.`
        : say`Make it writable for the user that runs chatlake, or set ${variable} to another place.`,
    );
  }
}

/** Space left where a lake is. */
export function checkSpace(place: string, space: Space): Finding {
  const message = say`${gib(space.free)} of ${gib(space.total)} GiB free at ${place}`;
  const mend = 'Free some space: when the disk is full nothing more is received, and Telegram keeps updates for 24 hours only.';
  if (space.free < EMPTY) return fail('disk', message, mend);
  return space.free < LOW ? warn('disk', message, mend) : ok('disk', message);
}

/** Which calendar days the lake is cut into. */
export function checkZone(zone: Zone, chosen: boolean, clock: Clock): Finding {
  const seconds = Math.floor(clock.now() / 1000);
  const local = new Date((seconds + zone.offsetAt(seconds)) * 1000).toISOString();
  const message = say`days begin at midnight in ${zone.name}, where it is ${local.slice(11, 16)} on ${local.slice(0, 10)}`;
  return ok('time zone', chosen ? message : say`${message} (the default; CHATLAKE_TIMEZONE sets another, before the first day is built)`);
}

const gib = (bytes: number) => Math.round((10 * bytes) / GIB) / 10;
