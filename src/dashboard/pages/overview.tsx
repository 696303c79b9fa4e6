import type { AnalysisView, Panel } from '../../analysis/types.js';
import { CardSkeleton } from '../panels/card.js';
import { FEED_SPAN, filled, LAYOUT, OTHERWISE, type Placing, type Section } from '../panels/layout.js';
import { PanelView } from '../panels/panel.js';
import { SectionNav } from '../panels/section-nav.js';
import { Failed } from '../parts/empty.js';
import { health } from '../state/health.js';
import { onlyPage } from '../state/session.js';
import { view } from '../state/view.js';
import { words } from '../words/use.js';
import { Answers, AnswersSkeleton } from './answers.js';
import { FeedCard } from './feed.js';
import { Figures, FiguresSkeleton } from './figures.js';
import { StartPage } from './start.js';

/** Answers, figures, charts. */
export function OverviewPage() {
  const now = view.data.value;
  const error = view.error.value;
  // What is refused is not tried again: numbers of another question would stand for its answer.
  if (error !== null && (now === null || error.status === 403)) return <Failed error={error} retry={() => void view.again()} />;
  if (now !== null && now.bounds === null) return <StartPage />;
  return (
    <div class={view.stale.value ? 'overview busy' : 'overview'} aria-busy={view.loading.value}>
      <h1 class="unseen">{words.value.pages.overview}</h1>
      <FillingUp />
      {now === null ? <AnswersSkeleton /> : <Answers answers={now.answers} />}
      {now === null ? <FiguresSkeleton /> : <Figures figures={now.figures} />}
      {now === null ? <SkeletonSections /> : <Sections view={now} />}
    </div>
  );
}

/** Days left from which on it is said: the open days, which every run brings in anew, are no news. */
const MANY = 5;

/** Says that older days are missing so far, and come by themselves. */
function FillingUp() {
  const left = health.data.value?.daysLeft ?? 0;
  return left < MANY ? null : (
    <p class="quiet filling-up" role="status">
      {words.value.fillingUp(left)}
    </p>
  );
}

/** Drawn into the series, not by itself. */
const BEFORE = 'before';

interface Placed {
  readonly panel: Panel;
  readonly placing: Omit<Placing, 'id'>;
}

/** Panels by section, in the order of the layout; what the layout does not know comes last. */
function sectionsOf(panels: readonly Panel[]): ReadonlyMap<Section, readonly Placed[]> {
  const sections = new Map<Section, Placed[]>();
  const put = (panel: Panel, placing: Omit<Placing, 'id'>) =>
    sections.set(placing.section, [...(sections.get(placing.section) ?? []), { panel, placing }]);
  for (const placing of LAYOUT) {
    const panel = panels.find(({ id }) => id === placing.id);
    if (panel !== undefined) put(panel, placing);
  }
  for (const panel of panels) if (panel.id !== BEFORE && !LAYOUT.some(({ id }) => id === panel.id)) put(panel, OTHERWISE);
  return sections;
}

function Sections({ view: { panels } }: { readonly view: AnalysisView }) {
  const before = panels.find(({ id }) => id === BEFORE);
  const sections = sectionsOf(panels);
  return (
    <>
      <SectionNav sections={[...sections.keys()]} />
      {[...sections].map(([section, placed]) => (
        <PlacedSection key={section} section={section} placed={placed} before={before} />
      ))}
    </>
  );
}

interface PlacedSectionProps {
  readonly section: Section;
  readonly placed: readonly Placed[];
  readonly before: Panel | undefined;
}

function PlacedSection({ section, placed, before }: PlacedSectionProps) {
  const withFeed = section === 'activity' && onlyPage.value === null;
  const spans = filled([...placed.map(({ placing }) => placing.span), ...(withFeed ? [FEED_SPAN] : [])]);
  return (
    <section class="section" aria-labelledby={`section-${section}`}>
      <h2 id={`section-${section}`} tabIndex={-1}>
        {words.value.sections[section]}
      </h2>
      <div class="grid">
        {placed.map(({ panel, placing }, index) => (
          <PanelView
            key={panel.id}
            panel={panel}
            placing={{ ...placing, span: spans[index] ?? placing.span }}
            before={panel.id === 'series' ? before : undefined}
          />
        ))}
        {withFeed && <FeedCard />}
      </div>
    </section>
  );
}

function SkeletonSections() {
  return (
    <section class="section" aria-hidden="true">
      <h2>{words.value.sections.activity}</h2>
      <div class="grid">
        {LAYOUT.filter(({ section }) => section === 'activity').map((placing) => (
          <CardSkeleton key={placing.id} placing={placing} />
        ))}
      </div>
    </section>
  );
}
