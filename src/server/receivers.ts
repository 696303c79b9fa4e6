import type { Settings } from '../config.js';
import { storedMigrations } from '../lake/migrations.js';
import { telegramReceiver } from '../sources/telegram/receive.js';
import { whatsappReceiver } from '../sources/whatsapp/receive.js';
import type { Receiver, Store } from '../types.js';

/** A receiver for each channel whose secret is set; none is fine. `rawStore` is where changed chat ids are remembered. */
export function receiversOf(settings: Settings, rawStore: Store): Receiver[] {
  const { telegram, whatsapp } = settings;
  const receivers: Receiver[] = [];
  if (telegram.webhookSecret !== undefined) {
    receivers.push(telegramReceiver({ secret: telegram.webhookSecret, chatIds: telegram.chatIds, migrations: storedMigrations(rawStore) }));
  }
  if (whatsapp.appSecret !== undefined) {
    const { appSecret, verifyToken, phoneNumberIds } = whatsapp;
    receivers.push(whatsappReceiver({ appSecret, verifyToken, phoneNumberIds }));
  }
  return receivers;
}
