import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { headOf, tailOf } from '../../src/lake/line.js';
import { openRawLog } from '../../src/lake/open.js';
import { rawLog, type RawLogOptions } from '../../src/lake/rawlog.js';
import { fileSegments } from '../../src/lake/segments.js';
import type { RawLog } from '../../src/types.js';
import { zoneOf, type Zone } from '../../src/zone.js';
import { canLoop, canMount, failingDisk, NEEDS_LOOP, NEEDS_MOUNT, smallDisk, temporaryFolder } from './disks.js';
import { append, payloadIn, rawLines, reject, segmentsIn } from './raw.js';

const zone = (name: string) => zoneOf(name) as Zone;
const NOON = Date.parse('2024-07-03T12:00:00Z');

function opened(folder: string, options: Partial<RawLogOptions> = {}): RawLog {
  const log = openRawLog(folder, { zone: zone('America/Sao_Paulo'), clock: { now: () => NOON }, ...options });
  onTestFinished(() => log.close());
  return log;
}

const refusal = { code: 'LAKE_UNAVAILABLE' };

/** The bytes of a line, read as a reader would. */
const lineOf = (at: number, number: number, payload: string | Uint8Array): string =>
  Buffer.from(`${headOf(at)}${number}${tailOf(payload)}`, 'latin1').toString();

describe('the line of a payload', () => {
  it('is its own text with the time of arrival and the number in front', () => {
    expect(lineOf(5, 7, ' \n{"a": 1}')).toBe('{"_received_at":5,"_line":7,"a": 1}');
    expect(lineOf(5, 7, Buffer.from('{ \r\n }\n'))).toBe('{"_received_at":5,"_line":7    } ');
  });

  it('is one line and parses to the payload, whatever the payload and however it is laid out', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()),
        fc.constantFrom('', ' ', '\n', '\t', '\r\n'),
        (value, indent) => {
          const payload = indent + JSON.stringify(value, null, indent).replaceAll('\n', indent.includes('\r') ? '\r\n' : '\n') + indent;
          const line = lineOf(1, 1, payload);
          expect(lineOf(1, 1, Buffer.from(payload))).toBe(line);
          expect(line).not.toMatch(/[\r\n]/);
          expect(JSON.parse(line)).toEqual({ _received_at: 1, _line: 1, ...(JSON.parse(payload) as object) });
          expect(payloadIn(line)).toBe(payload.trimStart().replaceAll(/[\r\n]/g, ' '));
        },
      ),
    );
  });
});

describe('openRawLog', () => {
  it('keeps what it acknowledged, numbered from 1, under the arrival day in the zone', async () => {
    const folder = await temporaryFolder();
    const log = opened(folder, { clock: { now: () => Date.parse('2024-07-04T02:59:59Z') } });
    await Promise.all([1, 2, 3].map((id) => append(log, 'telegram', `{"update_id":${id}}`)));
    await append(log, 'telegram', '{}');
    await append(log, 'whatsapp', '{"object":"x"}');
    const lines = await rawLines(folder);
    expect(lines.map((line) => line.text)).toEqual([
      '{"_received_at":1720061999000,"_line":1,"update_id":1}',
      '{"_received_at":1720061999000,"_line":2,"update_id":2}',
      '{"_received_at":1720061999000,"_line":3,"update_id":3}',
      '{"_received_at":1720061999000,"_line":4}',
      '{"_received_at":1720061999000,"_line":1,"object":"x"}',
    ]);
    expect(lines[0]?.file).toMatch(/^telegram\/context_date=2024-07-03\/1720061999000-[0-9a-f]{8}-\d+\.ndjson$/);
    expect(lines[4]?.file).toMatch(/^whatsapp\/context_date=2024-07-03\//);
  });

  it('has written the line when it acknowledges it', async () => {
    const folder = await temporaryFolder();
    const log = opened(folder);
    for (let id = 1; id <= 20; id++) {
      await append(log, 'telegram', `{"update_id":${id}}`);
      expect((await rawLines(folder)).length).toBe(id);
    }
  });

  it('lets lines that arrive together share a commit', async () => {
    const commits: number[] = [];
    const log = opened(await temporaryFolder(), {
      observer: { committed: (_source, lines) => commits.push(lines), failed: () => undefined },
    });
    await Promise.all(Array.from({ length: 500 }, (_, id) => append(log, 'telegram', `{"update_id":${id}}`)));
    expect(commits).toEqual([500]);
  });

  it('keeps a rejected body byte for byte with its reason', async () => {
    const folder = await temporaryFolder();
    const log = opened(folder);
    const body = Uint8Array.of(0xff, 0x00, 0x0a, 0x7b);
    await reject(log, 'telegram', body, 'not_utf8');
    const [line] = await rawLines(folder);
    expect(line?.file).toMatch(/^_rejected\/telegram\/context_date=2024-07-03\//);
    expect(line?.fields).toEqual({ _received_at: NOON, _line: 1, reason: 'not_utf8', body: Buffer.from(body).toString('base64') });
  });

  it('writes large groups whole', async () => {
    const folder = await temporaryFolder();
    const log = opened(folder);
    const text = 'é\u{1f600}'.repeat(200_000);
    await Promise.all([1, 2, 3, 4].map((id) => append(log, 'telegram', `{"update_id":${id},"text":"${text}"}`)));
    expect((await rawLines(folder)).map((line) => line.fields['text'] === text)).toEqual([true, true, true, true]);
  });

  it('finishes what it has when it is closed, then refuses', async () => {
    const folder = await temporaryFolder();
    const log = opened(folder);
    const kept = Promise.all([1, 2].map((id) => append(log, 'telegram', `{"update_id":${id}}`)));
    await log.close();
    await kept;
    expect((await rawLines(folder)).length).toBe(2);
    await expect(append(log, 'telegram', '{}')).rejects.toMatchObject(refusal);
    await expect(log.probe()).rejects.toMatchObject(refusal);
  });

  it('refuses at once what exceeds the memory for waiting lines, and takes more when they are written', async () => {
    const log = opened(await temporaryFolder(), { maxPending: 100 });
    const first = append(log, 'telegram', `{"text":"${'x'.repeat(100)}"}`);
    await expect(append(log, 'telegram', '{}')).rejects.toMatchObject(refusal);
    await first;
    await append(log, 'telegram', '{}');
  });

  it('refuses a place it cannot open', () => {
    expect(() => openRawLog('ftp://host/raw', { zone: zone('UTC'), clock: { now: () => 0 } })).toThrow(/give a path or s3:/);
  });
});

describe('segments', () => {
  it('are of the day a line arrived, through the night that summer time begins without a midnight', async () => {
    // In 2018 São Paulo went from 23:59:59 on 3 November to 01:00 on 4 November, at 03:00 UTC.
    const times = ['2018-11-04T02:59:59.999Z', '2018-11-04T03:00:00.000Z', '2018-11-05T01:59:59.999Z', '2018-11-05T02:00:00.000Z'];
    const folder = await temporaryFolder();
    let now = 0;
    const log = opened(folder, { clock: { now: () => now } });
    await Promise.all(
      times.map((time, id) => {
        now = Date.parse(time);
        return append(log, 'telegram', `{"update_id":${id}}`);
      }),
    );
    const days = (await rawLines(folder)).map(({ file, fields }) => [file.slice(22, 32), fields['update_id']]);
    expect(days).toEqual([
      ['2018-11-03', 0],
      ['2018-11-04', 1],
      ['2018-11-04', 2],
      ['2018-11-05', 3],
    ]);
  });

  it('stay apart when the clock jumps back over midnight and forth again', async () => {
    const folder = await temporaryFolder();
    let now = Date.parse('2024-07-04T03:00:00.000Z');
    const log = opened(folder, { clock: { now: () => now } });
    for (const jump of [0, -1, 1, -1, 1]) {
      now += jump;
      await append(log, 'telegram', '{}');
    }
    const files = [...(await segmentsIn(folder)).keys()];
    expect(files.length).toBe(5);
    expect((await rawLines(folder)).length).toBe(5);
    expect(files.filter((file) => file.includes('2024-07-03')).length).toBe(2);
  });

  it('end at their capacity', async () => {
    const folder = await temporaryFolder();
    const log = rawLog(fileSegments(folder, 100), { zone: zone('UTC'), clock: { now: () => NOON } });
    onTestFinished(() => log.close());
    for (let id = 0; id < 6; id++) await append(log, 'telegram', `{"update_id":${id}}`);
    const sizes = [...(await segmentsIn(folder)).values()].map((text) => text.split('\n').length - 1);
    expect(sizes).toEqual([2, 2, 2]);
    expect((await rawLines(folder)).length).toBe(6);
  });

  it('have one writer each: several raw logs share a lake', async () => {
    const folder = await temporaryFolder();
    const logs = [opened(folder), opened(folder), opened(folder)];
    await Promise.all(Array.from({ length: 300 }, (_, id) => append(logs[id % 3] as RawLog, 'telegram', `{"update_id":${id}}`)));
    expect((await segmentsIn(folder)).size).toBe(3);
    expect(new Set((await rawLines(folder)).map((line) => line.fields['update_id'])).size).toBe(300);
  });
});

describe('a lake that cannot be written', () => {
  it('is said with the way out, and used again once it is mended', async () => {
    const folder = join(await temporaryFolder(), 'raw');
    await writeFile(folder, 'in the way');
    const failures: string[] = [];
    const log = opened(folder, {
      observer: { committed: () => undefined, failed: (_source, _lines, error) => failures.push(error.message) },
    });
    await expect(append(log, 'telegram', '{}')).rejects.toMatchObject({
      ...refusal,
      message: expect.stringContaining('a file stands where a folder is needed'),
    });
    await expect(log.probe()).rejects.toMatchObject(refusal);
    expect(failures.length).toBe(1);
    await rm(folder);
    await append(log, 'telegram', '{"update_id":1}');
    expect((await rawLines(folder)).length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await log.probe();
  });

  it('fails one source and not the other', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'telegram'), 'in the way');
    const log = opened(folder);
    const telegram = append(log, 'telegram', '{}');
    const whatsapp = append(log, 'whatsapp', '{}');
    await expect(telegram).rejects.toMatchObject(refusal);
    await whatsapp;
  });

  it.skipIf(!canMount)(`loses nothing acknowledged on a full disk and recovers without a restart${NEEDS_MOUNT}`, async () => {
    const disk = smallDisk('512k');
    const log = opened(disk.path);
    const acknowledged: number[] = [];
    const send = async (id: number) => {
      await append(log, 'telegram', `{"update_id":${id},"text":"${'x'.repeat(3000)}"}`);
      acknowledged.push(id);
    };
    await mkdir(join(disk.path, 'telegram'));
    await writeFile(join(disk.path, 'ballast'), Buffer.alloc(200_000));
    let full: unknown;
    for (let id = 0; id < 400 && full === undefined; id += 4) {
      const results = await Promise.allSettled([0, 1, 2, 3].map((more) => send(id + more)));
      full = results.find((result) => result.status === 'rejected');
    }
    expect(full).toMatchObject({ reason: { code: 'LAKE_UNAVAILABLE', message: expect.stringContaining('disk is full') } });
    for (let id = 1000; id < 1050; id++) await send(id).catch(() => undefined);
    await expect(log.probe()).rejects.toMatchObject(refusal);
    const before = (await segmentsIn(disk.path)).size;
    expect(before).toBeLessThan(5);

    await rm(join(disk.path, 'ballast'));
    for (let id = 2000; id < 2010; id++) await send(id);
    const kept = new Set((await rawLines(disk.path)).map((line) => line.fields['update_id']));
    expect(acknowledged.length).toBeGreaterThan(20);
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    expect((await segmentsIn(disk.path)).size).toBe(before + 1);
  });

  it.skipIf(!canLoop)(
    `loses nothing acknowledged on a disk that reports errors, and recovers when it does not any more${NEEDS_LOOP}`,
    async () => {
      const disk = failingDisk();
      const log = opened(disk.path);
      const acknowledged: number[] = [];
      const send = async (id: number) => {
        await append(log, 'telegram', `{"update_id":${id},"text":"${'x'.repeat(3000)}"}`);
        acknowledged.push(id);
      };
      for (let id = 0; id < 20; id++) await send(id);
      disk.fail();
      for (let id = 100; id < 110; id++) {
        await expect(send(id)).rejects.toMatchObject({ ...refusal, message: expect.stringMatching(/EIO/) });
      }
      await expect(log.probe()).rejects.toMatchObject(refusal);
      disk.heal();
      for (let id = 200; id < 220; id++) await send(id);
      const kept = new Set((await rawLines(disk.path)).map((line) => line.fields['update_id']));
      expect(acknowledged.length).toBe(40);
      expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    },
  );

  it.skipIf(!canMount)(`is noticed when it turns read-only, and used again when it is writable${NEEDS_MOUNT}`, async () => {
    const disk = smallDisk('1m');
    disk.remount('ro');
    const log = opened(disk.path);
    await expect(append(log, 'telegram', '{}')).rejects.toMatchObject({ ...refusal, message: expect.stringContaining('read-only') });
    await expect(log.probe()).rejects.toMatchObject(refusal);
    disk.remount('rw');
    await append(log, 'telegram', '{}');
    expect((await stat(disk.path)).isDirectory()).toBe(true);
    expect((await rawLines(disk.path)).length).toBe(1);
  });
});
