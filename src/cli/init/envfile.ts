import { randomUUID } from 'node:crypto';
import { open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseEnv } from 'node:util';
import { systemCode } from '../../errors.js';
import { syncFolder } from '../../lake/disk.js';

/** A `.env` file as it stands; empty when there is none. */
export interface EnvFile {
  readonly text: string;
  readonly values: Readonly<Record<string, string | undefined>>;
}

export async function readEnvFile(path: string): Promise<EnvFile> {
  try {
    const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
    return { text, values: parseEnv(text) };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { text: '', values: {} };
    throw error;
  }
}

/** `text` with each variable of `changes` set: in its place where it stands already, else at the end. All other lines stay. */
export function withVariables(text: string, changes: Readonly<Record<string, string>>): string {
  const open = new Map(Object.entries(changes));
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const kept = lines.flatMap((line) => {
    const name = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line)?.[1] ?? '';
    const value = changes[name];
    if (value === undefined) return [line];
    // Of a variable set twice only the first line stays: the last would win when the file is read.
    return open.delete(name) ? [`${name}=${quoted(value)}`] : [];
  });
  const added = [...open].map(([name, value]) => `${name}=${quoted(value)}`);
  return `${[...kept, ...added].join('\n')}\n`;
}

/** Replaces the file at once, whole, readable by its owner only. A link stays one. */
export async function writeEnvFile(path: string, text: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(target));
}

function quoted(value: string): string {
  if (/^[\w@%+:,./-]*$/.test(value)) return value;
  const quote = ["'", '"', '`'].find((mark) => !value.includes(mark)) ?? "'";
  return `${quote}${value}${quote}`;
}
