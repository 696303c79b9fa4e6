import type { APIGatewayProxyEventV2, SQSEvent } from 'aws-lambda';
import type { QueuedLine } from '../../../src/server/lambda/queue-log.js';

/** An event as an HTTP API sends it, payload format 2.0: header names in lower case, the body as text or base64. */
export function httpEvent(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: string | Uint8Array,
): APIGatewayProxyEventV2 {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  const base64 = body instanceof Uint8Array;
  return {
    version: '2.0',
    routeKey: `${method} ${rawPath}`,
    rawPath,
    rawQueryString,
    headers: { host: 'abc.execute-api.us-east-1.amazonaws.com', ...headers },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc',
      domainName: 'abc.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'abc',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      requestId: 'Xyz=',
      routeKey: `${method} ${rawPath}`,
      stage: '$default',
      time: '04/Jul/2024:00:00:00 +0000',
      timeEpoch: 1_720_051_200_000,
    },
    ...(body === undefined ? {} : { body: base64 ? Buffer.from(body).toString('base64') : body }),
    isBase64Encoded: base64,
  };
}

/** A batch as Lambda takes it from a queue. */
export function sqsEvent(lines: readonly QueuedLine[]): SQSEvent {
  return {
    Records: lines.map(({ body, attributes }, index) => ({
      messageId: `message-${index}`,
      receiptHandle: 'handle',
      body,
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '1720051200000',
        SenderId: 'AROA',
        ApproximateFirstReceiveTimestamp: '1720051200000',
      },
      messageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, stringValue]) => [name, { dataType: 'String' as const, stringValue }]),
      ),
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:chatlake-lines',
      awsRegion: 'us-east-1',
    })),
  };
}
