/** Text that is HTML already. Only `html` makes it, from literals of ours and escaped values. */
export interface Markup {
  readonly markup: string;
}

export type Value = string | number | Markup | null | undefined | false | readonly Value[];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Characters that no HTML document may hold, and those that turn the direction of what follows. */
// oxlint-disable-next-line no-control-regex
const UNFIT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff\u202a-\u202e\u2066-\u2069]|\p{Cs}/gu;

const escaped = (text: string): string => text.replace(UNFIT, '\ufffd').replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark);

function written(value: Value): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'object') return 'markup' in value ? value.markup : value.map(written).join('');
  return escaped(String(value));
}

/**
 * HTML with values put in as text: whatever they hold, they neither open a tag nor leave an attribute (which must stand in
 * double quotes). Nothing for null, undefined and false; lists one after the other.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { markup: parts.map((part, at) => part + (at < values.length ? written(values[at]) : '')).join('') };
}
