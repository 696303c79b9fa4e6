/** Text from outside, safe for a terminal: no control or direction characters, at most `length` characters. */
export function printable(text: string, length = 60): string {
  const clean = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  const characters = Array.from(clean);
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : clean;
}

/** How long `seconds` are, in the largest unit that fits. */
export function duration(seconds: number): string {
  const units: readonly (readonly [number, string])[] = [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
  ];
  const [size, name] = units.find(([unit]) => seconds >= unit) ?? [1, 's'];
  return `${Math.max(0, Math.floor(seconds / size))} ${name}`;
}
