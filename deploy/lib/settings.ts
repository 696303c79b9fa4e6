import { z } from 'zod';
import { loadSettings } from '../../src/config.js';
import { SECRETS } from '../../src/sources/secret-names.js';
import { type Zone, zoneOf } from '../../src/zone.js';

/** What one deployment is. Secrets are not part of it: they never come near a template. */
export interface Deployment {
  /** Begins every name. */
  readonly name: string;
  readonly zone: Zone;
  /** Kept as the receiver reads them. */
  readonly chatIds: string;
  readonly phoneNumberIds: string;
  readonly alarmEmail: string | undefined;
  readonly silenceHours: number;
  /** Names of buckets that exist already. */
  readonly rawBucket: string | undefined;
  readonly enrichedBucket: string | undefined;
  /** What stands between receiving and the raw lake. */
  readonly buffer: 'queue' | 'none';
  /** Seconds for which the writer gathers lines; each batch is one object. */
  readonly window: number;
  /** Minutes between runs over the open day; undefined: only the night. */
  readonly refresh: number | undefined;
  /** Changes when a secret does, so that no container goes on with the old one. */
  readonly secretsVersion: string;
}

const optional = z
  .string()
  .trim()
  .transform((value) => (value === '' ? undefined : value))
  .optional();
const bucket = optional.refine(
  (value) => value === undefined || /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(value),
  'must be the name of a bucket',
);
const whole = (least: number, most: number, fallback: number) =>
  z.preprocess((value) => (value === '' || value === undefined ? fallback : value), z.coerce.number().int().min(least).max(most));

const environment = z.object({
  CHATLAKE_NAME: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,19}$/, 'must be 2 to 20 characters of a-z 0-9 - that begin with a letter')
    .default('chatlake'),
  CHATLAKE_TIMEZONE: z.preprocess((value) => (value === '' ? undefined : value), z.string().default('America/Sao_Paulo')),
  TELEGRAM_CHAT_ID: z.string().default(''),
  WHATSAPP_PHONE_NUMBER_ID: z.string().default(''),
  ALARM_EMAIL: optional.refine((value) => value === undefined || /^[^@\s]+@[^@\s]+$/.test(value), 'must be an e-mail address'),
  SILENCE_HOURS: whole(1, 24, 24),
  AWS_S3_BUCKET: bucket,
  AWS_S3_ENRICHED: bucket,
  buffer: z.enum(['queue', 'none']).default('queue'),
  window: whole(0, 300, 60),
  refresh: z
    .string()
    .regex(/^([1-9]\d*)(m|h)$/, 'must be minutes or hours such as 15m or 1h')
    .optional(),
  secretsVersion: z.string().default('0'),
});

/** Reads `.env` (as environment variables) and the options given by `-c`. Throws an Error with one line for each wrong one. */
export function deploymentOf(
  env: Readonly<Record<string, string | undefined>>,
  options: Readonly<Record<string, unknown>> = {},
): Deployment {
  const parsed = environment.safeParse({
    ...env,
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  });
  if (!parsed.success)
    throw new Error(
      `The deployment's settings are wrong:\n${parsed.error.issues.map(({ path, message }) => `  ${path.join('.')} ${message}`).join('\n')}`,
    );
  const v = parsed.data;
  checkReceiving(env);
  const zone = zoneOf(v.CHATLAKE_TIMEZONE);
  if (!zone)
    throw new Error(
      `The deployment's settings are wrong:\n  CHATLAKE_TIMEZONE must be an IANA time zone such as America/Sao_Paulo, or an offset such as -03:00`,
    );
  return {
    name: v.CHATLAKE_NAME,
    zone,
    chatIds: v.TELEGRAM_CHAT_ID.replaceAll(/\s/g, ''),
    phoneNumberIds: v.WHATSAPP_PHONE_NUMBER_ID.replaceAll(/\s/g, ''),
    alarmEmail: v.ALARM_EMAIL,
    silenceHours: v.SILENCE_HOURS,
    rawBucket: v.AWS_S3_BUCKET,
    enrichedBucket: v.AWS_S3_ENRICHED,
    buffer: v.buffer,
    window: v.window,
    refresh: minutesOf(v.refresh),
    secretsVersion: v.secretsVersion,
  };
}

/** What the functions read at their start must be right before it is deployed: they would refuse every webhook. Throws as `loadSettings` does. */
function checkReceiving(env: Readonly<Record<string, string | undefined>>): void {
  loadSettings(Object.fromEntries([...SECRETS, 'TELEGRAM_CHAT_ID', 'WHATSAPP_PHONE_NUMBER_ID'].map((name) => [name, env[name]])));
}

function minutesOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const minutes = Number(text.slice(0, -1)) * (text.endsWith('h') ? 60 : 1);
  if (minutes > 1440) throw new Error("The deployment's settings are wrong:\n  refresh must be at most a day");
  return minutes;
}
