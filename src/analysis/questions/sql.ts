import type { Zone } from '../../zone.js';
import { where } from '../statement.js';
import { normalForm } from '../text/normal.js';
import type { Filters, Range } from '../types.js';

/**
 * A statement for the questions by normal form, most asked first, on any engine of the lake. Putting forms of one meaning
 * together is beyond SQL.
 */
export const questionsSql = (
  filters: Filters,
  range: Range,
  zone: Zone,
): string => `SELECT question, count(*) AS asked, count(DISTINCT person) AS people,
  avg(CASE WHEN response_seconds IS NULL THEN 0e0 ELSE 1e0 END) AS answered, min("text") AS example
FROM (SELECT ${normalForm('"text"', 'trino')} AS question, "text", person, response_seconds FROM questions
${where(filters, range, zone)}) asked
GROUP BY question ORDER BY asked DESC, question LIMIT 100`;
