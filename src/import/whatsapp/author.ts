const MARKS = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/g;
const LONGEST_NAME = 100;

/** A text without the marks that turn its direction. */
export const unmarked = (text: string): string => text.replace(MARKS, '');

/** What follows a header: author and text, or a line of the app itself. */
export function authorIn(rest: string): { readonly author: string | undefined; readonly text: string } {
  const colon = rest.indexOf(':');
  // `Author:` with nothing after it is an empty message; `Author:x` is no author.
  const parts = colon > 0 && colon <= LONGEST_NAME && (colon + 1 === rest.length || rest[colon + 1] === ' ');
  if (!parts) return { author: undefined, text: rest };
  // People who are no contacts have a tilde before the name they gave themselves.
  const author = unmarked(rest.slice(0, colon))
    .replace(/^~[\s\u00a0\u202f]*/, '')
    .trim();
  // What the app says of a group quotes its name, which may hold anything.
  if (author === '' || /["“”«»„]/.test(author)) return { author: undefined, text: rest };
  return { author, text: rest.slice(colon + 2) };
}
