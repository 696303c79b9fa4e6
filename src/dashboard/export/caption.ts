import type { Range } from '../../analysis/types.js';
import { range } from '../format/date.js';
import { LISTS } from '../state/address.js';
import { nameOfLimit } from '../state/limit.js';
import { place } from '../state/route.js';
import { language } from '../state/settings.js';
import { zone } from '../state/view.js';
import { words } from '../words/use.js';

/** Keeps a name's own direction of writing from turning what stands around it. */
const isolated = (name: string): string => `\u2068${name}\u2069`;

/** What the numbers of a chart are of, for who sees it without the page: its days, their zone, and what it is limited to. */
export function captionOf({ from, to }: Range): string {
  const { limits } = place.value;
  const said = LISTS.flatMap((name) => {
    const values = (limits[name] ?? []).map((value) => isolated(nameOfLimit(name, value)));
    return values.length === 0 ? [] : [`${words.value.names[name]}: ${values.join(', ')}`];
  });
  return [range(language.value, from, to), zone.value, ...said].join(' · ');
}
