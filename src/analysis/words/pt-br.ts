import type { Words } from './words.js';

const PER = { hour: 'per hour', day: 'per day', week: 'per week', month: 'per month' } as const;
const NOTHING = 'No messages with these filters. Choose a longer period, or remove a filter.';

export const PT_BR: Words = {
  panels: {
    series: { title: ({ bucket }) => `Messages ${PER[bucket]}, by channel`, empty: NOTHING },
    before: { title: ({ bucket }) => `Messages ${PER[bucket]} in the period before`, empty: 'No messages in the period before.' },
    hours: { title: () => 'Messages by hour of the day', empty: NOTHING },
    weekdays: { title: () => 'Messages by weekday', empty: NOTHING },
    heatmap: { title: () => 'Messages by weekday and hour', empty: NOTHING },
    weeks: { title: () => 'Messages by week', empty: NOTHING },
    kinds: { title: () => 'Messages by kind', empty: NOTHING },
    people: { title: () => 'Who writes most', empty: 'Nobody wrote with these filters. Choose a longer period, or remove a filter.' },
    conversations: { title: () => 'Conversations with most messages', empty: NOTHING },
  },
  columns: {
    hour: 'Hour',
    date: 'Day',
    week: 'Week from',
    month: 'Month',
    weekday: 'Weekday',
    channel: 'Channel',
    messages: 'Messages',
    kind: 'Kind',
    person: 'Person',
    name: 'Name',
    length: 'Average length',
    conversation: 'Conversation',
  },
  figures: {
    messages: { label: 'Messages' },
    people: { label: 'People' },
    conversations: { label: 'Conversations' },
    newPeople: { label: 'New people' },
    questions: { label: 'Questions' },
    medianResponse: { label: 'Median first response', none: 'No question was answered within 24 hours.' },
    unanswered: { label: 'Unanswered' },
    mediaShare: { label: 'With media', none: 'No messages.' },
  },
};
