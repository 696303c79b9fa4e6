import type { Shape } from '../types.js';

type Node = Shape | string | readonly [Shape | string];

const isList = (node: Node): node is readonly [Shape | string] => Array.isArray(node);

/** A shape as a DuckDB type: `{a: 'BIGINT', b: ['VARCHAR']}` is `STRUCT("a" BIGINT, "b" VARCHAR[])`. */
export function structType(node: Node): string {
  if (typeof node === 'string') return node;
  if (isList(node)) return `${structType(node[0])}[]`;
  return `STRUCT(${Object.entries(node)
    .map(([key, value]) => `"${key}" ${structType(value)}`)
    .join(', ')})`;
}

/** A shape as the structure argument of DuckDB's `from_json`. */
export const fromJson = (json: string, shape: Node): string => `from_json(${json}, '${JSON.stringify(shape)}')`;

/** A SQL text literal. No engine reads past a NUL within quotes, so that one is put between. */
export const literal = (text: string): string => {
  const parts = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? (parts[0] as string) : `(${parts.join(' || chr(0) || ')})`;
};

/** A path as DuckDB is told of one: what it would take for a pattern, which another file may match, stands for itself. */
export const globbed = (path: string): string => path.replace(/[*?[]/g, '[$&]');

/** A member of a JSON object, whatever its name: a JSON pointer can name any. */
export const member = (json: string, name: string) => `json_extract(${json}, '/' || replace(replace(${name}, '~', '~0'), '/', '~1'))`;

/** A JSON part that holds something: platforms' libraries also write null, false, 0, "" and [] for "not there". */
export const present = (json: string): string => `(${json} IS NOT NULL AND ${json} NOT IN ('null', 'false', '0', '""', '[]'))`;

/** JSON text of an object of those members, SQL by name, that are not NULL: a merge patch leaves nulls out (RFC 7396). */
export const withoutNulls = (members: readonly (readonly [name: string, sql: string])[]): string =>
  `CAST(json_merge_patch('{}', to_json(struct_pack(${members.map(([name, sql]) => `"${name}" := ${sql}`).join(', ')}))) AS VARCHAR)`;

/** A raw line as its platform sent it, as JSON: without the keys that the raw log puts in front. */
export const AS_SENT = `json_merge_patch(line, '{"_received_at": null, "_line": null}')`;
