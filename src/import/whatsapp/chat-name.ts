import type { ExportFile } from '../types.js';
import { unmarked } from './author.js';

/** `WhatsApp Chat with Ana.txt`, `WhatsApp Chat - Ana.zip`, `Conversa do WhatsApp com Ana.txt`, ... */
const NAMED =
  /whatsapp[^\p{L}]*(?:chat|conversa|sohbet[^\s]*|czat|чат)?\s*(?:-|–|with|com|con|mit|avec|met|med|с|z|cu|ile|dengan|και|dan)\s+(.+)$/iu;

const stem = (name: string): string =>
  unmarked(name)
    .replace(/\.(txt|zip)$/i, '')
    .replace(/ ?\(\d+\)$/, '')
    .trim();

/** Name of the chat: as the file or its archive is called, or as the chat calls itself (`title`). */
export function chatNameOf({ name, folder }: Pick<ExportFile, 'name' | 'folder'>, title: string | undefined): string {
  for (const candidate of [stem(name), stem(folder)]) {
    const named = NAMED.exec(candidate)?.[1]?.trim();
    if (named) return named;
  }
  const own = stem(name);
  return title ?? (own === '' || own === '_chat' ? stem(folder) || 'chat' : own);
}
