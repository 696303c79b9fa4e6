import type { Settings } from '../config.js';
import { fail, type Finding, ok, warn } from './finding.js';
import { say } from './said.js';

const CONSOLE = say`the app's page at developers.facebook.com`;

/** What can be told of WhatsApp from the settings alone: the platform has nothing to ask without an access token. */
export function checkWhatsapp({ whatsapp }: Settings): Finding[] {
  const { appSecret, verifyToken, phoneNumberIds } = whatsapp;
  if (appSecret === undefined && verifyToken === undefined) return [ok('whatsapp', 'off: no WHATSAPP_APP_SECRET')];
  const findings: Finding[] = [];
  if (appSecret === undefined) {
    findings.push(
      fail(
        'whatsapp',
        'WHATSAPP_APP_SECRET is not set, so no delivery can be verified and none is taken',
        say`Copy the App Secret from ${CONSOLE}, Settings, Basic.`,
      ),
    );
  } else if (verifyToken === undefined) {
    findings.push(
      fail(
        'whatsapp',
        'WHATSAPP_VERIFY_TOKEN is not set, so Meta cannot verify the address',
        say`Choose any text, set it here, and enter the same on ${CONSOLE}, WhatsApp, Configuration.`,
      ),
    );
  } else findings.push(ok('whatsapp', 'app secret and verify token are set'));
  findings.push(
    phoneNumberIds.length > 0
      ? ok('whatsapp numbers', say`${phoneNumberIds.length} in WHATSAPP_PHONE_NUMBER_ID`)
      : warn('whatsapp numbers', 'every number of the app goes into the lake', 'Set WHATSAPP_PHONE_NUMBER_ID to keep only some.'),
  );
  return findings;
}
