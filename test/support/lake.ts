import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type EtlOptions, type EtlReport, runEtl } from '../../src/etl/run.js';
import { fileStore } from '../../src/lake/file.js';
import { rawFolder } from '../../src/lake/layout.js';
import { SOURCES } from '../../src/sources/registry.js';
import type { Store } from '../../src/types.js';
import { type Zone, zoneOf } from '../../src/zone.js';

/** A lake in a temporary folder with a clock that stands where the test puts it. */
export interface TestLake {
  readonly folder: string;
  readonly rawPath: string;
  readonly enrichedPath: string;
  readonly raw: Store;
  readonly enriched: Store;
  readonly zone: Zone;
  readonly clock: { now(): number; at: number };
}

export function zoneNamed(name: string): Zone {
  const zone = zoneOf(name);
  if (!zone) throw new Error(`no zone ${name}`);
  return zone;
}

/** Epoch seconds of an ISO instant. */
export const seconds = (iso: string): number => Date.parse(iso) / 1000;

/** The lake in `folder`, which may hold one already. */
export function lakeIn(folder: string, zone = 'America/Sao_Paulo'): TestLake {
  const at = Date.parse('2030-01-01T12:00:00Z');
  const clock = { at, now: () => clock.at };
  const rawPath = join(folder, 'raw');
  const enrichedPath = join(folder, 'enriched');
  return { folder, rawPath, enrichedPath, raw: fileStore(rawPath), enriched: fileStore(enrichedPath), zone: zoneNamed(zone), clock };
}

/** An empty lake. `removeLake` when it is no longer needed. */
export async function openLake(zone?: string): Promise<TestLake> {
  return lakeIn(await mkdtemp(join(tmpdir(), 'chatlake-etl-')), zone);
}

export const removeLake = (lake: TestLake): Promise<void> => rm(lake.folder, { recursive: true, force: true });

/** An empty lake that goes away with the test. */
export async function newLake(zone?: string): Promise<TestLake> {
  const lake = await openLake(zone);
  onTestFinished(() => removeLake(lake));
  return lake;
}

/** A lake with the same raw files and nothing enriched yet. */
export async function sameRaw(lake: TestLake): Promise<TestLake> {
  const other = await newLake(lake.zone.name);
  return { ...other, rawPath: lake.rawPath, raw: lake.raw };
}

/** A raw line as the raw log writes it: the payload's text with two keys in front. */
export function rawLine(payload: string, receivedAt: number, line: number): string {
  const rest = payload.slice(payload.indexOf('{') + 1).replace(/[\r\n]/g, ' ');
  return `{"_received_at":${receivedAt},"_line":${line}${/^\s*\}/.test(rest) ? '' : ','}${rest}\n`;
}

export type Payload = string | object;
export const textOf = (payload: Payload): string => (typeof payload === 'string' ? payload : JSON.stringify(payload));

/** Raw lines of `payloads`, all received at the same millisecond. */
export const rawLines = (payloads: readonly Payload[], receivedAt: number, first = 1): string =>
  payloads.map((payload, index) => rawLine(textOf(payload), receivedAt, first + index)).join('');

/** Writes a raw file as it is; returns its key. */
export async function layBytes(lake: TestLake, key: string, bytes: string | Uint8Array): Promise<string> {
  const path = join(lake.rawPath, key);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return key;
}

let serial = 0;

/** Writes one raw file with these payloads, which arrived at `receivedAt` (milliseconds); returns its key. */
export function lay(lake: TestLake, source: string, receivedAt: number, payloads: readonly Payload[]): Promise<string> {
  const date = lake.zone.dateAt(Math.floor(receivedAt / 1000));
  return layBytes(lake, `${rawFolder(source, date)}${receivedAt}-test-${serial++}.ndjson`, rawLines(payloads, receivedAt));
}

/** Runs the ETL over every day unless told otherwise. */
export function etl(lake: TestLake, options: Partial<EtlOptions> = {}): Promise<EtlReport> {
  return runEtl({ raw: lake.raw, enriched: lake.enriched, zone: lake.zone, clock: lake.clock, sources: SOURCES, days: 'all', ...options });
}
