const cache = new Map<string, Intl.NumberFormat>();

function formatter(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  let found = cache.get(key);
  if (found === undefined) {
    found = new Intl.NumberFormat(language, options);
    cache.set(key, found);
  }
  return found;
}

export const count = (language: string, value: number): string => formatter(language, { maximumFractionDigits: 0 }).format(value);

/** With at most two digits after the point, fewer for large numbers, two that count for small ones. */
export function decimal(language: string, value: number): string {
  const size = Math.abs(value);
  if (size < 1) return formatter(language, { maximumSignificantDigits: 2 }).format(value);
  return formatter(language, { maximumFractionDigits: size >= 100 ? 0 : size >= 10 ? 1 : 2 }).format(value);
}

/** Long numbers short: 1.2 K. For axes. */
export const compact = (language: string, value: number): string =>
  Math.abs(value) < 10_000
    ? formatter(language, { maximumFractionDigits: 1 }).format(value)
    : formatter(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value);

/** A share 0 to 1; small ones keep a digit after the point, since 0 % would be wrong. */
export function share(language: string, value: number): string {
  const small = value !== 0 && Math.abs(value) < 0.01;
  return formatter(language, { style: 'percent', maximumFractionDigits: small ? 1 : 0 }).format(value);
}

/** The change between two numbers as a signed share; null when there is nothing to compare. */
export function change(language: string, now: number, before: number): string | null {
  if (before === 0) return null;
  const ratio = (now - before) / Math.abs(before);
  if (Math.abs(ratio) < 0.0005) return '±0';
  const digits = Math.abs(ratio) < 0.1 ? 1 : 0;
  return formatter(language, { style: 'percent', signDisplay: 'exceptZero', maximumFractionDigits: digits })
    .format(ratio)
    .replace('-', '−');
}

/** Seconds in the two largest units that say something: `9 s`, `2 min 5 s`, `3 h`, `2 d 4 h`. */
export function duration(language: string, seconds: number): string {
  if (seconds < 1 && seconds > 0) return `${decimal(language, seconds)} s`;
  const units: readonly (readonly [string, number])[] = [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ];
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [name, size] of units) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0) parts.push(`${count(language, amount)} ${name}`);
    else if (parts.length > 0) break;
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}

/** Bytes in decimal units, as disks are sold. */
export function bytes(language: string, value: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  const step = value < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** step;
  return formatter(language, {
    style: 'unit',
    unit: units[step] as string,
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: scaled >= 100 || step === 0 ? 0 : 1,
  }).format(scaled);
}
