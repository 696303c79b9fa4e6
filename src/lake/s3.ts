import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import type { S3Access } from '../config.js';
import type { Condition, Store, StoredObject } from '../types.js';
import { cacheIn } from './cache.js';
import { absent, conflict, unavailable } from './failure.js';
import { byKey, checkedKey, checkedPrefix, isKey, TEMPORARY } from './key.js';
import { readWhole, s3Connection, s3PlaceOf } from './s3-client.js';
import { quickGets } from './s3-get.js';
import { isAbsentObject, isConflict, noS3, s3Failure, saidBy, toldEtag } from './s3-failure.js';

/** Bytes above which an object goes up in parts, and of a part: so much, a few times over, is all that a large one takes of memory. */
const PART = 16 * 1024 * 1024;
const SINGLE = 2 * PART;
/** Parts that S3 takes of one object. */
const MOST_PARTS = 10_000;

/**
 * A Store in a bucket of S3, or of a server that speaks its language. Local copies of objects are kept in a cache under their etags.
 * Throws USAGE for a place that is none; nothing is asked of S3 before the first use.
 */
export function s3Store(place: string, access: S3Access): Store {
  const home = s3PlaceOf(place);
  const { url, bucket, prefix } = home;
  const connect = s3Connection(access);
  const quickly = quickGets(connect, home);
  const name = `${bucket}-${createHash('sha256')
    .update(`${access.endpoint ?? ''} ${url}`)
    .digest('hex')
    .slice(0, 12)}`;
  const cache = cacheIn({ root: access.cache.folder, name, bound: access.cache.megabytes * 1024 ** 2 });
  const at = (key: string) => ({ Bucket: bucket, Key: prefix + checkedKey(key) });
  /** Etags of the newest versions that the cache has got. */
  const newest = new Map<string, string>();
  /** Fetches under way, by version and key. */
  const fetching = new Map<string, Promise<{ path: string; etag: string }>>();

  const etagRead = (key: string, etag: string | undefined) => toldEtag('read', `${url}/${key}`, etag);
  const etagWritten = (key: string, etag: string | undefined) => toldEtag('write', `${url}/${key}`, etag);

  const reading = async <T>(key: string, read: () => Promise<T>): Promise<T> => {
    try {
      return await readWhole(`${url}/${key}`, read);
    } catch (error) {
      throw isAbsentObject(error) ? absent(url, key) : s3Failure('read', `${url}/${key}`, error);
    }
  };

  const open = async (key: string, known?: string): Promise<GetObjectCommandOutput> => {
    const { sdk, client } = await connect();
    return client.send(new sdk.GetObjectCommand({ ...at(key), ...(known === undefined ? {} : { IfNoneMatch: known }) }));
  };

  const get = async (key: string) => {
    const got = await quickly(checkedKey(key));
    if (got === 'absent') throw absent(url, key);
    if (got) return got;
    return reading(key, async () => {
      const { Body, ETag } = await open(key);
      return { bytes: (await Body?.transformToByteArray()) ?? new Uint8Array(), etag: etagRead(key, ETag) };
    });
  };

  async function checkout(key: string, listed?: StoredObject): Promise<{ path: string; etag: string }> {
    checkedKey(key);
    if (listed === undefined) return reading(key, () => fetch(key));
    const path = await cache.find(key, listed.etag);
    if (path !== undefined) return { path, etag: listed.etag };
    // Several may want the same version at once: it is fetched for all of them.
    const version = `${listed.etag} ${key}`;
    const under = fetching.get(version) ?? reading(key, () => fetch(key)).finally(() => fetching.delete(version));
    fetching.set(version, under);
    return under;
  }

  /** Fetches what is there now, unless the cache has it. */
  async function fetch(key: string): Promise<{ path: string; etag: string }> {
    const known = newest.get(key);
    const copy = known === undefined ? undefined : await cache.find(key, known);
    let answer;
    try {
      answer = await open(key, copy === undefined ? undefined : known);
    } catch (error) {
      if (saidBy(error).status === 304 && copy !== undefined && known !== undefined) return { path: copy, etag: known };
      throw error;
    }
    const etag = etagRead(key, answer.ETag);
    const body = answer.Body as Readable;
    // It may break off before it is read: the pipeline tells, and until then nobody else would listen.
    body.on('error', () => undefined);
    const held = await cache.find(key, etag);
    if (held !== undefined) {
      body.destroy();
      newest.set(key, etag);
      return { path: held, etag };
    }
    const file = await cache.temporary('.part');
    try {
      await pipeline(body, createWriteStream(file));
      const path = await cache.keep(key, etag, file);
      newest.set(key, etag);
      return { path, etag };
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
  }

  async function send(key: string, bytes: Uint8Array | string | { file: string; size: number }, condition?: Condition): Promise<string> {
    const target = { ...at(key), ...headersOf(condition) };
    try {
      const { sdk, client } = await connect();
      if (typeof bytes === 'string' || bytes instanceof Uint8Array)
        return etagWritten(
          key,
          (await client.send(new sdk.PutObjectCommand({ ...target, Body: bytes, ContentLength: Buffer.byteLength(bytes) }))).ETag,
        );
      const { Upload } = await import('@aws-sdk/lib-storage');
      const partSize = Math.max(PART, Math.ceil(bytes.size / (MOST_PARTS - 1)));
      const done = await new Upload({ client, params: { ...target, Body: createReadStream(bytes.file) }, partSize, queueSize: 3 }).done();
      return etagWritten(key, done.ETag);
    } catch (error) {
      throw condition && isConflict(error) ? conflict(url, key) : s3Failure('write', `${url}/${key}`, error);
    }
  }

  async function put(key: string, file: string, condition?: Condition): Promise<void> {
    checkedKey(key);
    let body: Uint8Array | { file: string; size: number };
    try {
      const { size } = await stat(file);
      body = size > SINGLE ? { file, size } : await readFile(file);
    } catch (error) {
      throw unavailable('read', file, error);
    }
    const etag = await send(key, body, condition);
    // Whoever reads it here next need not fetch it.
    if (file.startsWith(cache.folder)) {
      await cache.keep(key, etag, file);
      newest.set(key, etag);
    } else await rm(file, { force: true });
  }

  async function* pages(under: string, delimiter?: string) {
    const { sdk, client } = await connect();
    let token: string | undefined;
    do {
      const page = await client
        .send(
          new sdk.ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix + under,
            // Keys may hold characters that XML has no way to write.
            EncodingType: 'url',
            ...(delimiter === undefined ? {} : { Delimiter: delimiter }),
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
        )
        .catch((error: unknown) => {
          throw s3Failure('read', `${url}/${under}`, error);
        });
      if (page.IsTruncated === undefined) throw noS3('read', `${url}/${under}`);
      yield page;
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  async function* list(under: string): AsyncGenerator<StoredObject> {
    checkedPrefix(under);
    for await (const { Contents = [] } of pages(under)) {
      for (const { Key = '', Size = 0, ETag } of Contents) {
        const key = decoded(Key).slice(prefix.length);
        // Consoles mark folders by empty objects; others may use names that stand for nothing here.
        if (isKey(key)) yield { key, size: Size, etag: etagRead(key, ETag) };
      }
    }
  }

  async function children(under: string): Promise<string[]> {
    checkedPrefix(under);
    const names: string[] = [];
    for await (const { Contents = [], CommonPrefixes = [] } of pages(under, '/')) {
      for (const found of [...Contents.map(({ Key }) => Key), ...CommonPrefixes.map(({ Prefix }) => Prefix)]) {
        const name = decoded(found ?? '').slice(prefix.length + under.length);
        if (isKey(under + name.replace(/\/$/, '')) && !(under === '' && name === `${TEMPORARY}/`)) names.push(name);
      }
    }
    return names.sort(byKey);
  }

  async function remove(key: string): Promise<void> {
    const target = at(key);
    try {
      const { sdk, client } = await connect();
      await client.send(new sdk.DeleteObjectCommand(target));
    } catch (error) {
      throw s3Failure('write', `${url}/${key}`, error);
    }
  }

  return {
    url,
    folder: cache.folder,
    list,
    children,
    read: async (key) => (await get(key)).bytes,
    get,
    local: async (key) => (await checkout(key)).path,
    checkout,
    put,
    write: async (key, bytes, condition) => void (await send(checkedKey(key), bytes, condition)),
    remove,
    temporary: cache.temporary,
  };
}

const headersOf = (condition: Condition | undefined) =>
  condition === undefined ? {} : 'ifMatch' in condition ? { IfMatch: condition.ifMatch } : { IfNoneMatch: '*' };

/** A key as a listing with `EncodingType: url` writes it. */
const decoded = (key: string): string => decodeURIComponent(key.replaceAll('+', ' '));
