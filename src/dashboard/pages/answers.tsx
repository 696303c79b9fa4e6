import type { Answer } from '../../analysis/types.js';
import { Link } from '../parts/link.js';
import { onPage, PATHS, type PageName, type Place, withFilters } from '../state/address.js';
import { place } from '../state/route.js';
import { words } from '../words/use.js';

const isPage = (name: string | undefined): name is PageName => name !== undefined && name in PATHS;

function target({ link }: Answer): Place {
  const here = withFilters(place.value, link.filters ?? {});
  return isPage(link.page) ? onPage(here, link.page, link.sql === undefined ? {} : { sql: link.sql }) : here;
}

/** Brings a panel into sight and marks it for a moment. */
export function reveal(id: string | undefined): void {
  if (id === undefined) return;
  requestAnimationFrame(() => {
    const card = document.getElementById(`panel-${id}`);
    if (card === null) return;
    card.scrollIntoView({ block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
    card.focus({ preventScroll: true });
  });
}

/** The questions people come with, each answered in a sentence that leads to its evidence. */
export function Answers({ answers }: { readonly answers: readonly Answer[] }) {
  return (
    <section class="answers" aria-label={words.value.answers} tabIndex={0}>
      {answers.map((answer) => (
        <article key={answer.id} class={answer.tone}>
          <h2>{answer.question}</h2>
          <p>
            {answer.sentence.map((part, index) =>
              typeof part === 'string' ? (
                part
              ) : (
                <strong key={index} dir="auto">
                  {part.strong}
                </strong>
              ),
            )}
          </p>
          {answer.evidence !== '' && (
            <Link to={target(answer)} title={answer.evidence} then={() => reveal(answer.link.panel)}>
              {answer.evidence}
            </Link>
          )}
        </article>
      ))}
    </section>
  );
}

export function AnswersSkeleton() {
  return (
    <div class="answers" aria-hidden="true">
      {[0, 1, 2, 3, 4, 5].map((index) => (
        <article key={index}>
          <div class="bone line short" />
          <div class="bone line tall" />
          <div class="bone line" />
        </article>
      ))}
    </div>
  );
}
