/**
 * DuckDB's own syntax tree of a statement, as `json_serialize_sql` gives it. Nodes are plain objects; those with a
 * `class` are expressions. Fractions, and integers beyond 2^53 (constants, "no location"), are kept as marked strings,
 * digit for digit.
 */
export type Tree = { [key: string]: TreeValue };
export type TreeValue = string | number | boolean | null | Tree | TreeValue[];

const MARK = '\u0000';
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const MARKED = /"\\u0000(-?[\d.eE+-]+)"/g;

export function parseTree(json: string): Tree {
  const exact = json.replace(TOKENS, (token) => (/^-?\d{16,}$|^-?\d+[.eE]/.test(token) ? `"\\u0000${token}"` : token));
  return JSON.parse(exact) as Tree;
}

export function treeJson(tree: Tree): string {
  return JSON.stringify(tree).replace(MARKED, '$1');
}

export const isTree = (value: TreeValue | undefined): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isExpression = (value: TreeValue | undefined): value is Tree => isTree(value) && typeof value['class'] === 'string';

export const text = (node: Tree, key: string): string => {
  const value = node[key];
  return typeof value === 'string' ? value : '';
};

export const children = (node: Tree): Tree[] => (Array.isArray(node['children']) ? node['children'].filter(isTree) : []);

/** Calls `visit` with every object of the tree, parents first. */
export function walk(value: TreeValue | undefined, visit: (node: Tree) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (isTree(value)) {
    visit(value);
    for (const key of Object.keys(value)) walk(value[key], visit);
  }
}

/** The tree with every object replaced by what `change` makes of it, children first. */
export function rewrite(value: TreeValue, change: (node: Tree) => Tree): TreeValue {
  if (Array.isArray(value)) return value.map((item) => rewrite(item, change));
  if (!isTree(value)) return value;
  const copy: Tree = {};
  for (const key of Object.keys(value)) copy[key] = rewrite(value[key] as TreeValue, change);
  return change(copy);
}

/** Byte offsets of all nodes in one fixed order; undefined for a node that has none. */
export function locations(value: TreeValue): (number | undefined)[] {
  const found: (number | undefined)[] = [];
  walk(value, (node) => {
    if (!('query_location' in node)) return;
    const at = node['query_location'];
    found.push(typeof at === 'number' ? at : undefined);
  });
  return found;
}

// ---------------------------------------------------------------- making nodes

/** Location of a node that stands for no place in the text. */
const NOWHERE = `${MARK}18446744073709551615`;

export const constant = (value: string | number | null, type: string, at: TreeValue = NOWHERE): Tree => ({
  class: 'CONSTANT',
  type: 'VALUE_CONSTANT',
  alias: '',
  query_location: at,
  value: { type: { id: type, type_info: null }, is_null: value === null, ...(value === null ? {} : { value }) },
});

export const call = (name: string, args: readonly TreeValue[], like: Tree, schema = ''): Tree => ({
  class: 'FUNCTION',
  type: 'FUNCTION',
  alias: text(like, 'alias'),
  query_location: like['query_location'] ?? NOWHERE,
  function_name: name,
  schema,
  children: [...args],
  filter: null,
  order_bys: { type: 'ORDER_MODIFIER', orders: [] },
  distinct: false,
  is_operator: false,
  export_state: false,
  catalog: '',
});

export const cast = (child: Tree, type: TreeValue, tryCast: boolean, like: Tree): Tree => ({
  class: 'CAST',
  type: 'OPERATOR_CAST',
  alias: text(like, 'alias'),
  query_location: like['query_location'] ?? NOWHERE,
  child,
  cast_type: type,
  try_cast: tryCast,
});

/** `CASE WHEN test THEN then ELSE otherwise END`. */
export const when = (test: Tree, then: Tree, otherwise: Tree, like: Tree): Tree => ({
  class: 'CASE',
  type: 'CASE_EXPR',
  alias: text(like, 'alias'),
  query_location: like['query_location'] ?? NOWHERE,
  case_checks: [{ when_expr: test, then_expr: then }],
  else_expr: otherwise,
});

/** The text of a string constant, or undefined for anything else. */
export function stringConstant(node: Tree | undefined): string | undefined {
  const value = node?.['class'] === 'CONSTANT' ? node['value'] : undefined;
  return isTree(value) && typeof value['value'] === 'string' && isTree(value['type']) && value['type']['id'] === 'VARCHAR'
    ? value['value']
    : undefined;
}
