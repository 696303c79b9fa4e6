import { describe, expect, it } from 'vitest';
import { loadSettings, type Settings } from '../src/config.js';
import { ChatlakeError } from '../src/errors.js';

type Environment = Readonly<Record<string, string | undefined>>;
const TOKEN = '123456789:AAF-abcdefghijklmnopqrstuvwxyz_0123';

/** Lines of the refusal, without the heading. */
function refusal(environment: Environment): string[] {
  try {
    loadSettings(environment);
  } catch (error) {
    if (!(error instanceof ChatlakeError)) throw error;
    expect(error.code).toBe('SETTINGS');
    const [heading, ...lines] = error.message.split('\n');
    expect(heading).toBe('Settings are wrong:');
    return lines.map((line) => line.trim());
  }
  return [];
}

describe('loadSettings', () => {
  it('needs nothing: every setting has a default', () => {
    expect(loadSettings({})).toEqual({
      raw: './data/raw',
      enriched: './data/enriched',
      s3: { cache: { folder: './data/cache', megabytes: 4096 } },
      zone: expect.objectContaining({ name: 'America/Sao_Paulo' }) as unknown,
      host: '127.0.0.1',
      port: 8080,
      password: undefined,
      apiTokens: [],
      sql: { workers: 2, memoryMb: 1024, timeout: 30 },
      schedule: '0 0 * * *',
      refresh: 10,
      proxy: 'on',
      importMost: 2048,
      media: { on: false, most: 20 },
      telegram: { token: undefined, webhookSecret: undefined, chatIds: [], apiUrl: 'https://api.telegram.org' },
      whatsapp: {
        appSecret: undefined,
        verifyToken: undefined,
        phoneNumberIds: [],
        token: undefined,
        apiUrl: 'https://graph.facebook.com',
      },
      catalog: undefined,
      trino: { url: undefined, user: 'chatlake', password: undefined, catalog: 'hive', schema: 'default' },
      athena: { workgroup: 'primary', catalog: 'AwsDataCatalog', database: 'default', output: undefined, pricePerTb: 5 },
    });
  });

  it('takes empty and blank variables for absent ones', () => {
    const names =
      'CHATLAKE_RAW CHATLAKE_ENRICHED AWS_S3_BUCKET CHATLAKE_TIMEZONE CHATLAKE_HOST CHATLAKE_PORT CHATLAKE_SCHEDULE CHATLAKE_REFRESH TELEGRAM_BOT_TOKEN TELEGRAM_CHAT_ID TELEGRAM_API_URL'.split(
        ' ',
      );
    const blank = loadSettings(Object.fromEntries(names.map((name, index) => [name, index % 2 === 0 ? '' : '  '])));
    const told = (settings: Settings) => ({ ...settings, zone: settings.zone.name });
    expect(told(blank)).toEqual(told(loadSettings({})));
  });

  const RIGHT: readonly (readonly [string, Environment, (settings: Settings) => unknown, unknown])[] = [
    ['a folder for the raw lake', { CHATLAKE_RAW: '/var/lake/raw' }, ({ raw }) => raw, '/var/lake/raw'],
    ['a bucket with a prefix for the raw lake', { CHATLAKE_RAW: 's3://bucket/a/b' }, ({ raw }) => raw, 's3://bucket/a/b'],
    ['a bucket, and slashes too many', { CHATLAKE_RAW: 's3://bucket//a///b//' }, ({ raw }) => raw, 's3://bucket/a/b'],
    ['a folder of Windows', { CHATLAKE_RAW: 'C:\\lake' }, ({ raw }) => raw, 'C:\\lake'],
    [
      'a server that speaks S3, its region, and a cache',
      {
        AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000',
        AWS_REGION: 'sa-east-1',
        CHATLAKE_CACHE: '/var/cache/lake',
        CHATLAKE_CACHE_MB: '512',
      },
      ({ s3 }) => s3,
      { endpoint: 'http://127.0.0.1:9000', region: 'sa-east-1', cache: { folder: '/var/cache/lake', megabytes: 512 } },
    ],
    [
      'the one folder that AWS Lambda lets write',
      { AWS_LAMBDA_FUNCTION_NAME: 'etl', AWS_DEFAULT_REGION: 'sa-east-1' },
      ({ s3 }) => s3,
      { region: 'sa-east-1', cache: { folder: '/tmp/chatlake', megabytes: 256 } },
    ],
    ['a bucket for the enriched lake', { CHATLAKE_ENRICHED: 's3://bucket' }, ({ enriched }) => enriched, 's3://bucket'],
    [
      'bucket names of older set-ups',
      { AWS_S3_BUCKET: 'raw-bucket', AWS_S3_ENRICHED: 'enriched-bucket' },
      ({ raw, enriched }) => [raw, enriched],
      ['s3://raw-bucket', 's3://enriched-bucket'],
    ],
    ['the own name before an older one', { AWS_S3_BUCKET: 'raw-bucket', CHATLAKE_RAW: './here' }, ({ raw }) => raw, './here'],
    ['an IANA zone', { CHATLAKE_TIMEZONE: 'Europe/Lisbon' }, ({ zone }) => zone.name, 'Europe/Lisbon'],
    ['an offset for a zone', { CHATLAKE_TIMEZONE: '+05:45' }, ({ zone }) => zone.name, '+05:45'],
    [
      'a host, with a password',
      { CHATLAKE_HOST: '0.0.0.0', CHATLAKE_PASSWORD: 'pa ss' },
      ({ host, password }) => [host, password],
      ['0.0.0.0', 'pa ss'],
    ],
    ['the loopback of IPv6, without one', { CHATLAKE_HOST: '::1' }, ({ host }) => host, '::1'],
    ['any free port', { CHATLAKE_PORT: '0' }, ({ port }) => port, 0],
    ['the highest port', { CHATLAKE_PORT: '65535' }, ({ port }) => port, 65535],
    ['a cron pattern', { CHATLAKE_SCHEDULE: ' */15 2-4 * * 1,2 ' }, ({ schedule }) => schedule, '*/15 2-4 * * 1,2'],
    ['a cron pattern with seconds', { CHATLAKE_SCHEDULE: '0 0 0 * * *' }, ({ schedule }) => schedule, '0 0 0 * * *'],
    ['no refresh', { CHATLAKE_REFRESH: '0' }, ({ refresh }) => refresh, 0],
    ['a bot token', { TELEGRAM_BOT_TOKEN: TOKEN }, ({ telegram }) => telegram.token, TOKEN],
    ['a webhook secret', { TELEGRAM_WEBHOOK_SECRET: 'a_-9'.repeat(64) }, ({ telegram }) => telegram.webhookSecret, 'a_-9'.repeat(64)],
    ['chat ids', { TELEGRAM_CHAT_ID: ' -1001234567890, 42 ,,' }, ({ telegram }) => telegram.chatIds, [-1001234567890, 42]],
    [
      'an API server of one’s own',
      { TELEGRAM_API_URL: 'http://localhost:8081//' },
      ({ telegram }) => telegram.apiUrl,
      'http://localhost:8081',
    ],
    [
      'WhatsApp’s secrets',
      { WHATSAPP_APP_SECRET: 'a', WHATSAPP_VERIFY_TOKEN: 'b' },
      ({ whatsapp }) => [whatsapp.appSecret, whatsapp.verifyToken],
      ['a', 'b'],
    ],
    ['the verify token under its older name', { VERIFY_TOKEN: 'older' }, ({ whatsapp }) => whatsapp.verifyToken, 'older'],
    [
      'the verify token’s own name before the older one',
      { VERIFY_TOKEN: 'older', WHATSAPP_VERIFY_TOKEN: 'own' },
      ({ whatsapp }) => whatsapp.verifyToken,
      'own',
    ],
    [
      'phone number ids',
      { WHATSAPP_PHONE_NUMBER_ID: '106540352242922,2' },
      ({ whatsapp }) => whatsapp.phoneNumberIds,
      ['106540352242922', '2'],
    ],
    ['an address of Trino', { TRINO_URL: 'https://trino.example:8443/' }, ({ trino }) => trino.url, 'https://trino.example:8443'],
    ['a catalog', { CHATLAKE_CATALOG: 'glue' }, ({ catalog }) => catalog, 'glue'],
    ['variables of other programs', { PATH: '/bin', CHATLAKE_UNKNOWN: '?' }, ({ port }) => port, 8080],
  ];
  it.each(RIGHT)('takes %s', (_, environment, of, wanted) => {
    expect(of(loadSettings(environment))).toEqual(wanted);
  });

  const WRONG: readonly (readonly [string, string])[] = [
    ['CHATLAKE_RAW', 'https://example.com/raw'],
    ['CHATLAKE_RAW', 's3://'],
    ['CHATLAKE_ENRICHED', 'gs://bucket'],
    ['CHATLAKE_TIMEZONE', 'Brazil/Nowhere'],
    ['CHATLAKE_TIMEZONE', '+25:00'],
    ['CHATLAKE_PORT', '65536'],
    ['CHATLAKE_PORT', '-1'],
    ['CHATLAKE_PORT', '80.5'],
    ['CHATLAKE_PORT', 'http'],
    ['CHATLAKE_SCHEDULE', 'every night'],
    ['CHATLAKE_SCHEDULE', '* * *'],
    ['CHATLAKE_REFRESH', '-1'],
    ['CHATLAKE_REFRESH', '86401'],
    ['CHATLAKE_REFRESH', 'soon'],
    ['TELEGRAM_CHAT_ID', '-100,@group'],
    ['TELEGRAM_CHAT_ID', '1.5'],
    ['TELEGRAM_API_URL', 'api.telegram.org'],
    ['TELEGRAM_API_URL', 'https://'],
    ['TELEGRAM_API_URL', 'https://user:word@api.example'],
    ['WHATSAPP_PHONE_NUMBER_ID', '106540352242922,+5511999990000'],
    ['CHATLAKE_ENRICHED', './data/raw/'],
    ['CHATLAKE_ENRICHED', 'data/../data/raw'],
    ['CHATLAKE_CATALOG', 'hive'],
    ['TRINO_URL', 'trino.example:8443'],
    ['TRINO_URL', 'https://ana:secret@trino.example'],
    ['ATHENA_OUTPUT', 'https://bucket/results'],
    ['ATHENA_PRICE_PER_TB', 'five'],
  ];
  it.each(WRONG)('refuses a %s of %s, in one line that names it', (name, value) => {
    const lines = refusal({ [name]: value });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(new RegExp(`^${name} (must|is) .*[a-z0-9)*]$`));
  });

  it('sends no password in the clear', () => {
    expect(refusal({ TRINO_URL: 'http://trino.example', TRINO_PASSWORD: 'open sesame' })).toEqual([
      'TRINO_PASSWORD is sent over https only: give TRINO_URL an https address, or leave the password out (value not shown)',
    ]);
    expect(refusal({ CHATLAKE_CATALOG: 'trino' })).toEqual(['TRINO_URL is required when CHATLAKE_CATALOG is trino']);
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'example.com', '127.example.com'])(
    'refuses to show the dashboard at %s without a password',
    (host) => {
      expect(refusal({ CHATLAKE_HOST: host })).toEqual(['CHATLAKE_PASSWORD is required when CHATLAKE_HOST is not a loopback address']);
      expect(refusal({ CHATLAKE_HOST: host, CHATLAKE_PASSWORD: 'p' })).toEqual([]);
    },
  );

  it('says everything that is wrong at once, a line for each variable', () => {
    const lines = refusal({
      CHATLAKE_PORT: 'x',
      CHATLAKE_TIMEZONE: 'x',
      CHATLAKE_REFRESH: 'x',
      TELEGRAM_CHAT_ID: 'a,b,c',
      TELEGRAM_API_URL: 'x',
      CHATLAKE_RAW: 'x://',
      CHATLAKE_HOST: '0.0.0.0',
    });
    expect(lines.map((line) => line.split(' ')[0]).toSorted()).toEqual([
      'CHATLAKE_PASSWORD',
      'CHATLAKE_PORT',
      'CHATLAKE_RAW',
      'CHATLAKE_REFRESH',
      'CHATLAKE_TIMEZONE',
      'TELEGRAM_API_URL',
      'TELEGRAM_CHAT_ID',
    ]);
  });

  it('never shows a secret', () => {
    const secrets = {
      TELEGRAM_BOT_TOKEN: '12345:short-secret',
      TELEGRAM_WEBHOOK_SECRET: 'not allowed: secret!',
      CHATLAKE_PASSWORD: 'pass-secret',
      WHATSAPP_APP_SECRET: 'app-secret',
      WHATSAPP_VERIFY_TOKEN: 'verify-secret',
    };
    const lines = refusal({ ...secrets, CHATLAKE_PORT: 'x' });
    expect(lines.map((line) => line.split(' ')[0]).toSorted()).toEqual(['CHATLAKE_PORT', 'TELEGRAM_BOT_TOKEN', 'TELEGRAM_WEBHOOK_SECRET']);
    expect(lines.join('\n')).not.toMatch(/short-secret|not allowed|pass-secret|app-secret|verify-secret/);
  });
});
