import { datesOf } from './dates.js';
import { countingIn } from './counting.js';
import { shortDuration } from './duration.js';
import type { Words } from './types.js';

const { count, plural } = countingIn('en');
const PER = { hour: 'per hour', day: 'per day', week: 'per week', month: 'per month' } as const;
const NOTHING = 'No messages with these filters. Choose a longer period, or remove a filter.';
const NO_QUESTIONS = 'No questions with these filters. Choose a longer period, or remove a filter.';
const DAYS = ['Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays', 'Sundays'];

export const EN: Words = {
  panels: {
    series: { title: ({ bucket }) => `Messages ${PER[bucket]}, by channel`, empty: NOTHING },
    'series-kinds': { title: ({ bucket }) => `Messages ${PER[bucket]}, by kind`, empty: NOTHING },
    before: { title: ({ bucket }) => `Messages ${PER[bucket]} in the period before`, empty: 'No messages in the period before.' },
    hours: { title: () => 'Messages by hour of the day', empty: NOTHING },
    weekdays: { title: () => 'Messages by weekday', empty: NOTHING },
    heatmap: { title: () => 'Messages by weekday and hour', empty: NOTHING },
    weeks: { title: () => 'Messages by week', empty: NOTHING },
    kinds: { title: () => 'Messages by kind', empty: NOTHING },
    people: {
      title: () => 'Who writes most',
      empty: 'Nobody wrote with these filters. Choose a longer period, or remove a filter.',
    },
    lengths: {
      title: () => 'Average length of messages, by person',
      note: 'Characters, and messages, of the 50 who write most.',
      empty: 'Nobody wrote with these filters. Choose a longer period, or remove a filter.',
    },
    conversations: { title: () => 'Conversations with most messages', empty: NOTHING },
    active: {
      title: () => 'People active by day, week and month',
      note: 'Weeks and months at the ends of the period count only the days inside it.',
      empty: 'Nobody wrote with these filters. Choose a longer period, or remove a filter.',
    },
    newcomers: {
      title: ({ bucket }) => `New and returning people ${PER[bucket === 'hour' ? 'day' : bucket]}`,
      note: 'New: the first message in the whole lake.',
      empty: 'Nobody wrote with these filters. Choose a longer period, or remove a filter.',
    },
    retention: {
      title: () => 'Who comes back, by week of first message',
      note: 'The last twelve weeks of the period.',
      empty: 'Nobody wrote for the first time in this period. Choose a longer one.',
    },
    contents: {
      title: () => 'What is said most often, word for word',
      note: 'Whatever the case, accents and laughter; at least twice.',
      empty: 'No text was said twice with these filters. Choose a longer period.',
    },
    words: {
      title: () => 'Words used most',
      note: 'Without articles, pronouns and the like; at least twice.',
      empty: 'No word was used twice with these filters. Choose a longer period.',
    },
    hashtags: { title: () => 'Hashtags used most', empty: 'No hashtags with these filters. Telegram marks them; WhatsApp does not.' },
    commands: { title: () => 'Bot commands used most', empty: 'No bot commands with these filters.' },
    languages: {
      title: () => "Messages by language of the author's app",
      empty: 'No languages known with these filters. Telegram tells them for some people; WhatsApp does not.',
    },
    topics: {
      title: () => 'Forum topics with most messages',
      empty: 'No messages in forum topics. Only Telegram groups with topics have them.',
    },
    members: {
      title: ({ bucket }) => `Joins and leaves ${PER[bucket === 'hour' ? 'day' : bucket]}`,
      note: 'Heeds the period, the channel, the conversation and the weekday. Telegram only.',
      empty: 'Nobody joined or left. Large groups hide the messages about it: make the bot an administrator to receive member updates.',
    },
    reactions: {
      title: () => 'Reactions, by emoji',
      note: 'Heeds the period, the channel, the conversation and the weekday.',
      empty: 'No reactions. On Telegram the bot receives them only as an administrator.',
    },
    'reaction-rate': {
      title: () => 'Reactions per message over time',
      note: 'Heeds the period, the channel, the conversation and the weekday.',
      empty: 'No reactions. On Telegram the bot receives them only as an administrator.',
    },
    response: {
      title: () => 'Time to the first response, by who gave it',
      note: 'Never: not within 24 hours.',
      empty: NO_QUESTIONS,
    },
    target: { title: ({ targetMinutes }) => `Questions answered within ${shortDuration(targetMinutes * 60)}`, empty: NO_QUESTIONS },
    responders: { title: () => 'Who answers, and how fast', empty: 'No question was answered with these filters.' },
    'command-outcomes': {
      title: () => 'How bot commands are answered',
      note: 'Resolved: answered, and neither asked again nor complained of within 24 hours.',
      empty: 'No bot commands by people with these filters.',
    },
    'topic-outcomes': {
      title: () => 'How questions in forum topics are answered',
      note: 'Resolved: answered, and neither asked again nor complained of within 24 hours.',
      empty: 'No questions in forum topics. Only Telegram groups with topics have them.',
    },
    delivery: {
      title: () => 'What became of the messages sent on WhatsApp',
      note: 'Heeds the period, the channel and the weekday.',
      empty: 'No delivery statuses. Only messages sent through WhatsApp have them; no conversation filter reaches them.',
    },
    funnel: {
      title: () => 'How far messages come on WhatsApp',
      note: 'Sent ones, within 24 h. Heeds no person, kind or hour.',
      empty: 'No messages of the business on WhatsApp. They are known by their delivery statuses, or where they are captured.',
    },
  },
  columns: {
    hour: 'Hour',
    date: 'Day',
    week: 'Week',
    month: 'Month',
    weekday: 'Weekday',
    channel: 'Channel',
    messages: 'Messages',
    kind: 'Kind',
    person: 'Person',
    name: 'Name',
    length: 'Average length',
    conversation: 'Conversation',
    unit: 'By',
    people: 'People',
    new: 'New',
    returning: 'Returning',
    cohort: 'First message in the week of',
    content: 'Said',
    word: 'Word',
    uses: 'Uses',
    hashtag: 'Hashtag',
    command: 'Command',
    language: 'Language',
    topic: 'Topic',
    joins: 'Joins',
    leaves: 'Leaves',
    growth: 'Growth',
    emoji: 'Reaction',
    reactions: 'Reactions',
    perMessage: 'Per message',
    within: 'Within',
    by: 'By',
    questions: 'Questions',
    requests: 'Requests',
    answered: 'Answered',
    resolved: 'Resolved',
    met: 'In time',
    share: 'Share',
    bot: 'Bot',
    answers: 'Answers',
    median: 'Median time',
    status: 'Status',
    code: 'Error',
    reason: 'Reason',
    deliveries: 'Deliveries',
  },
  figures: {
    messages: { label: 'Messages' },
    people: { label: 'People' },
    conversations: { label: 'Conversations' },
    newPeople: { label: 'New people' },
    questions: { label: 'Questions' },
    medianResponse: { label: 'Median response', none: 'No question was answered within 24 hours.' },
    unanswered: { label: 'Unanswered' },
    resolvedShare: { label: 'Resolved', none: 'No question was answered within 24 hours.' },
    mediaShare: { label: 'With media', none: 'No messages.' },
  },
  answers: {
    when: {
      question: 'When do people write most?',
      sentence: ({ weekday, hour, share }) => [
        'Most of all on ',
        { strong: `${DAYS[weekday - 1]} at ${hour}:00` },
        ': that hour holds ',
        { strong: share },
        ' of all messages.',
      ],
      few: (messages) => [
        plural(messages, 'Too early to tell: there is only ', 'Too early to tell: there are only '),
        { strong: count(messages) },
        plural(messages, ' message.', ' messages.'),
      ],
      none: ['Nobody wrote in this period.'],
      evidence: ({ messages, days, timezone }) =>
        `${plural(messages, '# message', '# messages')} on ${plural(days, '# day', '# days')}, in the time of ${timezone}.`,
    },
    asked: {
      question: 'What do they ask most?',
      sentence: ({ questions, most, times }) => [
        { strong: `“${most}”` },
        plural(times, ', asked once', ', asked # times') + plural(questions, ', the only question.', ', among # questions.'),
      ],
      apart: (questions) => [
        { strong: count(questions) },
        plural(questions, ' question was asked.', ' questions, none of them twice in the same words.'),
      ],
      none: ['No questions were recognised in this period.'],
      evidence: ({ questions, people }) =>
        `${plural(questions, '# question', '# questions')} by ${plural(people, '# person', '# people')}.`,
    },
    helping: {
      question: 'Are questions answered, and how fast?',
      sentence: ({ answered, median, unanswered }) => [
        { strong: answered },
        ' of the questions got a response, half of them within ',
        { strong: median },
        '; ',
        { strong: count(unanswered) },
        ' stayed without one.',
      ],
      none: ['No questions, so nothing to answer.'],
      nobody: (questions) =>
        questions === 1
          ? ['The only question got no response that is visible here.']
          : ['None of the ', { strong: count(questions) }, ' questions got a response that is visible here.'],
      evidence: ({ questions, bot }) =>
        `${plural(questions, '# question', '# questions')}${bot === null ? '' : `; ${bot} of the responses by a bot or the business`}. Within 24 hours.`,
      missing: 'What the bot or the business sends is not captured here, so its answers are missing.',
      statuses: 'What the business sends on WhatsApp is known by delivery statuses only.',
    },
    helped: {
      question: 'And do the answers help?',
      sentence: ({ resolved, useless }) => [
        { strong: resolved },
        ' of the questions were resolved; ',
        { strong: useless },
        ' of the answers did not help.',
      ],
      few: (answered) => ['Too early to tell. Questions answered so far: ', { strong: count(answered) }, '.'],
      none: ['No answer is visible here, so nothing can be said of what it helped.'],
      evidence: ({ answered, useless }) =>
        `${plural(answered, '# question answered', '# questions answered')}; asked again or complained of within 24 hours: ${count(useless)}.`,
    },
    silent: {
      question: 'Who went silent?',
      sentence: ({ people, share, before }) => [
        { strong: count(people) },
        plural(before, ' of # person', ' of the # people'),
        ' active in the period before wrote nothing in this one (',
        { strong: share },
        ').',
      ],
      nobody: (before) =>
        before === 1
          ? ['Nobody: the only person active in the period before wrote again.']
          : ['Nobody: all ', { strong: count(before) }, ' people active in the period before wrote again.'],
      quiet: ['Nobody wrote in the period before, so nobody can have gone silent.'],
      none: ['There is no period before to compare with.'],
      evidence: (before) => `The period before: ${datesOf('en', before)}.`,
      underway: 'The day is not over.',
    },
    active: {
      question: 'Who is active, and who is new?',
      nameless: (end) => `somebody without a name (…${end})`,
      sentence: ({ people, newcomers, name, share }) =>
        people === 1
          ? ['Only ', { strong: name }, newcomers === 1 ? ' wrote, for the first time.' : ' wrote.']
          : [
              { strong: count(people) },
              ' people wrote, ',
              { strong: count(newcomers) },
              ' of them for the first time; most of all ',
              { strong: name },
              ` (${share} of what people wrote).`,
            ],
      none: ['Nobody wrote in this period.'],
      evidence: ({ messages, share }) => `${plural(messages, '# message', '# messages')} by people; the ten most active wrote ${share}.`,
    },
    begins: (date) => `The lake begins on ${datesOf('en', { from: date, to: date })}.`,
    small: 'A small sample: take it as a hint.',
    duration: shortDuration,
  },
  errors: {
    130472: 'The recipient is part of a WhatsApp experiment',
    130429: 'Too many messages were sent at once',
    131000: 'Something went wrong at WhatsApp',
    131005: 'The access token lacks a permission',
    131008: 'A required parameter was missing',
    131009: 'A parameter was wrong',
    131021: 'Sender and recipient are the same number',
    131026: 'The recipient cannot be reached: not on WhatsApp, an old version, or terms not accepted',
    131031: 'The business account is locked',
    131042: 'There is a problem with the payment method',
    131047: 'More than 24 hours since the last message of the recipient: only a template may be sent',
    131048: 'Sending is limited because messages were blocked or reported',
    131049: 'WhatsApp held it back to keep the recipient from too much marketing',
    131051: 'This kind of message is not supported',
    131052: 'The media could not be downloaded',
    131053: 'The media could not be uploaded',
    131056: 'Too many messages to the same recipient in a short time',
    132000: 'The template got the wrong number of parameters',
    132001: 'The template does not exist in this language',
    132015: 'The template is paused for low quality',
    132016: 'The template is disabled for low quality',
    470: 'More than 24 hours since the last message of the recipient',
    480: "The recipient's identity changed",
  },
};
