import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

interface PopupProps {
  /** What the button says to who cannot see it; left out when its content says it. */
  readonly label?: string;
  readonly button: ComponentChildren;
  readonly buttonClass: string;
  /** `menu`: arrow keys move between its items. */
  readonly role: 'menu' | 'dialog';
  readonly align?: 'left' | 'right';
  readonly class?: string;
  readonly children: (close: () => void) => ComponentChildren;
}

const ITEMS = '[role^="menuitem"]';

/** A button and what it opens. Escape, a click elsewhere and leaving it close it; the focus goes back to the button. */
export function Popup({ label, button, buttonClass, role, align = 'right', class: look = '', children }: PopupProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const close = () => {
    setOpen(false);
    opener.current?.focus({ preventScroll: true });
  };
  useLayoutEffect(() => {
    if (!open) return undefined;
    panel.current?.querySelector<HTMLElement>(role === 'menu' ? ITEMS : '[autofocus],input,button,select')?.focus();
    fit(panel.current);
    const away = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('focusin', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('focusin', away);
    };
  }, [open]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && open) {
      event.stopPropagation();
      close();
    } else if (role === 'menu' && open) step(event, panel.current);
  };
  return (
    <div class="popup-root" ref={root} onKeyDown={onKeyDown}>
      <button
        ref={opener}
        type="button"
        class={buttonClass}
        aria-label={label}
        title={label}
        aria-haspopup={role}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div ref={panel} class={`popup ${align} ${look}`} role={role} aria-label={label ?? opener.current?.textContent ?? ''}>
          {children(close)}
        </div>
      )}
    </div>
  );
}

/** Keeps a popup inside the window. */
function fit(panel: HTMLElement | null): void {
  if (panel === null) return;
  const { left, right } = panel.getBoundingClientRect();
  const over = right > innerWidth - 8 ? innerWidth - 8 - right : left < 8 ? 8 - left : 0;
  if (over !== 0) panel.style.transform = `translateX(${Math.round(over)}px)`;
}

function step(event: KeyboardEvent, panel: HTMLElement | null): void {
  const items = [...(panel?.querySelectorAll<HTMLElement>(ITEMS) ?? [])];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next === undefined || items.length === 0) return;
  event.preventDefault();
  items[(next + items.length) % items.length]?.focus();
}
