import { addWords, numberAt } from '../cache/contents.js';
import { LONGEST_CONTENT } from '../facts/sources.js';
import { topicLabel } from '../metrics/topics.js';
import { among, where } from '../statement.js';
import { saidIn } from '../tally/said.js';
import { sparseCounts } from '../tally/visitors.js';
import { addOccurrences, type Visitor } from '../tally/tally.js';
import { normalForm } from '../text/normal.js';
import { LONGEST_WORD, SHORTEST_WORD, STOP_WORD_LIST } from '../text/stop-words.js';
import { most } from './most.js';
import { column, type PanelSpec } from './panel.js';
import { topicCells, topicOrder } from './topic.js';

const SHOWN = 30;

/** What is said word for word most often, whatever the case, accents, punctuation and length of laughter. */
export const CONTENTS: PanelSpec = {
  id: 'contents',
  columns: () => [column('content', 'text'), column('messages', 'count')],
  count: ({ snapshot, selection }) => {
    const { most: mostSaid, ...counting } = saidIn(snapshot, selection, 'contents', (counts, said, { length, places, times }) => {
      for (let at = 0; at < length; at += 1) counts[numberAt(said, places === null ? at : (places[at] as number))]! += times[at] as number;
    });
    return {
      ...counting,
      rows: ({
        request: {
          snapshot: {
            names: { contents },
          },
        },
      }) => mostSaid(SHOWN, (number) => contents.values[number] ?? '').map(({ text, count }) => [text, count]),
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
  count: ({ snapshot, selection }) => {
    const { most: mostSaid, ...counting } = saidIn(snapshot, selection, 'words', (counts, said, { length, places, times }) => {
      for (let at = 0; at < length; at += 1)
        if (times[at] !== 0) addWords(counts, said, places === null ? at : (places[at] as number), times[at] as number);
    });
    return {
      ...counting,
      rows: ({
        request: {
          snapshot: {
            names: { words },
          },
        },
      }) => mostSaid(SHOWN, (number) => words.values[number] ?? '').map(({ text, count }) => [text, count]),
    };
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
    const { visitor, counts } = sparseCounts((block) => block[id], snapshot.sizes[id]);
    return {
      visitor,
      counts: () => [counts],
      rows: ({ request }) =>
        most(counts, SHOWN, (number) => request.snapshot.names[id].values[number] ?? '').map(({ text, count }) => [text, count]),
    };
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
  count: () => {
    const counts = new Uint32Array(256);
    const visitor: Visitor = {
      rollup: (rollup, slots) => addOccurrences(counts, rollup.languages, slots),
      block({ language, languages }, { rows }) {
        if (rows === null)
          for (let at = 0; at < languages.value.length; at += 1) counts[languages.value[at] as number]! += languages.count[at] as number;
        else for (let at = 0; at < rows.length; at += 1) counts[language[rows[at] as number] as number]! += 1;
      },
    };
    return {
      visitor,
      counts: () => [counts],
      rows: ({ request: { snapshot } }) =>
        most(counts, SHOWN, (number) => snapshot.names.languages.values[number] ?? '').map(({ text, count }) => [text, count]),
    };
  },
  sql: ({ filters, range, zone }) => `SELECT "language", count(*) AS messages
FROM activity
${where(filters, range, zone, '"language" IS NOT NULL')}
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${SHOWN}`,
};

export const TOPICS: PanelSpec = {
  id: 'topics',
  columns: () => [column('conversation', 'key', 'conversation'), column('topic', 'text'), column('messages', 'count')],
  count: ({ snapshot }) => {
    const { visitor, counts } = sparseCounts((block) => block.topics, snapshot.sizes.topics);
    return {
      visitor,
      counts: () => [counts],
      rows: ({ request: { snapshot } }) =>
        most(counts, SHOWN, (number) => topicOrder(snapshot, number)).map(({ number, count }) => [...topicCells(snapshot, number), count]),
    };
  },
  sql: ({ filters, range, zone }) => `SELECT a.conversation, ${topicLabel('max(n."name")', 'a.topic')} AS topic, count(*) AS messages
FROM (SELECT * FROM activity
${where(filters, range, zone, 'topic IS NOT NULL')}) a
LEFT JOIN topics n ON n.conversation = a.conversation AND n.topic = a.topic
GROUP BY a.conversation, a.topic ORDER BY 3 DESC, 1, a.topic LIMIT ${SHOWN}`,
};
