import { ACTIVE, NEWCOMERS, RETENTION } from './activity.js';
import { KINDS, SERIES_KINDS } from './kinds.js';
import type { PanelSpec } from './panel.js';
import { CONVERSATIONS, LENGTHS, PEOPLE_PANEL } from './people.js';
import { RESPONDERS, RESPONSE, TARGET } from './responses.js';
import { DELIVERY, MEMBERS, REACTION_RATE, REACTIONS } from './events.js';
import { FUNNEL } from './funnel.js';
import { COMMAND_OUTCOMES, TOPIC_OUTCOMES } from './outcomes.js';
import { COMMANDS, CONTENTS, HASHTAGS, LANGUAGES_PANEL, TOPICS, WORDS } from './texts.js';
import { HEATMAP, HOURS, SERIES, SERIES_BEFORE, WEEKDAYS, WEEKS } from './time.js';

/** Every panel, in the order they are shown. */
export const PANELS: readonly PanelSpec[] = [
  SERIES,
  SERIES_BEFORE,
  SERIES_KINDS,
  HOURS,
  WEEKDAYS,
  HEATMAP,
  WEEKS,
  KINDS,
  PEOPLE_PANEL,
  LENGTHS,
  CONVERSATIONS,
  ACTIVE,
  NEWCOMERS,
  RETENTION,
  CONTENTS,
  WORDS,
  HASHTAGS,
  COMMANDS,
  LANGUAGES_PANEL,
  TOPICS,
  MEMBERS,
  REACTIONS,
  REACTION_RATE,
  RESPONSE,
  TARGET,
  RESPONDERS,
  COMMAND_OUTCOMES,
  TOPIC_OUTCOMES,
  DELIVERY,
  FUNNEL,
];
