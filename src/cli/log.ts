import type { Logger } from '../types.js';

/** A Logger for people: one line each, without what went as planned. Programs that watch read `serve`'s JSON, or the metrics. */
export function plainLogger(stream: { write(text: string): unknown }): Logger {
  const line = (level: string) => (fields: object, message: string) => {
    const details = Object.entries(fields)
      .filter(([name]) => name !== 'stack')
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    stream.write(`chatlake: ${level}${message}${details.length > 0 ? ` (${details.join(', ')})` : ''}\n`);
  };
  return { info: () => undefined, warn: line('warning: '), error: line('') };
}
