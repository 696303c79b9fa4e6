import type { Countable, Snapshot } from './cache/snapshot.js';
import { most } from './panels/most.js';
import { byGroup, type Grouping } from './questions/groups.js';
import type { Request } from './panels/panel.js';
import { personKey, personName, silentSql } from './panels/people.js';
import { where } from './statement.js';
import type { Counts } from './tally/counts.js';
import { medianOf } from './tally/median.js';
import { CHANNELS, type Tally, type Visitor } from './tally/tally.js';
import { endOf, seen } from './text/seen.js';
import type { Answer, Language, Phrase } from './types.js';
import type { Words } from './words/types.js';

/** Fewer messages or questions than this tell little. */
const SMALL = 30;
/** Answers of which no share is told. */
const FEW = 5;
const TOP = 10;
/** Characters of a question in a sentence. */
const LONGEST = 80;

/** What the answers need beside the common counts. */
export interface Asked {
  readonly visitor: Visitor;
  readonly counts: () => Counts;
  /** Questions by form, and by the number of who asks. */
  readonly forms: Uint32Array;
  readonly people: Uint32Array;
}

/** `size`: how many forms there are. */
export function askedIn({ sizes }: Countable, size: number): Asked {
  const forms = new Uint32Array(size);
  const people = new Uint32Array(sizes.people);
  const visitor: Visitor = {
    block({ questions: { row, form, person } }, { ok }) {
      for (let index = 0; index < row.length; index += 1) {
        const at = row[index] as number;
        if (ok !== null && ok[at] === 0) continue;
        const [who, asked] = [person[index] as number, form[index] as number];
        people[who] = (people[who] as number) + 1;
        forms[asked] = (forms[asked] as number) + 1;
      }
    },
  };
  return { visitor, forms, people, counts: () => [forms, people] };
}

/**
 * The question asked most, as it was written most; undefined when none was asked twice. `grouping`: which questions mean the same, as the list of
 * questions has it.
 */
function mostAsked(
  { names }: Snapshot,
  { forms }: Asked,
  grouping: Grouping,
): { readonly text: string; readonly count: number } | undefined {
  const textOf = (form: number) => names.questions.values[form]?.text ?? '';
  const [group] = most(byGroup(forms, grouping), 1, textOf, 2);
  const [form] = most(forms, 1, textOf, 1, (one) => grouping[one] === group?.number);
  return group && form && { text: shortened(form.text), count: group.count };
}

const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1).trimEnd()}…` : text);

interface Context {
  readonly request: Request;
  /** The first day of the lake; null while it is empty. */
  readonly begins: string | null;
  readonly tally: Tally;
  readonly before: Tally | null;
  /** As in the view. */
  readonly underway: boolean;
  readonly asked: Asked;
  readonly grouping: Grouping;
  readonly words: Words['answers'];
  readonly share: (value: number, of: number) => string;
}

/** The questions that owners of a group or a support number have, each answered in a sentence. */
export function answersOf(
  given: Pick<Context, 'request' | 'begins' | 'tally' | 'before' | 'underway' | 'asked' | 'grouping'> & {
    readonly words: Words;
    readonly language: Language;
  },
): Answer[] {
  const percent = new Intl.NumberFormat(given.language, { style: 'percent', maximumFractionDigits: 0 });
  const context: Context = {
    ...given,
    words: given.words.answers,
    share: (value, of) => percent.format(of === 0 ? 0 : value / of),
  };
  return [when(context), asked(context), helping(context), helped(context), silent(context), active(context)];
}

const evidence = (words: Words['answers'], text: string, sample: number): string =>
  sample > 0 && sample < SMALL ? `${text} ${words.small}` : text;

function when({ tally, request, words, share }: Context): Answer {
  const { byTime, byDay, messages } = tally;
  let peak = 24;
  for (let at = 24; at < byTime.length; at += 1) if ((byTime[at] as number) > (byTime[peak] as number)) peak = at;
  const [weekday, hour] = [Math.floor(peak / 24), peak % 24];
  let days = 0;
  for (let at = 0; at < byDay.length; at += CHANNELS) days += byDay.subarray(at, at + CHANNELS).some((found) => found > 0) ? 1 : 0;
  const sentence =
    messages === 0
      ? words.when.none
      : messages < SMALL
        ? words.when.few(messages)
        : words.when.sentence({ weekday, hour, share: share(byTime[peak] as number, messages) });
  return {
    id: 'when',
    question: words.when.question,
    sentence,
    evidence: words.when.evidence({ messages, days, timezone: request.zone.name }),
    link: { panel: 'heatmap', ...(messages >= SMALL && { filters: { weekday: [weekday], hour: [hour] } }) },
    tone: 'plain',
  };
}

function asked({ request, tally, asked, grouping, words }: Context): Answer {
  const questions = tally.questions.count;
  const first = mostAsked(request.snapshot, asked, grouping);
  const sentence =
    questions === 0
      ? words.asked.none
      : first === undefined
        ? words.asked.apart(questions)
        : words.asked.sentence({ questions, most: first.text, times: first.count });
  return {
    id: 'asked',
    question: words.asked.question,
    sentence,
    evidence: evidence(
      words,
      words.asked.evidence({ questions, people: asked.people.reduce((sum, one) => sum + Math.min(one, 1), 0) }),
      questions,
    ),
    link: { page: 'questions' },
    tone: 'plain',
  };
}

function helping({ tally, request, words, share }: Context): Answer {
  const { questions } = tally;
  const answered = questions.count - questions.unanswered;
  const median = medianOf(questions.byBot, questions.byPerson);
  const sentence: Phrase =
    questions.count === 0
      ? words.helping.none
      : median === null
        ? words.helping.nobody(questions.count)
        : words.helping.sentence({
            answered: share(answered, questions.count),
            median: words.duration(median),
            unanswered: questions.unanswered,
          });
  const byBot = questions.byBot.reduce((sum, found) => sum + found, 0);
  const base = words.helping.evidence({ questions: questions.count, bot: answered === 0 ? null : share(byBot, answered) });
  const missing = sidesMissing(request, words);
  return {
    id: 'helping',
    question: words.helping.question,
    sentence,
    evidence: evidence(words, missing === null ? base : `${base} ${missing}`, questions.count),
    link: { panel: 'response' },
    tone: questions.count >= SMALL && questions.unanswered / questions.count > 0.25 ? 'warn' : 'plain',
  };
}

/** The questions whose answers did not help, newest first. */
const uselessSql = ({ filters, range, zone }: Request): string => `SELECT context_date, channel, person, "text", response_seconds, responder
FROM questions
${where(filters, range, zone, 'response_seconds IS NOT NULL', 'NOT resolved')}
ORDER BY sent_at DESC`;

/** Whether answers helped. Of few answers nothing is said of their share. */
function helped({ tally, request, words, share }: Context): Answer {
  const { count: questions, unanswered, resolved } = tally.questions;
  const answered = questions - unanswered;
  const useless = answered - resolved;
  const missing = sidesMissing(request, words);
  const base = words.helped.evidence({ answered, useless });
  return {
    id: 'helped',
    question: words.helped.question,
    sentence:
      answered === 0
        ? words.helped.none
        : answered < FEW
          ? words.helped.few(answered)
          : words.helped.sentence({ resolved: share(resolved, questions), useless: share(useless, answered) }),
    evidence: answered === 0 ? (missing ?? '') : evidence(words, missing === null ? base : `${base} ${missing}`, answered),
    link: useless === 0 ? { panel: 'command-outcomes' } : { page: 'sql', sql: uselessSql(request) },
    tone: answered >= SMALL && useless / answered > 0.25 ? 'warn' : 'plain',
  };
}

/** What must be said of the side that is not captured; null when both are, as far as the channels in view go. */
function sidesMissing({ snapshot, selection }: Request, words: Words['answers']): string | null {
  const { answering, sides, blocks } = snapshot;
  const inView = (channel: number) =>
    selection.channels[channel] === true && blocks.some((block) => block.channel === channel && block.count > 0);
  const [telegram, whatsapp] = [0, 1];
  const statuses = sides.some((side) => side.channel === whatsapp && side.statuses.count.length > 0);
  if (inView(whatsapp) && answering[whatsapp] !== true) return statuses ? words.helping.statuses : words.helping.missing;
  return inView(telegram) && answering[telegram] !== true && !inView(whatsapp) ? words.helping.missing : null;
}

/** A text, and since when the lake knows anything where that is `late`. */
const sinceWhen = ({ begins, words }: Context, late: (begins: string) => boolean, text: string): string =>
  begins !== null && late(begins) ? `${text} ${words.begins(begins)}` : text;

function silent(context: Context): Answer {
  const { tally, before, underway, begins, request, words, share } = context;
  const { snapshot } = request;
  let known = 0;
  let gone = 0;
  if (before !== null) {
    for (let who = 1; who < before.byPerson.length; who += 1) {
      if (before.byPerson[who] === 0 || snapshot.humans[who] === 0) continue;
      known += 1;
      if (tally.byPerson[who] === 0) gone += 1;
    }
  }
  const { before: past } = request;
  const unknown = past === null || (begins !== null && begins > past.to);
  const sentence = unknown
    ? words.silent.none
    : known === 0
      ? words.silent.quiet
      : gone === 0
        ? words.silent.nobody(known)
        : words.silent.sentence({ people: gone, share: share(gone, known), before: known });
  return {
    id: 'silent',
    question: words.silent.question,
    sentence,
    evidence:
      past === null
        ? ''
        : evidence(
            words,
            sinceWhen(context, (day) => day > past.from, `${words.silent.evidence(past)}${underway ? ` ${words.silent.underway}` : ''}`),
            known,
          ),
    link: past === null || gone === 0 ? { panel: 'retention' } : { page: 'sql', sql: silentSql(request, past) },
    tone: !underway && known >= SMALL && gone / known > 0.5 ? 'warn' : 'plain',
  };
}

function active(context: Context): Answer {
  const { tally, request, words, share } = context;
  const { snapshot, selection } = request;
  const { humans, firstDay } = snapshot;
  let people = 0;
  let newcomers = 0;
  let total = 0;
  for (let who = 1; who < tally.byPerson.length; who += 1) {
    const messages = tally.byPerson[who] as number;
    if (messages === 0 || humans[who] === 0) continue;
    people += 1;
    total += messages;
    if ((firstDay[who] as number) >= selection.from) newcomers += 1;
  }
  const busiest = most(
    tally.byPerson,
    TOP,
    (who) => personKey(snapshot, who),
    1,
    (who) => humans[who] === 1,
  );
  const top = busiest.reduce((sum, { count: messages }) => sum + messages, 0);
  const [first] = busiest;
  return {
    id: 'active',
    question: words.active.question,
    sentence:
      first === undefined
        ? words.active.none
        : words.active.sentence({
            people,
            newcomers,
            name: seen(personName(snapshot, first.number)) ?? words.active.nameless(endOf(first.text)),
            share: share(first.count, total),
          }),
    evidence:
      first === undefined
        ? ''
        : evidence(
            words,
            sinceWhen(context, (day) => day >= request.range.from, words.active.evidence({ messages: total, share: share(top, total) })),
            total,
          ),
    link: { panel: 'people' },
    tone: 'plain',
  };
}
