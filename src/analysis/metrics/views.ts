import { ACTIVITY } from './activity.js';
import { CONVERSATION_LINKS, PERSON_LINKS } from './links.js';
import { PEOPLE } from './people.js';
import { QUESTIONS, REQUESTS } from './questions.js';
import { SESSIONS } from './sessions.js';
import { TOPICS } from './topics.js';
import type { MetricView } from './view.js';

/** The metrics' views, each after those it reads. docs/metrics.md tells what they mean. */
export const METRIC_VIEWS: readonly MetricView[] = [
  CONVERSATION_LINKS,
  PERSON_LINKS,
  ACTIVITY,
  PEOPLE,
  TOPICS,
  REQUESTS,
  QUESTIONS,
  SESSIONS,
];
