import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { messageOf } from '../errors.js';
import type { Clock, Logger, RawLog, Receiver, RefusalReason } from '../types.js';
import { judge, refusedByHead, type Reply, RETRY, STATUS } from './intake.js';
import type { Metrics, Tally } from './metrics.js';
import type { PlainRequest } from './plain-request.js';
import { answerEarly, readBody, type BodyBudget, type BodyFailure } from './route-body.js';

export interface WebhookOptions {
  readonly receivers: readonly Receiver[];
  readonly rawLog: RawLog;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly budget: BodyBudget;
  /** True once the server stops: answers then end their connection. */
  readonly stopping: () => boolean;
}

/** Answers requests under `/webhook/`. */
export interface Webhooks {
  /** `expects`: the sender waits for "100 Continue" before it sends the body. */
  readonly handle: (request: IncomingMessage, response: ServerResponse, path: string, expects: boolean) => void;
  /** The same for a POST that is there already; false, and nothing done, when it would be refused before its body is read. */
  readonly take: (request: PlainRequest, reply: Reply) => boolean;
}

interface Route {
  readonly receiver: Receiver;
  readonly tally: Tally;
  readonly allow: string;
}

type Done = (error: Error | null) => void;

const NONE = {};
const OK = ['Content-Length', '0'];
const OK_CLOSE = ['Content-Length', '0', 'Connection', 'close'];

/** Takes webhook requests as they arrive on a socket: what `intake.ts` decides, with bodies read within the budget and everything counted. */
export function webhooks(options: WebhookOptions): Webhooks {
  const { rawLog, budget, clock, logger } = options;
  const routes = new Map(options.receivers.map((receiver) => [`/webhook/${receiver.source}`, routeOf(receiver, options.metrics)]));

  function handle(request: IncomingMessage, response: ServerResponse, path: string, expects: boolean): void {
    const route = routes.get(path);
    if (route === undefined) return answerEarly(request, response, 404, NONE);
    if (request.method !== 'POST') return otherMethod(route, request, response);
    const reply: Reply = (status, headers) => {
      if (status === 200) acknowledge(response);
      else answerEarly(request, response, status, headers);
    };
    const refusal = refusedByHead(route.receiver, request.headers, budget.maxBody);
    if (refusal) return refuse(route, reply, refusal);
    if (expects) response.writeContinue();
    readBody(request, budget, (failure, body) => {
      if (failure) return failed(route, reply, failure);
      keep(route, request.headers, body, reply);
    });
  }

  function take({ path, headers, body }: PlainRequest, reply: Reply): boolean {
    const route = routes.get(path);
    if (route === undefined || refusedByHead(route.receiver, headers, budget.maxBody) !== undefined) return false;
    if (budget.used + body.length > budget.maxTotal) return false;
    budget.used += body.length;
    keep(route, headers, body, reply);
    return true;
  }

  /** Decides on a whole body, which is counted in the budget, and answers. */
  function keep(route: Route, headers: IncomingHttpHeaders, body: Buffer, reply: Reply): void {
    const { receiver } = route;
    const judged = judge(receiver, headers, body);
    if ('refused' in judged) {
      budget.used -= body.length;
      return refuse(route, reply, judged.refused);
    }
    const kept = whenKept(route, reply, body.length);
    if ('reason' in judged) {
      note(route, judged.reason, body.length);
      return rawLog.reject(receiver.source, body, judged.reason, kept);
    }
    const { wanted } = judged;
    if (wanted === true) return rawLog.append(receiver.source, body, kept);
    if (wanted === false) return leaveOut(route, reply, body.length);
    void decide(route, reply, body, wanted, kept);
  }

  async function decide(route: Route, reply: Reply, body: Buffer, wanted: Promise<boolean>, kept: Done): Promise<void> {
    const { source } = route.receiver;
    try {
      if (await wanted) rawLog.append(source, body, kept);
      else leaveOut(route, reply, body.length);
    } catch (error) {
      logger.error({ source, reason: messageOf(error) }, 'a payload could not be decided on; its sender is told to try again');
      kept(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Answers once the fate of the bytes is known. It holds no payload, so that waiting for the disk costs little memory. */
  function whenKept(route: Route, reply: Reply, size: number): Done {
    return (error) => {
      budget.used -= size;
      if (error) return refuse(route, reply, 'lake_unavailable');
      const { tally } = route;
      tally.received++;
      tally.bytes += size;
      tally.lastReceived = clock.now();
      reply(200, NONE);
    };
  }

  function leaveOut(route: Route, reply: Reply, size: number): void {
    budget.used -= size;
    route.tally.filtered++;
    reply(200, NONE);
  }

  function note({ receiver, tally }: Route, reason: string, bytes: number): void {
    tally.rejected.set(reason, (tally.rejected.get(reason) ?? 0) + 1);
    logger.warn({ source: receiver.source, reason, bytes }, 'an authentic body that is no update was kept in quarantine');
  }

  function acknowledge(response: ServerResponse): void {
    response.writeHead(200, options.stopping() ? OK_CLOSE : OK);
    response.end();
  }

  function otherMethod(route: Route, request: IncomingMessage, response: ServerResponse): void {
    const { receiver, allow } = route;
    if (request.method !== 'GET' || !receiver.handshake) {
      count(route.tally, 'method');
      return answerEarly(request, response, STATUS.method, { allow });
    }
    const url = request.url ?? '';
    const mark = url.indexOf('?');
    const { status, body } = receiver.handshake(new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)));
    if (status >= 400) count(route.tally, 'secret');
    response.writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'content-length': String(Buffer.byteLength(body)),
    });
    response.end(body);
  }

  function failed(route: Route, reply: Reply, failure: BodyFailure): void {
    if (failure === 'aborted') return count(route.tally, 'aborted');
    refuse(route, reply, failure === 'busy' ? 'lake_unavailable' : failure);
  }

  function refuse(route: Route, reply: Reply, reason: RefusalReason): void {
    count(route.tally, reason);
    reply(STATUS[reason], reason === 'lake_unavailable' ? RETRY : NONE);
  }

  return { handle, take };
}

function routeOf(receiver: Receiver, metrics: Metrics): Route {
  return { receiver, tally: metrics.tally(receiver.source), allow: receiver.handshake ? 'GET, POST' : 'POST' };
}

function count(tally: Tally, reason: RefusalReason): void {
  tally.refused.set(reason, (tally.refused.get(reason) ?? 0) + 1);
}
