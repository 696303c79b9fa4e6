import { call, cast, children, constant, isExpression, isTree, rewrite, stringConstant, text, walk, when } from './ast.js';
import type { Tree } from './ast.js';
import { functionCall, plainInLambda, withoutZone } from './rules.js';
import { SCHEMA } from './views.js';

/**
 * Athena's and Trino's answers on DuckDB, by changing the syntax tree of the user's statement. What DuckDB answers
 * otherwise is pointed at a macro of schema `trino` or spelled out; what it answers alike stays as it is.
 * docs/sql.md lists what remains different.
 */

/** Names given to result columns that have none; the engine shows them as Trino does, `_col<position>`. */
export const ANONYMOUS = /^_chatlake_anonymous_\d+$/;

const INTEGERS = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT']);

/** DuckDB rounds halves of a floating-point number to the even integer, Trino away from zero. */
function roundedCast(node: Tree): Tree {
  const [child, type] = [node['child'], node['cast_type']];
  if (!isTree(child) || !isTree(type) || !INTEGERS.has(text(type, 'id')) || child['class'] === 'CONSTANT') return node;
  if (child['class'] === 'CAST' && isTree(child['cast_type']) && !['DOUBLE', 'FLOAT'].includes(text(child['cast_type'], 'id'))) return node;
  const nowhere = { alias: '' };
  const number = cast(child, { id: 'DOUBLE', type_info: null }, true, nowhere);
  const rounded = cast(call('round', [number], nowhere), type, node['try_cast'] === true, { ...node, alias: '' });
  const kind = call('typeof', [child], nowhere);
  const isFloat = call('regexp_full_match', [kind, constant('DOUBLE|FLOAT', 'VARCHAR')], nowhere);
  return when(isFloat, rounded, { ...node, alias: '' }, node);
}

/** A number or date is its text; a text in JSON is that text, without the quotes it has there. */
function textCast(node: Tree): Tree {
  const [child, type] = [node['child'], node['cast_type']];
  if (
    !isTree(child) ||
    !isTree(type) ||
    text(type, 'id') !== 'VARCHAR' ||
    !['COLUMN_REF', 'FUNCTION', 'CASE'].includes(text(child, 'class'))
  )
    return node;
  const nowhere = { alias: '' };
  const plain = { ...node, alias: '' };
  const isJson = call('regexp_full_match', [call('typeof', [child], nowhere), constant('JSON', 'VARCHAR')], nowhere);
  return when(isJson, call('json_extract_string', [plain, constant('$', 'VARCHAR')], nowhere), plain, node);
}

/** `timestamp '2024-07-03 10:00:00 America/Sao_Paulo'` is an instant. */
function zonedLiteral(node: Tree): Tree {
  const [child, type] = [node['child'], node['cast_type']];
  const [, local, zone] = ZONED.exec((isTree(child) && stringConstant(child)) || '') ?? [];
  if (!isTree(child) || !isTree(type) || text(type, 'id') !== 'TIMESTAMP' || local === undefined || zone === undefined) return node;
  const written = constant(/^[+-]/.test(zone) ? local + zone : `${local} ${zone}`, 'VARCHAR', child['query_location']);
  return { ...node, child: written, cast_type: { ...type, id: 'TIMESTAMP WITH TIME ZONE' } };
}
const ZONED = /^\s*(\d{4}-\d+-\d+ \d+:\d+[\d:.]*)\s*([+-]\d\d:\d\d|[A-Z][\w/+-]*)\s*$/i;

/** Instants are compared whatever zone they are shown in. */
function compared(node: Tree): Tree {
  const sides = node['class'] === 'COMPARISON' ? ['left', 'right'] : ['input', 'lower', 'upper'];
  const changed = { ...node };
  for (const side of sides) if (isTree(node[side])) changed[side] = withoutZone(node[side]);
  return changed;
}

/** What DESCRIBE calls a column without a name. */
function unnamed(node: Tree): Tree {
  return rewrite(node, (part) => (ANONYMOUS.test(text(part, 'alias')) ? { ...part, alias: '' } : part)) as Tree;
}

/** A row without names for its fields cannot be told from its last one in a result: fields get their numbers. */
function fielded(node: Tree): Tree {
  if (node['class'] !== 'FUNCTION' || text(node, 'function_name') !== 'row') return node;
  return { ...node, function_name: 'struct_pack', children: children(node).map((field, at) => ({ ...field, alias: String(at + 1) })) };
}
/** Whether rows stand where their fields have names already, or are taken apart; a lambda's parameters are one, too. */
function keepsRows(node: Tree): boolean {
  let found = false;
  walk(node, (part) => {
    const type = part['cast_type'];
    if (part['class'] === 'SUBQUERY' || part['class'] === 'LAMBDA' || (isTree(type) && text(type, 'id') === 'STRUCT')) found = true;
  });
  return found;
}

function named(node: Tree, count: { next: number }): Tree {
  if (!Array.isArray(node['select_list'])) return node;
  const list = node['select_list'].map((item) => {
    if (!isExpression(item) || text(item, 'alias') !== '' || item['class'] === 'STAR' || item['class'] === 'COLUMN_REF') return item;
    const rows = keepsRows(item) ? item : (rewrite(item, fielded) as Tree);
    let expands = false;
    walk(item, (part) => {
      if (part['class'] === 'STAR' || text(part, 'function_name') === 'unnest') expands = true;
    });
    count.next += 1;
    return expands ? rows : { ...rows, alias: `_chatlake_anonymous_${count.next}` };
  });
  return { ...node, select_list: list };
}

/** The tree of a statement written for Athena or Trino, changed so that DuckDB gives the same answer. */
export function compatible(tree: Tree, aggregates: ReadonlySet<string>): Tree {
  const count = { next: 0 };
  return rewrite(tree, (node) => {
    if (node['class'] === 'FUNCTION' || node['class'] === 'WINDOW') return functionCall(node, aggregates);
    if (node['class'] === 'CAST') return textCast(zonedLiteral(roundedCast(node)));
    if (node['class'] === 'COMPARISON' || node['class'] === 'BETWEEN') return compared(node);
    if (node['type'] === 'SHOW_REF') return unnamed(node);
    if (node['class'] === 'LAMBDA') return plainInLambda(node);
    // Athena and Trino have the lake in a catalog of any name; here there is one.
    if (node['type'] === 'BASE_TABLE' && text(node, 'schema_name').toLowerCase() === SCHEMA) return { ...node, catalog_name: '' };
    if (node['type'] === 'SELECT_NODE') return named(node, count);
    return node;
  }) as Tree;
}
