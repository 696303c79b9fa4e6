import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Jdk {
  readonly home: string;
  readonly feature: number;
}

/** What the JDK at `home` says of itself; nothing where there is none. */
function jdkAt(home: string): Jdk[] {
  try {
    const [, version = ''] = /JAVA_VERSION="(?:1\.)?(\d+)/.exec(readFileSync(join(home, 'release'), 'utf8')) ?? [];
    return version === '' ? [] : [{ home, feature: Number(version) }];
  } catch {
    return [];
  }
}

const named = (folder: string): string[] => {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
};

/** Home of the newest JDK from `least` to `most` (feature numbers) that is on this machine. */
export function jdk(least: number, most = Infinity): string | undefined {
  const homes = Object.entries(process.env).filter(([name]) => name.startsWith('JAVA_HOME'));
  const places = [...homes.map(([, home]) => home ?? ''), ...named('/usr/lib/jvm'), ...named('/opt/java'), ...named('/opt')];
  const fitting = places.flatMap(jdkAt).filter(({ feature }) => feature >= least && feature <= most);
  return fitting.sort((a, b) => b.feature - a.feature)[0]?.home;
}
