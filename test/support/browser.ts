import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium as playwright, type Page } from 'playwright-core';
import { turn } from './turn.js';

/** One folder a version: what is unpacked there is used again without a look at which it is. */
const CACHE = fileURLToPath(new URL('../../.cache/chromium-143/', import.meta.url));
const FLAGS = [
  '--no-sandbox',
  '--disable-setuid-sandbox',
  '--no-zygote',
  // Without a graphics card pages are drawn by the processor: imitating a card takes many times as long.
  '--disable-gpu',
  '--disable-software-rasterizer',
  '--font-render-hinting=none',
  '--hide-scrollbars',
];

/** Where pictures of pages are kept to be looked at; git ignores it. */
export const PICTURES = fileURLToPath(new URL('../../.cache/pictures/', import.meta.url));

const LIBRARIES = ['/usr/lib', '/usr/lib64', '/lib', '/lib64', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu'];

/** A Chromium of the npm registry, unpacked once. Rejects with what is missing. */
export async function openBrowser(): Promise<Browser> {
  mkdirSync(CACHE, { recursive: true });
  // Of two test files that come to an empty cache at once, one unpacks and the other waits.
  const release = await turn(join(CACHE, 'unpacking.lock'));
  const { TMPDIR, AWS_EXECUTION_ENV } = process.env;
  process.env['TMPDIR'] = CACHE;
  // A machine without NSS gets the package's own, which is meant for Lambda and brings its own fonts.
  if (!LIBRARIES.some((folder) => existsSync(join(folder, 'libnss3.so')))) process.env['AWS_EXECUTION_ENV'] = 'AWS_Lambda_nodejs22.x';
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    return await playwright.launch({
      executablePath: await chromium.executablePath(),
      headless: true,
      chromiumSandbox: false,
      args: FLAGS,
    });
  } catch (error) {
    throw new Error(`The browser of the tests does not start (package @sparticuz/chromium, unpacked to ${CACHE}): ${String(error)}`, {
      cause: error,
    });
  } finally {
    restore('TMPDIR', TMPDIR);
    restore('AWS_EXECUTION_ENV', AWS_EXECUTION_ENV);
    release();
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of scripts and refusals of the Content-Security-Policy so far. */
  readonly problems: readonly string[];
}

/** A visitor with a browser of their own: storage, language, theme and size. */
export async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en',
    timezoneId: 'Europe/Paris',
    ...options,
  });
  // Drawing is slow without a graphics card, and slower beside other work.
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) problems.push(message.text());
  });
  return { context, page, problems };
}

export const picture = (name: string): string => join(PICTURES, `${name}.png`);
