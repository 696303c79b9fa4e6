import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Context, Hono } from 'hono';
import { FROM_SOURCES } from '../from-sources.js';
import { bodyOf, textBody } from './page-body.js';

export interface PageOptions {
  /** Says on the page that nothing of it is real. */
  readonly demo: boolean;
  /** Where the built page is; that of this installation by default. */
  readonly folder?: string;
}

/** Paths that show the page; its script tells them apart. */
const PLACES = ['/', '/questions', '/messages', '/sql', '/health', '/start'];
/** Beside the built server; from sources (development, tests) where the build puts it. */
const BUILT = fileURLToPath(new URL(FROM_SOURCES ? '../../dist/dashboard/' : './dashboard/', import.meta.url));
const LANGUAGES = ['pt-BR', 'en', 'es'];

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Whether a path holds nothing of the lake, so that who is not signed in may have it. */
export const isPagePath = (path: string): boolean =>
  PLACES.includes(path) || path.startsWith('/assets/') || path === '/icon.svg' || path === '/theme.js';

/** Adds the page and its files, read into memory once. Without a build it says how to get one. */
export function mountPage(app: Hono, { demo, folder = BUILT }: PageOptions): void {
  const index = join(folder, 'index.html');
  if (!existsSync(index)) {
    app.get('/', (c) => c.text('The page is not built: run npm run build.\n', 503, { 'cache-control': 'no-store' }));
    return;
  }
  mountDocument(app, readFileSync(index, 'utf8'), demo);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)];
    if (entry.isFile() && type !== undefined) mountFile(app, folder, join(entry.parentPath, entry.name), type);
  }
}

/** The document in the visitor's language from its first byte. */
function mountDocument(app: Hono, html: string, demo: boolean): void {
  const written = (language: string) => textBody(html.replace('<html lang="en">', `<html lang="${language}"${demo ? ' data-demo' : ''}>`));
  const documents = new Map(LANGUAGES.map((language) => [language, written(language)]));
  const english = written('en');
  const answer = (c: Context): Response => {
    c.header('vary', 'accept-language, accept-encoding');
    const body = documents.get(languageFor(c.req.header('accept-language'))) ?? english;
    return body(c, 'text/html; charset=utf-8', 'no-cache');
  };
  for (const path of PLACES) app.get(path, answer);
  // Links that show something are answered before.
  app.get('/share/:link', (c) => {
    const { body, headers } = answer(c);
    return new Response(body, { status: 410, headers: { ...Object.fromEntries(headers), 'cache-control': 'no-store' } });
  });
}

function mountFile(app: Hono, folder: string, file: string, type: string): void {
  const path = `/${relative(folder, file).split(sep).join('/')}`;
  const beside = (ending: string) => (existsSync(file + ending) ? readFileSync(file + ending) : undefined);
  const body = bodyOf({ plain: readFileSync(file), br: beside('.br'), gzip: beside('.gz') });
  // A name under /assets/ changes with its content.
  const keeping = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  app.get(path, (c) => {
    c.header('vary', 'accept-encoding');
    return body(c, type, keeping);
  });
}

/** The first language of an Accept-Language header that the page speaks, by its weights; English otherwise. */
export function languageFor(header: string | undefined): string {
  const wishes = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const weight = parameters.map((parameter) => /^\s*q=([\d.]+)/.exec(parameter)?.[1]).find((found) => found !== undefined);
      return { tag: tag.slice(0, 2), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { tag } of wishes) {
    const found = LANGUAGES.find((language) => language.slice(0, 2) === tag);
    if (found !== undefined) return found;
  }
  return 'en';
}
