import { randomBytes } from 'node:crypto';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { ChatlakeError } from '../errors.js';
import type { Clock, CommitObserver, Logger, RawLog } from '../types.js';
import type { Zone } from '../zone.js';
import { dayFinder } from './days.js';
import { unavailable } from './failure.js';
import { rawFolder, rejectedFolder, segmentName } from './layout.js';
import { headOf, rejectedTailOf, tailOf } from './line.js';
import type { Segment, Segments } from './segments.js';

export interface RawLogOptions {
  readonly zone: Zone;
  readonly clock: Clock;
  readonly observer?: CommitObserver;
  readonly logger?: Logger;
  /** Bytes that may wait for the disk before more are refused; 64 million unless told. */
  readonly maxPending?: number;
}

type Done = (error: Error | null) => void;

interface Waiting {
  readonly head: string;
  readonly tail: string;
  readonly done: Done;
}

/** A batch whose fate is known. */
interface Written {
  readonly batch: readonly Waiting[];
  readonly failure: ChatlakeError | null;
}

/**
 * The lines of one folder on their way to the lake. In files at most one commit is under way, as objects several; what arrives meanwhile
 * shares the next.
 */
interface Lane {
  readonly source: string;
  readonly folder: string;
  waiting: Waiting[];
  /** `performance.now()` when the first of `waiting` came. */
  since: number;
  /** `performance.now()` when the last object was sent off. */
  began: number;
  /** The commit that is scheduled or under way; where batches are objects, only until it has been sent off. */
  busy: Promise<void> | undefined;
  /** Objects on their way. */
  readonly flights: Set<Promise<void>>;
  segment: Segment | undefined;
  lines: number;
  bytes: number;
  failing: boolean;
}

const MAX_PENDING = 64 * 1024 * 1024;
/** Milliseconds for which the answer of a probe stands. */
const PROBE_AGE = 1000;

/**
 * A RawLog over segments: one lane for each source and arrival day. A lane writes to a segment that no other writer
 * touches; after a failure the segment is abandoned and the next commit begins another, so it recovers by itself.
 */
export function rawLog(segments: Segments, options: RawLogOptions): RawLog {
  const { clock, observer, logger } = options;
  const maxPending = options.maxPending ?? MAX_PENDING;
  const writer = randomBytes(4).toString('hex');
  const dayOf = dayFinder(options.zone);
  /** Lanes of the day under way, by source. */
  const accepted = new Map<string, Lane>();
  const rejected = new Map<string, Lane>();
  const retiring = new Set<Promise<void>>();
  let day = '';
  let serial = 0;
  let pending = 0;
  let closed = false;
  let probed = -Infinity;
  let probing: Promise<void> | undefined;

  function append(source: string, payload: string, done: Done): void {
    enqueue(source, accepted, tailOf(payload), done);
  }

  function reject(source: string, body: Uint8Array, reason: string, done: Done): void {
    enqueue(source, rejected, rejectedTailOf(body, reason), done);
  }

  function enqueue(source: string, lanes: Map<string, Lane>, tail: string, done: Done): void {
    if (closed) return done(new ChatlakeError('LAKE_UNAVAILABLE', 'The raw log is closed: this process is stopping'));
    if (pending >= maxPending) return done(new ChatlakeError('LAKE_UNAVAILABLE', 'Too much is waiting for the disk: try again later'));
    const now = clock.now();
    const lane = laneFor(source, lanes, now);
    pending += tail.length;
    if (lane.waiting.length === 0) lane.since = performance.now();
    lane.waiting.push({ head: headOf(now), tail, done });
    lane.busy ??= soon(lane);
  }

  function laneFor(source: string, lanes: Map<string, Lane>, now: number): Lane {
    const date = dayOf(now);
    if (date !== day) {
      day = date;
      retireAll();
    }
    const found = lanes.get(source);
    if (found) return found;
    const folder = (lanes === accepted ? rawFolder : rejectedFolder)(source, date);
    const lane: Lane = {
      source,
      folder,
      waiting: [],
      since: 0,
      began: -Infinity,
      busy: undefined,
      flights: new Set(),
      segment: undefined,
      lines: 0,
      bytes: 0,
      failing: false,
    };
    lanes.set(source, lane);
    return lane;
  }

  /** A commit begins after the requests that are already in: they share it. */
  function soon(lane: Lane): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(() => resolve(run(lane)));
    });
  }

  async function run(lane: Lane): Promise<void> {
    if (segments.objects) return launch(lane, segments.objects);
    let writing: Promise<Written> | undefined = write(lane);
    while (writing) {
      const { batch, failure }: Written = await writing;
      // The disk has its next batch before the senders of this one get their answers: answering takes as long as a sync.
      writing = lane.waiting.length > 0 ? write(lane) : undefined;
      settle(lane, batch, failure);
      if (writing) continue;
      await turn();
      if (lane.waiting.length > 0) writing = write(lane);
    }
    lane.busy = undefined;
  }

  /** Sends what waits off as objects, so many at once and so far apart; the lanes of the moment share the pace. */
  async function launch(lane: Lane, { apart, inFlight, patience }: NonNullable<Segments['objects']>): Promise<void> {
    while (lane.waiting.length > 0) {
      const active = [...accepted.values(), ...rejected.values()].filter((one) => one.busy !== undefined || one.flights.size > 0).length;
      const rest = lane.began + apart * Math.max(1, active) - performance.now();
      if (rest > 0) await sleep(rest);
      if (lane.flights.size >= inFlight) await Promise.race(lane.flights);
      lane.began = performance.now();
      const flight = send(lane, patience).finally(() => void lane.flights.delete(flight));
      lane.flights.add(flight);
    }
    lane.busy = undefined;
  }

  async function send(lane: Lane, patience: number): Promise<void> {
    const { batch, since } = taken(lane);
    let failure: ChatlakeError | null = null;
    try {
      const bytes = numbered(batch, 0);
      const segment = await segments.create(lane.folder + segmentName(clock.now(), writer, serial++));
      await segment.append(bytes, since + patience - performance.now());
      observer?.committed(lane.source, batch.length, bytes.byteLength, (performance.now() - since) / 1000);
    } catch (error) {
      failure = unavailable('write', lane.folder, error);
      observer?.failed(lane.source, batch.length, failure);
    }
    settle(lane, batch, failure);
  }

  /** Makes what waits durable, all of it by one write. Never rejects. */
  async function write(lane: Lane): Promise<Written> {
    const { batch, since } = taken(lane);
    let failure: ChatlakeError | null = null;
    try {
      const segment = await segmentOf(lane);
      const bytes = numbered(batch, lane.lines);
      await segment.append(bytes);
      lane.lines += batch.length;
      lane.bytes += bytes.byteLength;
      observer?.committed(lane.source, batch.length, bytes.byteLength, (performance.now() - since) / 1000);
    } catch (error) {
      failure = unavailable('write', lane.folder, error);
      await abandon(lane);
      observer?.failed(lane.source, batch.length, failure);
    }
    return { batch, failure };
  }

  function taken(lane: Lane): { batch: readonly Waiting[]; since: number } {
    const batch = lane.waiting;
    lane.waiting = [];
    return { batch, since: lane.since };
  }

  function settle(lane: Lane, batch: readonly Waiting[], failure: ChatlakeError | null): void {
    report(lane, failure);
    for (const { tail, done } of batch) {
      pending -= tail.length;
      done(failure);
    }
  }

  async function segmentOf(lane: Lane): Promise<Segment> {
    if (lane.segment && lane.bytes >= lane.segment.capacity) await abandon(lane);
    if (lane.segment) return lane.segment;
    const key = lane.folder + segmentName(clock.now(), writer, serial++);
    lane.segment = await segments.create(key);
    lane.lines = 0;
    lane.bytes = 0;
    return lane.segment;
  }

  async function abandon(lane: Lane): Promise<void> {
    const segment = lane.segment;
    lane.segment = undefined;
    await segment?.close();
  }

  /** Forgets the lanes; what they have is still finished, and `close` waits for that. */
  function retireAll(): void {
    for (const lane of [...accepted.values(), ...rejected.values()]) {
      const finished = finish(lane).then(() => void retiring.delete(finished));
      retiring.add(finished);
    }
    accepted.clear();
    rejected.clear();
  }

  async function finish(lane: Lane): Promise<void> {
    await lane.busy;
    await Promise.all(lane.flights);
    await abandon(lane);
  }

  /** Says once that a lane fails and once that it works again. */
  function report(lane: Lane, failure: ChatlakeError | null): void {
    if (failure && !lane.failing)
      logger?.error({ source: lane.source, reason: failure.message }, 'the lake cannot be written; senders are told to try again');
    if (!failure && lane.failing) logger?.info({ source: lane.source }, 'the lake can be written again');
    lane.failing = failure !== null;
  }

  function probe(): Promise<void> {
    if (closed) return Promise.reject(new ChatlakeError('LAKE_UNAVAILABLE', 'The raw log is closed: this process is stopping'));
    if (probing && performance.now() - probed < PROBE_AGE) return probing;
    probed = performance.now();
    probing = segments.probe();
    return probing;
  }

  async function close(): Promise<void> {
    closed = true;
    retireAll();
    await Promise.all(retiring);
  }

  return { append, reject, probe, close };
}

/** The lines of a batch as bytes, one string for all of them, numbered after the `before` lines that the segment has. */
function numbered(batch: readonly Waiting[], before: number): Buffer {
  let text = '';
  let line = before;
  for (const { head, tail } of batch) text += `${head}${++line}${tail}\n`;
  return Buffer.from(text, 'latin1');
}
