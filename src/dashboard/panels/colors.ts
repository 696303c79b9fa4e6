const KNOWN: Readonly<Record<string, string>> = {
  telegram: 'var(--tg)',
  whatsapp: 'var(--wa)',
  bot: 'var(--c0)',
  person: 'var(--c1)',
  team: 'var(--c1)',
  none: 'var(--warn)',
  unanswered: 'var(--warn)',
  failed: 'var(--warn)',
  new: 'var(--c0)',
  returning: 'var(--c1)',
  joins: 'var(--c0)',
  leaves: 'var(--warn)',
  joined: 'var(--c0)',
  left: 'var(--warn)',
};

const PALETTE = ['var(--c0)', 'var(--c1)', 'var(--c2)', 'var(--c3)', 'var(--c4)', 'var(--c5)', 'var(--c6)'];

/** A part's colour: its own when it has one everywhere, else the next of the palette. */
export const colorOf = (name: string, index: number): string => KNOWN[name] ?? (PALETTE[index % PALETTE.length] as string);
