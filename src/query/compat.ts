import { call, cast, constant, isExpression, isTree, rewrite, text, walk, when } from './ast.js';
import type { Tree } from './ast.js';
import { functionCall, plainInLambda } from './rules.js';

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

function named(node: Tree, count: { next: number }): Tree {
  if (!Array.isArray(node['select_list'])) return node;
  const list = node['select_list'].map((item) => {
    if (!isExpression(item) || text(item, 'alias') !== '' || item['class'] === 'STAR' || item['class'] === 'COLUMN_REF') return item;
    let expands = false;
    walk(item, (part) => {
      if (part['class'] === 'STAR' || text(part, 'function_name') === 'unnest') expands = true;
    });
    count.next += 1;
    return expands ? item : { ...item, alias: `_chatlake_anonymous_${count.next}` };
  });
  return { ...node, select_list: list };
}

/** The tree of a statement written for Athena or Trino, changed so that DuckDB gives the same answer. */
export function compatible(tree: Tree, aggregates: ReadonlySet<string>): Tree {
  const count = { next: 0 };
  return rewrite(tree, (node) => {
    if (node['class'] === 'FUNCTION' || node['class'] === 'WINDOW') return functionCall(node, aggregates);
    if (node['class'] === 'CAST') return roundedCast(node);
    if (node['class'] === 'LAMBDA') return plainInLambda(node);
    if (node['type'] === 'BASE_TABLE' && text(node, 'catalog_name').toLowerCase() === 'awsdatacatalog')
      return { ...node, catalog_name: '' };
    if (node['type'] === 'SELECT_NODE') return named(node, count);
    return node;
  }) as Tree;
}
