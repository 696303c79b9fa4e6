/** Parameters of a call, whichever of the ways that HTTP APIs take them in they came. */
export type Params = Readonly<Record<string, unknown>>;

/** Fields that a form may have: calls have a few dozen. To take more apart could hold up everybody else. */
const MOST_FIELDS = 500;
/** Bytes of what stands before a part of a multipart form. */
const MOST_HEAD = 8 * 1024;

/**
 * Parameters in the query and the body of a request: JSON, a form, or a multipart form, whose files are left out. A body that
 * cannot be read, or has more fields than any call, gives none.
 */
export function paramsOf(query: URLSearchParams, type: string | undefined, body: Buffer): Params {
  return { ...Object.fromEntries(query), ...bodyParams(type ?? '', body) };
}

/** The same as the text of one JSON object: a JSON body as it came, where the query is empty; else objects and lists may be JSON in a text. */
export function jsonOf(query: URLSearchParams, type: string | undefined, body: Buffer): string {
  const isForm = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type ?? '');
  if (query.size === 0 && !isForm) return body.toString();
  const given = Object.entries(paramsOf(query, type, body)).map(([name, value]) => [
    name,
    typeof value === 'string' && /^\s*[[{]/.test(value) ? valueOf(value) : value,
  ]);
  return JSON.stringify(Object.fromEntries(given));
}

function bodyParams(type: string, body: Buffer): Params {
  if (body.length === 0) return {};
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return Object.fromEntries(urlFields(body));
  const [, quoted, bare] = /^multipart\/form-data;.*\bboundary=(?:"([^"]+)"|([^\s;]+))/i.exec(type) ?? [];
  const boundary = quoted ?? bare;
  if (boundary !== undefined) return Object.fromEntries(formFields(body, boundary));
  const value = valueOf(body.toString());
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Params) : {};
}

function urlFields(body: Buffer): URLSearchParams {
  let parted = body.indexOf('&');
  for (let count = 1; parted >= 0; count += 1) {
    if (count === MOST_FIELDS) return new URLSearchParams();
    parted = body.indexOf('&', parted + 1);
  }
  return new URLSearchParams(body.toString());
}

function formFields(body: Buffer, boundary: string): [string, string][] {
  const mark = Buffer.from(`--${boundary}`);
  const fields: [string, string][] = [];
  let at = body.indexOf(mark);
  for (let count = 0; at >= 0; count += 1) {
    if (count === MOST_FIELDS) return [];
    const end = body.indexOf(mark, at + mark.length);
    if (end < 0) break;
    const part = body.subarray(at + mark.length, end);
    const blank = part.subarray(0, MOST_HEAD).indexOf('\r\n\r\n');
    const head = part.subarray(0, Math.max(0, blank)).toString();
    const name = /\bname="([^"]*)"/i.exec(head)?.[1];
    if (name !== undefined && !/\bfilename\*?=/i.test(head)) fields.push([name, part.subarray(blank + 4, part.length - 2).toString()]);
    at = end;
  }
  return fields;
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
