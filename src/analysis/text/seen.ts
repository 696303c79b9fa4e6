/** Spaces, marks and signs that stand for nothing: some people's whole name. */
const UNSEEN = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{C}\p{M}\u2800]*$/u;

/** A name that can be seen; null for one that shows nothing. */
export const seen = (name: string | null): string | null => (name === null || UNSEEN.test(name) ? null : name);

/** How many characters of an id tell the nameless apart. */
const TELLING = 4;

/** Somebody or something by its name, or, without one that can be seen, as `nameless` with the end of its key. */
export function calledBy(name: string | null, key: string | null, nameless: string): string {
  return seen(name) ?? (key === null ? nameless : `${nameless} …${endOf(key)}`);
}

/** The end of a key, `<channel>:<id>`: an id may be a phone number. */
export const endOf = (key: string): string => key.slice(key.indexOf(':') + 1).slice(-TELLING);
