import { LONGEST_CONTENT } from '../cache/facts.js';
import { among, where } from '../statement.js';
import { sparseCounts } from '../tally/visitors.js';
import { addCounted, type Visitor } from '../tally/tally.js';
import { normalForm } from '../text/normal.js';
import { LONGEST_WORD, SHORTEST_WORD, STOP_WORD_LIST } from '../text/stop-words.js';
import { most } from './most.js';
import { byText, column, type PanelSpec } from './panel.js';
import { conversationKey } from './people.js';

const SHOWN = 30;

/** What is said word for word most often, whatever the case, accents, punctuation and length of laughter. */
export const CONTENTS: PanelSpec = {
  id: 'contents',
  columns: () => [column('content', 'text'), column('messages', 'count')],
  count: ({ snapshot }) => {
    const { contents } = snapshot.names;
    const counts = new Uint32Array(contents.values.length);
    const visitor: Visitor = {
      month: (month, forms) => addCounted(counts, month.contents, forms),
      block({ content, count }, ok) {
        if (ok === null) for (let row = 0; row < count; row += 1) counts[content[row] as number]! += 1;
        else for (let row = 0; row < count; row += 1) counts[content[row] as number]! += ok[row] as number;
      },
    };
    return {
      visitor,
      rows: () => most(counts, SHOWN, (number) => contents.values[number] ?? '', 2).map(({ text, count }) => [text, count]),
    };
  },
  sql: ({ filters, range, zone }) => `SELECT content, count(*) AS messages
FROM (SELECT ${normalForm('"text"', 'trino')} AS content FROM activity
${where(filters, range, zone, '"text" IS NOT NULL')}) said
WHERE length(content) BETWEEN 1 AND ${LONGEST_CONTENT}
GROUP BY 1 HAVING count(*) >= 2 ORDER BY 2 DESC, 1 LIMIT ${SHOWN}`,
};

export const WORDS: PanelSpec = {
  id: 'words',
  columns: () => [column('word', 'text'), column('uses', 'count')],
  count: ({ snapshot }) => {
    const { words } = snapshot.names;
    const counts = new Uint32Array(words.values.length);
    const visitor: Visitor = {
      month: (month, forms) => addCounted(counts, month.words, forms),
      block({ wordsFrom, words: said, count }, ok) {
        if (ok === null) {
          for (let at = 0; at < said.length; at += 1) counts[said[at] as number]! += 1;
          return;
        }
        for (let row = 0; row < count; row += 1) {
          if (ok[row] === 0) continue;
          const end = wordsFrom[row + 1] as number;
          for (let at = wordsFrom[row] as number; at < end; at += 1) counts[said[at] as number]! += 1;
        }
      },
    };
    return { visitor, rows: () => most(counts, SHOWN, (number) => words.values[number] ?? '', 2).map(({ text, count }) => [text, count]) };
  },
  sql: ({ filters, range, zone }) => `SELECT word, count(*) AS uses
FROM (SELECT ${normalForm('"text"', 'trino')} AS content FROM activity
${where(filters, range, zone, '"text" IS NOT NULL')}) said
CROSS JOIN UNNEST(split(content, ' ')) AS t(word)
WHERE length(word) BETWEEN ${SHORTEST_WORD} AND ${LONGEST_WORD} AND NOT ${among('word', STOP_WORD_LIST)}
GROUP BY 1 HAVING count(*) >= 2 ORDER BY 2 DESC, 1 LIMIT ${SHOWN}`,
};

const tags = (id: 'hashtags' | 'commands', name: string): PanelSpec => ({
  id,
  columns: () => [column(name, 'text'), column('uses', 'count')],
  count: ({ snapshot }) => {
    const { values } = snapshot.names[id];
    const { visitor, counts } = sparseCounts((block) => block[id], values.length);
    return { visitor, rows: () => most(counts, SHOWN, (number) => values[number] ?? '').map(({ text, count }) => [text, count]) };
  },
  sql: ({ filters, range, zone }) => `SELECT lower(tag) AS ${name}, count(*) AS uses
FROM (SELECT ${id} FROM activity
${where(filters, range, zone)}) said
CROSS JOIN UNNEST(${id}) AS t(tag)
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${SHOWN}`,
});

export const HASHTAGS = tags('hashtags', 'hashtag');
export const COMMANDS = tags('commands', 'command');

export const LANGUAGES_PANEL: PanelSpec = {
  id: 'languages',
  columns: () => [column('language', 'text'), column('messages', 'count')],
  count: ({ snapshot }) => {
    const { values } = snapshot.names.languages;
    const counts = new Uint32Array(256);
    const visitor: Visitor = {
      month: (month, forms) => addCounted(counts, month.languages, forms),
      block({ language, count }, ok) {
        for (let row = 0; row < count; row += 1) counts[language[row] as number]! += ok === null ? 1 : (ok[row] as number);
      },
    };
    return { visitor, rows: () => most(counts, SHOWN, (number) => values[number] ?? '').map(({ text, count }) => [text, count]) };
  },
  sql: ({ filters, range, zone }) => `SELECT "language", count(*) AS messages
FROM activity
${where(filters, range, zone, '"language" IS NOT NULL')}
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${SHOWN}`,
};

export const TOPICS: PanelSpec = {
  id: 'topics',
  columns: () => [column('conversation', 'key', 'conversation'), column('topic', 'number'), column('messages', 'count')],
  count: ({ snapshot }) => {
    const counts = new Map<string, number>();
    const visitor: Visitor = {
      block({ topics, conversation }, ok) {
        for (let at = 0; at < topics.row.length; at += 1) {
          const row = topics.row[at] as number;
          if (ok !== null && ok[row] === 0) continue;
          const id = `${conversation[row]} ${topics.value[at]}`;
          counts.set(id, (counts.get(id) ?? 0) + 1);
        }
      },
    };
    return {
      visitor,
      rows: () =>
        [...counts]
          .map(([id, count]): [string, number, number] => {
            const [conversation = 0, topic = 0] = id.split(' ').map(Number);
            return [conversationKey(snapshot, conversation), topic, count];
          })
          .sort(([a, x, m], [b, y, n]) => n - m || byText(a, b) || x - y)
          .slice(0, SHOWN),
    };
  },
  sql: ({ filters, range, zone }) => `SELECT conversation, topic, count(*) AS messages
FROM activity
${where(filters, range, zone, 'topic IS NOT NULL')}
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ${SHOWN}`,
};
