import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

const WORDS =
  'bom dia grupo alguém sabe como faço para instalar isso aqui obrigado pela ajuda pessoal ontem funcionou hoje não quero o link da documentação'.split(
    ' ',
  );
const START = Date.UTC(2021, 6, 1) / 1000;

/** Writes `result.json` of one supergroup as Telegram Desktop lays it out: `count` messages over `days` days, the same at every run. */
export async function writeTelegramExport(path: string, count: number, days: number): Promise<void> {
  const out = createWriteStream(path);
  let state = 1;
  const random = () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  out.write('{\n "name": "O grupo",\n "type": "private_supergroup",\n "id": 1234567890,\n "messages": [');
  let block: string[] = [];
  for (let id = 1; id <= count; id++) {
    const date = START + Math.floor((id / count) * days * 86_400);
    const user = 1000 + Math.floor(random() ** 3 * 5000);
    const text = Array.from({ length: 4 + Math.floor(random() * 16) }, () => pick(WORDS)).join(' ');
    const parts = random() < 0.1 ? [`${text} `, { type: 'link', text: 'https://example.com/docs' }] : text;
    const message = {
      id,
      type: 'message',
      date: new Date(date * 1000).toISOString().slice(0, 19),
      date_unixtime: String(date),
      from: `Pessoa ${user}`,
      from_id: `user${user}`,
      ...(random() < 0.2 ? { reply_to_message_id: Math.max(1, id - 3) } : {}),
      ...(random() < 0.05 ? { photo: 'photos/photo.jpg', width: 800, height: 600 } : {}),
      text: parts,
      text_entities: typeof parts === 'string' ? [{ type: 'plain', text: parts }] : [{ type: 'plain', text: parts[0] }, parts[1]],
    };
    block.push(`${id === 1 ? '' : ','}\n${JSON.stringify(message, undefined, 1).replace(/^/gm, '  ')}`);
    if (block.length === 1000) {
      if (!out.write(block.join(''))) await once(out, 'drain');
      block = [];
    }
  }
  out.end(`${block.join('')}\n ]\n}\n`);
  await finished(out);
}
