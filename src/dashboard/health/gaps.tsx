import { seen } from '../../analysis/text/seen.js';
import type { CoverageView } from '../../server/api-types.js';
import { count } from '../format/number.js';
import { language } from '../state/settings.js';
import { words } from '../words/use.js';

/** Which groups have messages that are not in the lake, and how many. Nothing when every one is there. */
export function Gaps({ coverage }: { readonly coverage: CoverageView | null }) {
  const { gaps, gapsWhy, gapsChat, gapsMissing, gapsBefore } = words.value.health;
  if (coverage === null || coverage.incomplete === 0) return null;
  const n = (value: number) => count(language.value, value);
  return (
    <details class="gaps">
      <summary>{gaps(coverage.missing, coverage.incomplete)}</summary>
      <p class="quiet">{gapsWhy}</p>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">{gapsChat}</th>
            <th scope="col" class="num">
              {gapsMissing}
            </th>
            <th scope="col" class="num">
              {gapsBefore}
            </th>
          </tr>
        </thead>
        <tbody>
          {coverage.chats.map(({ chat, title, missing, before }) => (
            <tr key={chat}>
              <td dir="auto">{seen(title) ?? chat}</td>
              <td class="num">{n(missing)}</td>
              <td class="num">{n(before)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
