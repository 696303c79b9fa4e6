/** Control characters, those that turn the direction of what follows, and halves of characters. */
// oxlint-disable-next-line no-control-regex
const UNFIT = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu;
const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;
/** Marks on a character beyond the second: no writing needs them, and they reach into the lines around. */
const PILES = /(\p{Mn}{2})\p{Mn}+/gu;
const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A text on one line, without what would move a terminal's cursor or turn its direction. */
export const oneLine = (text: string): string => text.replace(UNFIT, ' ').replace(PILES, '$1').replace(/ {2,}/g, ' ').trim();

/** Columns that a text takes on a terminal: emoji and East Asian characters two. */
export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of segments.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** A text in exactly `width` columns: cut with an ellipsis, or filled up. */
export function fitted(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const cut = shortened(oneLine(text), width);
  const space = ' '.repeat(Math.max(0, width - widthOf(cut)));
  return align === 'left' ? cut + space : space + cut;
}

/** A text in at most `width` columns. */
export function shortened(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of segments.segment(text)) {
    const next = used + widthOf(segment);
    if (next > width - 1) break;
    kept += segment;
    used = next;
  }
  return `${kept}…`;
}
