import { useEffect, useRef, useState } from 'preact/hooks';
import { words } from '../words/use.js';
import type { Section } from './layout.js';

const headingOf = (section: Section): HTMLElement | null => document.getElementById(`section-${section}`);

/** How far down the window a section is still the one that is read. */
const READ = 0.4;

/** The last section that begins above the middle of what is seen. */
function current(sections: readonly Section[]): Section | undefined {
  return sections.findLast((section) => (headingOf(section)?.getBoundingClientRect().top ?? Infinity) < innerHeight * READ) ?? sections[0];
}

/** The sections below, each a step away; at the foot of the window where that is narrow. */
export function SectionNav({ sections }: { readonly sections: readonly Section[] }) {
  const [here, setHere] = useState<Section | undefined>(sections[0]);
  const bar = useRef<HTMLElement>(null);
  const names = sections.join(' ');
  useEffect(() => {
    let asked = 0;
    const look = () => {
      asked ||= requestAnimationFrame(() => {
        asked = 0;
        setHere(current(sections));
      });
    };
    addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      removeEventListener('scroll', look);
      cancelAnimationFrame(asked);
    };
  }, [names]);
  useEffect(() => {
    const chosen = bar.current?.querySelector<HTMLElement>('[aria-current]');
    if (bar.current && chosen) bar.current.scrollLeft = chosen.offsetLeft - (bar.current.clientWidth - chosen.offsetWidth) / 2;
  }, [here]);
  return (
    <nav class="sections" aria-label={words.value.sectionNav} ref={bar}>
      {sections.map((section) => (
        <a
          key={section}
          href={`#section-${section}`}
          aria-current={section === here ? 'true' : undefined}
          onClick={(event) => {
            // The address tells the view, not how far it is scrolled.
            event.preventDefault();
            headingOf(section)?.scrollIntoView();
            headingOf(section)?.focus({ preventScroll: true });
          }}
        >
          {words.value.sections[section]}
        </a>
      ))}
    </nav>
  );
}
