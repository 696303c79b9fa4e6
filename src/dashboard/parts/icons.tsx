const PATHS = {
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  close: 'M6 6l12 12M18 6L6 18',
  plus: 'M12 5v14M5 12h14',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M18.4 5.6L17 7M7 17l-1.4 1.4',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
  half: 'M12 4a8 8 0 0 1 0 16z',
  pause: 'M9 6v12M15 6v12',
  play: 'M8 5l11 7-11 7z',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  back: 'M15 6l-6 6 6 6',
  down: 'M6 9l6 6 6-6',
  share: 'M12 15V4M8 8l4-4 4 4M5 13v6h14v-6',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  keyboard: 'M3 7h18v11H3zM7 11h.01M11 11h.01M15 11h.01M8 14.5h8',
  upload: 'M12 16V5M8 9l4-4 4 4M5 16v3h14v-3',
  out: 'M10 5H5v14h5M15 8l4 4-4 4M19 12H9',
  stop: 'M7 7h10v10H7z',
  table: 'M4 5h16v14H4zM4 10h16M4 14.5h16M10 10v9',
  chart: 'M5 19V11M12 19V5M19 19v-6',
  reply: 'M10 8L5 13l5 5M5 13h9a5 5 0 0 1 5 5v1',
} as const;

export type IconName = keyof typeof PATHS;

/** A sign drawn in the colour of the text around it; who cannot see it is told by its button. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      {name === 'half' && <circle cx="12" cy="12" r="8" />}
      <path class="solid" d={PATHS[name]} />
    </svg>
  );
}

export function Brand() {
  return (
    <svg class="brand-mark" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M4 5h16v10H10l-4 4v-4H4z" />
      <path class="wave" d="M6.5 11.2c1.4-1.4 2.3-1.4 3.7 0s2.3 1.4 3.7 0 2.3-1.4 3.6 0" />
    </svg>
  );
}
