import type { IncomingMessage, OutgoingMessage } from 'node:http';

/**
 * Lets a body flow on as it comes, no faster than it is taken. As `pipe`, with less ado for each of many small bodies; and where `to` breaks
 * off, what still comes is let go, so that `from` comes to its end.
 */
export function flow(from: IncomingMessage, to: OutgoingMessage, see?: (chunk: Buffer) => void): void {
  from.on('data', (chunk: Buffer) => {
    see?.(chunk);
    if (!to.destroyed && !to.write(chunk)) from.pause();
  });
  from.on('end', () => {
    if (!to.destroyed) to.end();
  });
  const resume = () => void from.resume();
  to.on('drain', resume);
  to.on('close', resume);
}
