import { mkdirSync, openSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';

const WORDS =
  'bom dia gente alguém sabe como configurar o acesso ao relatório de vendas preciso de ajuda obrigado valeu pessoal quando começa a reunião amanhã não consigo abrir arquivo kkkk então vamos combinar'.split(
    ' ',
  );
const SEGMENT = 64 * 1024 * 1024;

/** Numbers that repeat from run to run. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/** A day of a busy group: plain text mostly, with edits, replies, media and reactions among it. One raw line each. */
export function line(index: number, seconds: number, number: number, random: () => number): string {
  const user = 100_000 + Math.floor(random() * 5000);
  let text = '';
  for (let words = 3 + Math.floor(random() * 14); words > 0; words--)
    text += `${text === '' ? '' : ' '}${WORDS[Math.floor(random() * WORDS.length)]}`;
  const from = { id: user, is_bot: false, first_name: `Pessoa ${user % 977}`, username: `user${user}`, language_code: 'pt-br' };
  const chat = { id: -1_001_234_567_890 - (user % 3), title: `Grupo de Vendas ${user % 3}`, type: 'supergroup' };
  const head = { message_id: 1000 + index, from, chat, date: seconds };
  const chance = random();
  const update =
    chance < 0.03
      ? { edited_message: { ...head, edit_date: seconds + 5, text } }
      : chance < 0.06
        ? { message: { ...head, reply_to_message: { message_id: 999 + index, from, chat, date: seconds - 9, text: 'oi' }, text } }
        : chance < 0.08
          ? {
              message: {
                ...head,
                photo: [{ file_id: `p${index}`, file_unique_id: `u${index}`, width: 90, height: 90, file_size: 1200 }],
                caption: text,
              },
            }
          : chance < 0.09
            ? {
                message_reaction: {
                  chat,
                  message_id: 1000 + index,
                  user: from,
                  date: seconds,
                  old_reaction: [],
                  new_reaction: [{ type: 'emoji', emoji: '👍' }],
                },
              }
            : { message: { ...head, text } };
  return `{"_received_at":${seconds * 1000 + 321},"_line":${number},${JSON.stringify({ update_id: 50_000_000 + index, ...update }).slice(1)}\n`;
}

/**
 * Lays `count` updates that arrive on one day and were sent within `span` seconds from `start` (epoch seconds), by default that day, as the
 * raw log would; returns the bytes written.
 */
export function writeDay(raw: string, date: string, start: number, count: number, span = 86_390): number {
  const folder = join(raw, 'telegram', `context_date=${date}`);
  mkdirSync(folder, { recursive: true });
  const random = sequence(start);
  let total = 0;
  for (let index = 0, segment = 0; index < count; segment++) {
    const file = openSync(join(folder, `${start * 1000}-bench000-${segment}.ndjson`), 'w');
    let size = 0;
    for (let number = 1; index < count && size < SEGMENT;) {
      let batch = '';
      for (let at = 0; at < 5000 && index < count; at++, index++, number++) {
        batch += line(start + index, start + Math.floor((index * span) / count), number, random);
      }
      size += writeSync(file, batch);
    }
    closeSync(file);
    total += size;
  }
  return total;
}
