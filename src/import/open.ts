import { createReadStream } from 'node:fs';
import { open as openFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { ChatlakeError, messageOf, systemCode } from '../errors.js';
import type { Zone } from '../zone.js';
import { faulty } from './notes.js';
import { readTelegram } from './telegram/read.js';
import type { ExportFile, ImportChoices, Reading } from './types.js';
import { readWhatsapp } from './whatsapp/read.js';

/** Bytes read at once. */
const CHUNK = 1024 * 1024;
/** Beyond so many bytes, an archive whose content is so many times as large is not opened. */
const BOMB_BYTES = 64 * 1024 * 1024;
const BOMB_RATIO = 200;
/** Entries of an archive that are looked at. */
const MOST_ENTRIES = 200_000;

/** Exports in one file, and what lets go of it. */
export interface Opened {
  readonly exports: readonly ExportFile[];
  close(): void;
}

/** The export at `path`, called `name`: itself, or those in it when it is a zip archive. Throws NOT_FOUND or IMPORT. */
export async function openExport(path: string, name = basename(path)): Promise<Opened> {
  const size = await sizeOf(path, name);
  if (size === 0) throw faulty('empty', `${name} is empty`);
  if (await isZip(path)) return inArchive(path, name);
  const folder = basename(dirname(path));
  const open = async () => createReadStream(path, { highWaterMark: CHUNK });
  return { exports: [{ name, folder, size, open }], close: () => undefined };
}

async function sizeOf(path: string, name: string): Promise<number> {
  try {
    const found = await stat(path);
    if (found.isFile()) return found.size;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw new ChatlakeError('IMPORT', `${name} cannot be read: ${messageOf(error)}`, { cause: error });
    throw new ChatlakeError('NOT_FOUND', `There is no file ${path}`);
  }
  throw new ChatlakeError('IMPORT', `${path} is no file: give result.json of Telegram Desktop, or a chat export of WhatsApp (.txt, .zip)`);
}

async function headOf(path: string, bytes: number): Promise<Buffer> {
  const handle = await openFile(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function isZip(path: string): Promise<boolean> {
  const head = await headOf(path, 4);
  return head[0] === 0x50 && head[1] === 0x4b && (head[2] === 0x03 || head[2] === 0x05);
}

/** The chats in an archive. Nothing is unpacked: names in it lead nowhere, and media are not looked at. */
async function inArchive(path: string, name: string): Promise<Opened> {
  const wrong = (error: unknown) => faulty('no-archive', `${name} is no zip archive that can be read: ${messageOf(error)}`, error);
  let zip: ZipFile;
  try {
    zip = await openPromise(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true });
  } catch (error) {
    throw wrong(error);
  }
  try {
    const entries = await entriesOf(zip);
    const chosen = chats(entries);
    if (chosen.length === 0) throw faulty('no-chat', `${name} holds no chat: neither a WhatsApp chat (.txt) nor result.json`);
    for (const entry of chosen) refuseBomb(name, entry);
    const folder = name.replace(/\.zip$/i, '');
    return {
      exports: chosen.map((entry) => ({
        name: entry.fileName.slice(entry.fileName.lastIndexOf('/') + 1),
        folder,
        size: entry.uncompressedSize,
        open: () => streamOf(zip, entry, wrong),
      })),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error instanceof ChatlakeError ? error : wrong(error);
  }
}

async function streamOf(zip: ZipFile, entry: Entry, wrong: (error: unknown) => ChatlakeError): Promise<Readable> {
  try {
    return checked(await zip.openReadStreamPromise(entry), entry.crc32, wrong);
  } catch (error) {
    throw wrong(error);
  }
}

/** The bytes of an entry; fails at their end where they are not those that were packed: a damaged archive may well unpack to something. */
function checked(unpacked: Readable, sum: number, wrong: (error: unknown) => ChatlakeError): Readable {
  let found = 0;
  const bytes = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      found = crc32(chunk, found);
      done(null, chunk);
    },
    flush: (done) => done(found === sum ? null : wrong(new Error('it is damaged, export it or copy it again'))),
  });
  unpacked.on('error', (error) => bytes.destroy(wrong(error)));
  bytes.on('close', () => unpacked.destroy());
  return unpacked.pipe(bytes);
}

async function entriesOf(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) {
    if (entries.length >= MOST_ENTRIES) throw new Error(`it has more than ${MOST_ENTRIES} entries`);
    if (!entry.fileName.endsWith('/') && !entry.fileName.startsWith('__MACOSX/')) entries.push(entry);
  }
  return entries;
}

/** `result.json` of Telegram Desktop; chats of WhatsApp, which are called so, or a single text. */
function chats(entries: readonly Entry[]): readonly Entry[] {
  const named = (pattern: RegExp) => entries.filter(({ fileName }) => pattern.test(fileName));
  for (const found of [named(/(?:^|\/)result\.json$/), named(/(?:^|\/)(?:_chat|[^/]*whatsapp[^/]*)\.txt$/i)])
    if (found.length > 0) return found;
  const texts = named(/\.txt$/i);
  return texts.length === 1 ? texts : [];
}

function refuseBomb(name: string, { compressedSize, uncompressedSize }: Entry): void {
  if (uncompressedSize > BOMB_BYTES && uncompressedSize > compressedSize * BOMB_RATIO)
    throw faulty(
      'too-much-inside',
      `${name} would unpack to ${Math.round(uncompressedSize / 1e6)} MB from ${Math.max(1, Math.round(compressedSize / 1e6))} MB: that is no chat. Unpack it yourself if you trust it`,
    );
}

/** Reads an export by what it holds, whatever it is called. Throws IMPORT when it is neither kind. */
export async function readExport(file: ExportFile, zone: Zone, choices: ImportChoices): Promise<Reading> {
  const head = await firstBytes(file);
  const text = head
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
  if (text.startsWith('{')) return readTelegram(file, zone, choices);
  if (/^<(?:!doctype|html)/i.test(text))
    throw faulty('a-page', `${file.name} is a page: in Telegram Desktop, export the chat as "Machine-readable JSON"`);
  if (text.startsWith('PK')) throw faulty('archive-inside', `${file.name} is an archive inside an archive: unpack it first`);
  return readWhatsapp(file, zone, choices);
}

async function firstBytes(file: ExportFile): Promise<Buffer> {
  const stream = await file.open();
  try {
    for await (const chunk of stream) return (chunk as Buffer).subarray(0, 4096);
    return Buffer.alloc(0);
  } finally {
    stream.destroy();
  }
}
