import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from './simulate.js';

export interface PlatformsOptions {
  /** Where the receivers listen, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly telegramSecret: string;
  readonly whatsappSecret: string;
  /** Ends the waiting between two tries. */
  readonly signal: AbortSignal;
}

/** Stands in for Telegram and Meta: calls the webhooks as they do. */
export interface Platforms {
  /** Resolves when the receiver took it. Tries again while it answers 503, as the platforms do; rejects for anything else. */
  readonly deliver: (delivery: Pick<Delivery, 'source' | 'body'>) => Promise<void>;
  close(): void;
}

const BUSY_MS = 500;

export function platforms(options: PlatformsOptions): Platforms {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });

  function headers({ source, body }: Pick<Delivery, 'source' | 'body'>): Record<string, string> {
    if (source === 'telegram') return { 'X-Telegram-Bot-Api-Secret-Token': options.telegramSecret };
    return { 'X-Hub-Signature-256': `sha256=${createHmac('sha256', options.whatsappSecret).update(body).digest('hex')}` };
  }

  function post(delivery: Pick<Delivery, 'source' | 'body'>): Promise<number> {
    const body = Buffer.from(delivery.body);
    return new Promise((resolve, reject) => {
      const call = request(`${options.url}/webhook/${delivery.source}`, {
        method: 'POST',
        agent,
        headers: { 'Content-Type': 'application/json', 'Content-Length': body.byteLength, ...headers(delivery) },
      });
      call.on('error', reject);
      call.on('response', (response) => {
        response.on('error', reject);
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.resume();
      });
      call.end(body);
    });
  }

  return {
    async deliver(delivery) {
      for (;;) {
        const status = await post(delivery);
        if (status === 200) return;
        if (status !== 503) throw new Error(`the webhook /webhook/${delivery.source} answered ${status} to the simulation`);
        options.signal.throwIfAborted();
        await sleep(BUSY_MS);
      }
    },
    close: () => agent.destroy(),
  };
}
