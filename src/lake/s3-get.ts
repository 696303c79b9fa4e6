import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import type { Connection, S3Place } from './s3-client.js';

/** An object's bytes, and the etag they came with. */
export interface Got {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** What is there; undefined where anything is not as it should be. */
type Answer = Got | 'absent' | undefined;

/** SHA-256 of no bytes, which is what the body of a GET has. */
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/**
 * Gets small objects by the thousand. The SDK works out anew for each request what becomes of it, which takes this machine longer than S3
 * takes to answer: here it is asked once where objects are, and only signs and sends the rest. Gives undefined where anything is not as it
 * should be; the SDK, asked for the same object, then tries again or tells why.
 */
export function quickGets(connect: () => Promise<Connection>, { bucket, prefix }: S3Place): (key: string) => Promise<Answer> {
  let way: ReturnType<typeof wayTo> | undefined;
  return async (key) => {
    try {
      way ??= wayTo(await connect(), bucket);
      return await (
        await way
      )(prefix + key);
    } catch {
      return undefined;
    }
  };
}

/** A GET of any key of a bucket; undefined for an answer that tells of something else, or for bytes that are not those of their checksum. */
async function wayTo({ sdk, client }: Connection, bucket: string): Promise<(key: string) => Promise<Answer>> {
  const { config } = client;
  const { protocol, hostname, port, path } = await placeOf(sdk, client, bucket);
  const host = port === undefined ? hostname : `${hostname}:${port}`;
  const headers = { host, 'x-amz-content-sha256': EMPTY, 'x-amz-checksum-mode': 'ENABLED' };
  const signer = await config.signer();
  return async (key) => {
    const request = {
      method: 'GET',
      protocol,
      hostname,
      ...(port === undefined ? {} : { port }),
      path: path + escaped(key),
      query: {},
      headers,
    };
    const signed = await signer.sign(request, { signingDate: new Date(Date.now() + config.systemClockOffset) });
    const { response } = await config.requestHandler.handle(signed);
    const bytes = await allOf(response.body);
    if (response.statusCode === 404 && bytes.includes('<Code>NoSuchKey</Code>')) return 'absent';
    const { etag, 'x-amz-checksum-crc32': checksum } = response.headers;
    if (response.statusCode !== 200 || etag === undefined || !isWhole(bytes, checksum)) return undefined;
    return { bytes, etag };
  };
}

async function allOf(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  body.on('data', (chunk: Buffer) => chunks.push(chunk));
  await finished(body);
  return Buffer.concat(chunks);
}

/** Where the SDK would send a request, up to the key; nothing is sent. */
async function placeOf(sdk: Connection['sdk'], client: Connection['client'], bucket: string) {
  const command = new sdk.GetObjectCommand({ Bucket: bucket, Key: 'k' });
  let found: unknown;
  command.middlewareStack.add(
    () => async (args) => {
      found = args.request;
      return { output: { $metadata: {} }, response: undefined };
    },
    { step: 'build', priority: 'low' },
  );
  await client.send(command);
  const { protocol, hostname, port, path } = found as { protocol: string; hostname: string; port?: number; path: string };
  return { protocol, hostname, port, path: path.slice(0, -1) };
}

/** A key as it stands in an address that is signed: what RFC 3986 reserves is escaped, too. */
const escaped = (key: string): string =>
  key
    .split('/')
    .map((part) => encodeURIComponent(part).replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`))
    .join('/');

/** Whether bytes agree with the checksum that S3 keeps of them: four bytes in base64. An object of parts has one of another form, or none. */
function isWhole(bytes: Buffer, checksum: string | undefined): boolean {
  const wanted = Buffer.from(checksum ?? '', 'base64');
  return wanted.length !== 4 || checksum?.includes('-') || wanted.readUInt32BE() === crc32(bytes);
}
