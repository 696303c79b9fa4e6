import type { ComponentChildren } from 'preact';
import { addressOf, type Place } from '../state/address.js';
import { go } from '../state/route.js';
import { mayGo } from '../state/session.js';

interface LinkProps {
  readonly to: Place;
  readonly class?: string;
  readonly current?: boolean;
  readonly title?: string;
  readonly children: ComponentChildren;
  /** After going there. */
  readonly then?: () => void;
}

/**
 * A link inside the page: an ordinary one to the browser's menus and to keys, without a new load otherwise. Text alone where it
 * would lead to what a shared link does not show.
 */
export function Link({ to, class: look, current, title, children, then }: LinkProps) {
  if (!mayGo(to)) {
    return (
      <span class={look} title={title}>
        {children}
      </span>
    );
  }
  const onClick = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
    then?.();
  };
  return (
    <a href={addressOf(to)} class={look} title={title} aria-current={current ? 'page' : undefined} onClick={onClick}>
      {children}
    </a>
  );
}
