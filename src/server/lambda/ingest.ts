import type { IncomingHttpHeaders } from 'node:http';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { messageOf } from '../../errors.js';
import type { Logger, Receiver, RefusalReason } from '../../types.js';
import { judge, MAX_BODY, refusedByHead, RETRY, STATUS } from '../intake.js';
import { type Inlet, settled } from './queue-log.js';

export interface IngestOptions {
  readonly receivers: readonly Receiver[];
  readonly inlet: Inlet;
  readonly logger: Logger;
}

type Answer = APIGatewayProxyStructuredResultV2;

const OK: Answer = { statusCode: 200 };

/** Answers webhook requests that come as events of an HTTP API (payload format 2.0), by the same decisions as `route.ts`. */
export function httpIngest(options: IngestOptions): (event: APIGatewayProxyEventV2) => Promise<Answer> {
  const { inlet, logger } = options;
  const receivers = new Map(options.receivers.map((receiver) => [`/webhook/${receiver.source}`, receiver]));

  async function take(receiver: Receiver, headers: IncomingHttpHeaders, body: Buffer): Promise<Answer> {
    const { source } = receiver;
    const judged = judge(receiver, headers, body);
    if ('refused' in judged) return refused(judged.refused);
    try {
      if ('reason' in judged) {
        logger.warn({ source, reason: judged.reason, bytes: body.length }, 'an authentic body that is no update was kept in quarantine');
        await settled((done) => inlet.reject(source, body, judged.reason, done));
      } else if (await judged.wanted) await settled((done) => inlet.append(source, body, done));
      return OK;
    } catch (error) {
      logger.error({ source, reason: messageOf(error) }, 'a payload was not taken; its sender is told to try again');
      return refused('lake_unavailable');
    }
  }

  return async (event) => {
    const receiver = receivers.get(event.rawPath);
    if (receiver === undefined) return { statusCode: 404 };
    const { method } = event.requestContext.http;
    if (method === 'GET' && receiver.handshake) return handshake(receiver.handshake(new URLSearchParams(event.rawQueryString)));
    if (method !== 'POST') return { ...refused('method'), headers: { allow: receiver.handshake ? 'GET, POST' : 'POST' } };
    const refusal = refusedByHead(receiver, event.headers, MAX_BODY);
    if (refusal) return refused(refusal);
    const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
    return body.length > MAX_BODY ? refused('too_large') : take(receiver, event.headers, body);
  };
}

const refused = (reason: RefusalReason): Answer => ({
  statusCode: STATUS[reason],
  ...(reason === 'lake_unavailable' ? { headers: RETRY } : {}),
});

const handshake = ({ status, body }: { readonly status: number; readonly body: string }): Answer => ({
  statusCode: status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  body,
});
