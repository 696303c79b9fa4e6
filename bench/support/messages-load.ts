import { type Dashboard, quantile } from './dashboard.js';
import type { BenchRow } from './rows.js';

const ROUNDS = 5;
const PAGE = 50;
const DEEP = 200;

/** What people look for: anything, what is frequent, what is rare, what is not there. */
const SEARCHES: readonly (readonly [string, string])[] = [
  ['newest', ''],
  ['a frequent word', '&q=obrigado'],
  ['a phrase', '&q="prazo de entrega"'],
  ['without accents', '&q=alguem sabe'],
  ['two words', '&q=loja frete'],
  ['a rare number', '&q=4711'],
  ['a rarer number', '&q=198765'],
  ['nothing', '&q=zzyzx'],
  ['a word that a person said', '&q=hotel&person=telegram:1500'],
  ['a contact', '&person=whatsapp:5511900000001'],
  ['a contact who wrote little', '&person=whatsapp:5511900029999'],
  ['a group on a day', '&conversation=telegram:-1000000000003&period=2023-05-01..2023-05-01'],
  ['a word in a month', '&q=planilha&period=2023-05-01..2023-05-31'],
  ['a channel', '&q=pedido&channel=whatsapp'],
  ['photos', '&kind=photo'],
];

interface Page {
  readonly messages: readonly { readonly sentAt: number }[];
  readonly next: string | null;
}

const addressOf = (limits: string): string =>
  `/api/messages?limit=${PAGE}${encodeURI(limits)}${limits.includes('period=') ? '' : '&period=all'}`;

/** First pages of searches, pages until there is a first message or none at all, and pages deep down in endless scrolling. */
export async function messagesRows(dashboard: Dashboard): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const all: number[] = [];
  for (const [what, limits] of SEARCHES) {
    const times: number[] = [];
    let pages = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      let cursor = '';
      for (pages = 1; ; pages += 1) {
        const { milliseconds, answer } = await dashboard.get(addressOf(limits) + cursor);
        times.push(milliseconds);
        const { messages, next } = answer as Page;
        if (next === null || messages.length > 0) break;
        cursor = `&cursor=${next}`;
      }
    }
    all.push(...times);
    rows.push({
      name: `search, ${what}, slowest of ${pages} answers until the first message`,
      value: quantile(times, 1),
      unit: 'ms',
      target: 300,
    });
  }
  return [...rows, { name: 'search, p95', value: quantile(all, 0.95), unit: 'ms', target: 300 }, ...(await scrolled(dashboard))];
}

/** Page after page, some from the newest message on and some from two years before. */
async function scrolled(dashboard: Dashboard): Promise<BenchRow[]> {
  const times: number[] = [];
  for (const period of ['all', '2023-01-01..2024-01-01']) {
    let cursor = '';
    for (let page = 0; page < DEEP; page += 1) {
      const { milliseconds, answer } = await dashboard.get(`/api/messages?limit=${PAGE}&period=${period}${cursor}`);
      times.push(milliseconds);
      cursor = `&cursor=${(answer as Page).next}`;
    }
  }
  return [
    { name: `endless scrolling, ${DEEP} pages from two places, p50`, value: quantile(times, 0.5), unit: 'ms' },
    { name: `endless scrolling, ${DEEP} pages from two places, p95`, value: quantile(times, 0.95), unit: 'ms', target: 300 },
  ];
}
