import type { Logger } from '../../types.js';

/** A log on the console, which the Lambda runtime stamps with time and request id. */
export function consoleLogger(out: Pick<Console, 'info' | 'warn' | 'error'>): Logger {
  return {
    info: (fields, message) => out.info({ message, ...fields }),
    warn: (fields, message) => out.warn({ message, ...fields }),
    error: (fields, message) => out.error({ message, ...fields }),
  };
}
