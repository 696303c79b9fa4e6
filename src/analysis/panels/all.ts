import { KINDS } from './kinds.js';
import type { PanelSpec } from './panel.js';
import { CONVERSATIONS, PEOPLE_PANEL } from './people.js';
import { HEATMAP, HOURS, SERIES, SERIES_BEFORE, WEEKDAYS, WEEKS } from './time.js';

/** Every panel, in the order they are shown. */
export const PANELS: readonly PanelSpec[] = [SERIES, SERIES_BEFORE, HOURS, WEEKDAYS, HEATMAP, WEEKS, KINDS, PEOPLE_PANEL, CONVERSATIONS];
