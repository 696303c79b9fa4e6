import { resolve } from 'node:path';
import { z } from 'zod';
import { ChatlakeError } from './errors.js';
import { type Zone, zoneOf } from './zone.js';

/** Everything a user can set, checked. Names of the environment variables are the stable interface; docs/settings.md lists them. */
export interface Settings {
  /** Path or `s3://bucket/prefix`. */
  readonly raw: string;
  readonly enriched: string;
  /** For places in S3. */
  readonly s3: S3Access;
  /** Decides which calendar day an instant belongs to. */
  readonly zone: Zone;
  readonly host: string;
  readonly port: number;
  readonly password: string | undefined;
  /** For scripts: each may do what the password may. */
  readonly apiTokens: readonly string[];
  /** Limits of SQL written on the page: processes, megabytes and seconds of each. */
  readonly sql: { readonly workers: number; readonly memoryMb: number; readonly timeout: number };
  /** Cron pattern, in `zone`. */
  readonly schedule: string;
  /** Seconds between runs over the open day; 0 = off. */
  readonly refresh: number;
  /** Calls that bots send through here: of the bots set up, of none, or of any bot on this computer. */
  readonly proxy: 'on' | 'off' | 'any';
  /** Whether files of messages are fetched and kept, and megabytes of the largest. */
  readonly media: { readonly on: boolean; readonly most: number };
  /** Megabytes of files that the page may send to be imported, at once. */
  readonly importMost: number;
  readonly telegram: {
    readonly token: string | undefined;
    readonly webhookSecret: string | undefined;
    /** Empty = every chat. */
    readonly chatIds: readonly number[];
    readonly apiUrl: string;
  };
  readonly whatsapp: {
    readonly appSecret: string | undefined;
    readonly verifyToken: string | undefined;
    /** Empty = every number. */
    readonly phoneNumberIds: readonly string[];
    /** For the Cloud API. */
    readonly token: string | undefined;
    readonly apiUrl: string;
  };
  /** The catalog that is told of new days; undefined = none. */
  readonly catalog: 'trino' | 'glue' | undefined;
  readonly trino: {
    readonly url: string | undefined;
    readonly user: string;
    readonly password: string | undefined;
    readonly catalog: string;
    readonly schema: string;
  };
  /** `database` is Glue's too. */
  readonly athena: {
    readonly workgroup: string;
    readonly catalog: string;
    readonly database: string;
    readonly output: string | undefined;
    readonly pricePerTb: number;
  };
}

/** How to reach S3, beside what its SDK finds by itself: credentials. */
export interface S3Access {
  /** Of a server other than AWS, which is then asked for buckets by path. */
  readonly endpoint?: string;
  readonly region?: string;
  /** Where copies of objects are kept on this machine, and how much of them. */
  readonly cache: { readonly folder: string; readonly megabytes: number };
}

const text = z.string().optional();
const list = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );
const isLoopback = (host: string) => host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

const isHttp = (value: string) => /^https?:\/\//i.test(value) && URL.canParse(value);
const holdsUser = (value: string) => isHttp(value) && (new URL(value).username !== '' || new URL(value).password !== '');
/** An address that calls go to: they take a token, never a user. */
const address = (usual: string) =>
  z
    .string()
    .default(usual)
    .refine(isHttp, `must be an http(s) address such as ${usual}`)
    .refine((value) => !holdsUser(value), 'must not hold a user or password (value not shown)');

const whole = (least: number, most: number) =>
  z.coerce
    .number(`must be a whole number from ${least} to ${most}`)
    .int(`must be a whole number from ${least} to ${most}`)
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`);

const place = z
  .string()
  .refine((value) => !/^[a-z0-9]+:\/\//i.test(value) || /^s3:\/\/[^/]+/.test(value), 'must be a path or s3://bucket/prefix');

type Places = Partial<Record<'CHATLAKE_RAW' | 'CHATLAKE_ENRICHED' | 'AWS_S3_BUCKET' | 'AWS_S3_ENRICHED', string | undefined>>;
const bucket = (name: string | undefined) => (name === undefined ? undefined : `s3://${name}`);
/** A place in S3 as every engine finds it: a slash too many would name other objects. Other places are left as they are. */
export const tidyPlace = (given: string): string =>
  given.startsWith('s3://') ? `s3:/${given.slice(4).replace(/\/+/g, '/').replace(/\/$/, '')}` : given;
const rawOf = (v: Places) => tidyPlace(v.CHATLAKE_RAW ?? bucket(v.AWS_S3_BUCKET) ?? './data/raw');
const enrichedOf = (v: Places) => tidyPlace(v.CHATLAKE_ENRICHED ?? bucket(v.AWS_S3_ENRICHED) ?? './data/enriched');
/** The same text for the same place. */
const normal = (place: string) => (place.startsWith('s3://') ? place : resolve(place));

const variables = z
  .object({
    CHATLAKE_RAW: place.optional(),
    CHATLAKE_ENRICHED: place.optional(),
    AWS_S3_BUCKET: text,
    AWS_S3_ENRICHED: text,
    CHATLAKE_CACHE: text,
    CHATLAKE_CACHE_MB: whole(64, 16_777_216).optional(),
    AWS_REGION: text,
    AWS_DEFAULT_REGION: text,
    AWS_ENDPOINT_URL: text,
    AWS_ENDPOINT_URL_S3: text.refine((value) => value === undefined || /^https?:\/\//.test(value), 'must be an http(s) address'),
    /** Set where AWS Lambda runs this, which may write to /tmp alone. */
    AWS_LAMBDA_FUNCTION_NAME: text,
    CHATLAKE_TIMEZONE: z
      .string()
      .default('America/Sao_Paulo')
      .transform((value, context) => {
        const zone = zoneOf(value);
        if (zone) return zone;
        context.addIssue('must be an IANA time zone such as America/Sao_Paulo, or an offset such as -03:00');
        return z.NEVER;
      }),
    CHATLAKE_HOST: z.string().default('127.0.0.1'),
    CHATLAKE_PORT: z.coerce
      .number('must be a port number')
      .int('must be a port number')
      .min(0, 'must be a port number')
      .max(65535, 'must be a port number')
      .default(8080),
    CHATLAKE_PASSWORD: text,
    CHATLAKE_API_TOKENS: list.pipe(
      z.array(
        z
          .string()
          .regex(
            /^[\x21-\x7e]{24,500}$/,
            'must be tokens of at least 24 characters without spaces, separated by commas (values not shown)',
          ),
      ),
    ),
    CHATLAKE_SQL_WORKERS: whole(1, 32).default(2),
    CHATLAKE_SQL_MEMORY: whole(256, 1_048_576).default(1024),
    CHATLAKE_SQL_TIMEOUT: whole(1, 3600).default(30),
    CHATLAKE_SCHEDULE: z
      .string()
      .default('0 0 * * *')
      .refine((value) => /^(\S+\s+){4,5}\S+$/.test(value.trim()), 'must be a cron pattern such as 0 0 * * *'),
    CHATLAKE_REFRESH: z.coerce
      .number('must be a number of seconds')
      .min(0, 'must not be negative')
      .max(86_400, 'must be at most a day (86400)')
      .default(10),
    CHATLAKE_PROXY: z.enum(['on', 'off', 'any'], 'must be on, off or any').default('on'),
    CHATLAKE_MEDIA: z.enum(['0', '1'], 'must be 1 (keep the files of messages) or 0').default('0'),
    CHATLAKE_MEDIA_MAX: whole(1, 2000).default(20),
    CHATLAKE_IMPORT_MAX: whole(1, 1_048_576).default(2048),
    TELEGRAM_BOT_TOKEN: text.refine(
      (value) => value === undefined || /^\d+:[\w-]{20,}$/.test(value),
      'is not a bot token: BotFather gives one that looks like 123456789:AA... (value not shown)',
    ),
    TELEGRAM_WEBHOOK_SECRET: text.refine(
      (value) => value === undefined || /^[\w-]{1,256}$/.test(value),
      'must be 1 to 256 characters of A-Z a-z 0-9 _ - (value not shown)',
    ),
    TELEGRAM_CHAT_ID: list.pipe(z.array(z.string().regex(/^-?\d{1,16}$/, 'must be chat ids such as -1001234567890, separated by commas'))),
    TELEGRAM_API_URL: address('https://api.telegram.org'),
    WHATSAPP_APP_SECRET: text,
    WHATSAPP_VERIFY_TOKEN: text,
    VERIFY_TOKEN: text,
    WHATSAPP_PHONE_NUMBER_ID: list.pipe(
      z.array(z.string().regex(/^\w{1,64}$/, 'must be ids as the app shows them under each number, not the numbers, separated by commas')),
    ),
    WHATSAPP_TOKEN: text.refine(
      (value) => value === undefined || /^[\x21-\x7e]{20,1000}$/.test(value),
      'is not an access token of the Cloud API (value not shown)',
    ),
    WHATSAPP_API_URL: address('https://graph.facebook.com'),
    CHATLAKE_CATALOG: z.enum(['trino', 'glue'], 'must be trino or glue').optional(),
    TRINO_URL: z
      .string()
      .refine(isHttp, 'must be an http(s) address such as https://trino.example:8443')
      .refine((value) => !holdsUser(value), 'must not hold a user or password: those are TRINO_USER and TRINO_PASSWORD (value not shown)')
      .optional(),
    TRINO_USER: z.string().default('chatlake'),
    TRINO_PASSWORD: text,
    TRINO_CATALOG: z.string().default('hive'),
    TRINO_SCHEMA: z.string().default('default'),
    ATHENA_WORKGROUP: z.string().default('primary'),
    ATHENA_CATALOG: z.string().default('AwsDataCatalog'),
    ATHENA_DATABASE: z.string().default('default'),
    ATHENA_OUTPUT: z
      .string()
      .regex(/^s3:\/\/[^/]+/, 'must be s3://bucket/prefix')
      .optional(),
    ATHENA_PRICE_PER_TB: z.coerce.number('must be a number of dollars').min(0, 'must not be negative').default(5),
  })
  .refine((value) => normal(rawOf(value)) !== normal(enrichedOf(value)), {
    path: ['CHATLAKE_ENRICHED'],
    message: 'must be another place than the raw lake: readers of the tables would take raw files for theirs',
    when: () => true,
  })
  .refine(({ TRINO_URL: url, TRINO_PASSWORD: password }) => password === undefined || url === undefined || /^https:/i.test(url), {
    path: ['TRINO_PASSWORD'],
    message: 'is sent over https only: give TRINO_URL an https address, or leave the password out (value not shown)',
    when: () => true,
  })
  .refine(({ CHATLAKE_CATALOG: catalog, TRINO_URL: url }) => catalog !== 'trino' || url !== undefined, {
    path: ['TRINO_URL'],
    message: 'is required when CHATLAKE_CATALOG is trino',
    when: () => true,
  })
  .refine((value) => isLoopback(value.CHATLAKE_HOST) || value.CHATLAKE_PASSWORD !== undefined, {
    path: ['CHATLAKE_PASSWORD'],
    message: 'is required when CHATLAKE_HOST is not a loopback address',
    // Said beside whatever else is wrong, not after it has been put right.
    when: () => true,
  })
  .refine((value) => value.CHATLAKE_PROXY !== 'any' || isLoopback(value.CHATLAKE_HOST), {
    path: ['CHATLAKE_PROXY'],
    message: 'may be any only where CHATLAKE_HOST is a loopback address: it would pass on what anybody sends',
    when: () => true,
  });

/**
 * Reads the settings from environment variables. An empty variable counts as absent.
 * Throws ChatlakeError SETTINGS with one line for each wrong variable; values of secrets are never shown.
 */
export function loadSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const parsed = variables.safeParse(present);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`);
    throw new ChatlakeError('SETTINGS', `Settings are wrong:\n  ${[...new Set(lines)].join('\n  ')}`);
  }
  const v = parsed.data;
  return {
    raw: rawOf(v),
    enriched: enrichedOf(v),
    s3: s3AccessOf(v),
    zone: v.CHATLAKE_TIMEZONE,
    host: v.CHATLAKE_HOST,
    port: v.CHATLAKE_PORT,
    password: v.CHATLAKE_PASSWORD,
    apiTokens: v.CHATLAKE_API_TOKENS,
    sql: { workers: v.CHATLAKE_SQL_WORKERS, memoryMb: v.CHATLAKE_SQL_MEMORY, timeout: v.CHATLAKE_SQL_TIMEOUT },
    schedule: v.CHATLAKE_SCHEDULE.trim(),
    refresh: v.CHATLAKE_REFRESH,
    proxy: v.CHATLAKE_PROXY,
    media: { on: v.CHATLAKE_MEDIA === '1', most: v.CHATLAKE_MEDIA_MAX },
    importMost: v.CHATLAKE_IMPORT_MAX,
    telegram: {
      token: v.TELEGRAM_BOT_TOKEN,
      webhookSecret: v.TELEGRAM_WEBHOOK_SECRET,
      chatIds: v.TELEGRAM_CHAT_ID.map(Number),
      apiUrl: v.TELEGRAM_API_URL.replace(/\/+$/, ''),
    },
    whatsapp: {
      appSecret: v.WHATSAPP_APP_SECRET,
      verifyToken: v.WHATSAPP_VERIFY_TOKEN ?? v.VERIFY_TOKEN,
      phoneNumberIds: v.WHATSAPP_PHONE_NUMBER_ID,
      token: v.WHATSAPP_TOKEN,
      apiUrl: v.WHATSAPP_API_URL.replace(/\/+$/, ''),
    },
    catalog: v.CHATLAKE_CATALOG,
    trino: {
      url: v.TRINO_URL?.replace(/\/+$/, ''),
      user: v.TRINO_USER,
      password: v.TRINO_PASSWORD,
      catalog: v.TRINO_CATALOG,
      schema: v.TRINO_SCHEMA,
    },
    athena: {
      workgroup: v.ATHENA_WORKGROUP,
      catalog: v.ATHENA_CATALOG,
      database: v.ATHENA_DATABASE,
      output: v.ATHENA_OUTPUT,
      pricePerTb: v.ATHENA_PRICE_PER_TB,
    },
  };
}

/** Where Trino is, by the settings. Throws SETTINGS when they do not say. */
export function trinoAddress({ trino }: Settings): Settings['trino'] & { readonly url: string } {
  const { url } = trino;
  if (url === undefined)
    throw new ChatlakeError('SETTINGS', 'TRINO_URL is not set: give the address of Trino, such as https://trino.example:8443.');
  return { ...trino, url };
}

function s3AccessOf(v: z.infer<typeof variables>): S3Access {
  const endpoint = v.AWS_ENDPOINT_URL_S3 ?? v.AWS_ENDPOINT_URL;
  const region = v.AWS_REGION ?? v.AWS_DEFAULT_REGION;
  const inLambda = v.AWS_LAMBDA_FUNCTION_NAME !== undefined;
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    cache: {
      folder: v.CHATLAKE_CACHE ?? (inLambda ? '/tmp/chatlake' : './data/cache'),
      megabytes: v.CHATLAKE_CACHE_MB ?? (inLambda ? 256 : 4096),
    },
  };
}
