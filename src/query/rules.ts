import { ChatlakeError } from '../errors.js';
import { call, cast, children, constant, isTree, rewrite, stringConstant, text, walk, when } from './ast.js';
import type { Tree, TreeValue } from './ast.js';
import { jodaPattern, mysqlPattern } from './dateformat.js';
import { formatCall } from './textformat.js';
import { MACROS, MACRO_SCHEMA, RENAMED } from './macros.js';

/** How calls of Trino's functions are put into DuckDB's: by another name, by a macro of schema `trino`, or by a rule of their own. */

/** Fields of EXTRACT and their names in DuckDB, where they differ. */
const FIELDS: Readonly<Record<string, string>> = {
  dow: 'isodow',
  dayofweek: 'isodow',
  day_of_week: 'isodow',
  day_of_year: 'doy',
  day_of_month: 'day',
  yow: 'isoyear',
  year_of_week: 'isoyear',
};
const UNITS = new Set(['millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']);
const INTERVAL_FUNCTIONS = new Set(
  [...UNITS].map((unit) => `to_${unit === 'quarter' ? 'quarter' : unit}s`).concat(['to_decades', 'to_centuries']),
);

type Rule = (node: Tree, args: Tree[], aggregates: ReadonlySet<string>) => Tree | undefined;

/** Whether DuckDB knows the type of the expression when it chooses between the overloads of a macro. */
function typeKnown(node: Tree, aggregates: ReadonlySet<string>): boolean {
  let known = true;
  walk(node, (part) => {
    const kind = text(part, 'class');
    if (kind === 'WINDOW' || kind === 'SUBQUERY' || kind === 'PARAMETER') known = false;
    if (kind === 'FUNCTION' && aggregates.has(text(part, 'function_name'))) known = false;
  });
  return known;
}

/** Whether the expression is an interval by its form. */
function isInterval(node: Tree | undefined): boolean {
  if (!node) return false;
  if (node['class'] === 'CAST') return isTree(node['cast_type']) && node['cast_type']['id'] === 'INTERVAL';
  if (node['class'] !== 'FUNCTION') return false;
  const name = text(node, 'function_name');
  return INTERVAL_FUNCTIONS.has(name) || (name === '*' && children(node).some(isInterval));
}

const macro = (name: string, args: readonly TreeValue[], like: Tree) => call(name, args, like, MACRO_SCHEMA);
const operator = (name: string, args: readonly TreeValue[], like: Tree): Tree => ({ ...call(name, args, like), is_operator: true });
const isMacro = (node: Tree, name: string) => text(node, 'schema') === MACRO_SCHEMA && text(node, 'function_name') === name;

function shift(sign: '+' | '-', date: Tree, interval: Tree, like: Tree, aggregates: ReadonlySet<string>): Tree {
  if (!typeKnown(date, aggregates)) return operator(sign, [date, interval], like);
  return macro(sign === '+' ? 'plus_days' : 'minus_days', [date, interval], like);
}

function pattern(name: string, node: Tree | undefined): string {
  const written = stringConstant(node);
  if (written === undefined)
    throw new ChatlakeError('SQL', `SQL is wrong: the pattern of ${name} must be a text constant here; write it out, such as '%Y-%m-%d'.`);
  if (name === 'format_datetime' || name === 'parse_datetime') {
    const joda = jodaPattern(written);
    if (joda === undefined)
      throw new ChatlakeError('SQL', `SQL is wrong: the pattern of ${name} has a letter that is not supported here; use date_format.`);
    return joda;
  }
  const mysql = mysqlPattern(written);
  if ('unsupported' in mysql) throw new ChatlakeError('SQL', `SQL is wrong: ${name} does not support ${mysql.unsupported}.`);
  return mysql.strftime;
}

const formatted =
  (duckdb: string): Rule =>
  (node, [value, format]) =>
    value && format
      ? call(
          duckdb,
          [value, constant(pattern(text(node, 'function_name'), format), 'VARCHAR', format['query_location'] as TreeValue)],
          node,
        )
      : undefined;

/** NULL when any argument is, unlike DuckDB's. */
const strict: Rule = (node, args) => {
  const first = args[0];
  if (!first) return undefined;
  const isNull = (arg: Tree): Tree => ({
    class: 'OPERATOR',
    type: 'OPERATOR_IS_NULL',
    alias: '',
    query_location: arg['query_location'] ?? 0,
    children: [arg],
  });
  const anyNull: Tree =
    args.length === 1
      ? isNull(first)
      : {
          class: 'CONJUNCTION',
          type: 'CONJUNCTION_OR',
          alias: '',
          query_location: node['query_location'] ?? 0,
          children: args.map(isNull),
        };
  return when(anyNull, constant(null, 'NULL'), { ...node, alias: '' }, node);
};

const matches =
  (aggregate: 'bool_or' | 'bool_and', negated: boolean): Rule =>
  (node, args) => {
    const found = call('list_aggregate', [call('list_transform', args, { alias: '' }), constant(aggregate, 'VARCHAR')], { alias: '' });
    const whole = call('coalesce', [], node);
    const value: Tree = {
      class: 'OPERATOR',
      type: 'OPERATOR_COALESCE',
      alias: negated ? '' : text(node, 'alias'),
      query_location: whole['query_location'] ?? 0,
      children: [
        found,
        cast(constant(aggregate === 'bool_and' ? 'true' : 'false', 'VARCHAR'), { id: 'BOOLEAN', type_info: null }, false, { alias: '' }),
      ],
    };
    return negated
      ? {
          class: 'OPERATOR',
          type: 'OPERATOR_NOT',
          alias: text(node, 'alias'),
          query_location: node['query_location'] ?? 0,
          children: [value],
        }
      : value;
  };

const RULES: Readonly<Record<string, Rule>> = {
  date_part: (node, [field, value]) => {
    const name = stringConstant(field)?.toLowerCase();
    return field && value && name !== undefined && FIELDS[name] !== undefined
      ? { ...node, children: [constant(FIELDS[name], 'VARCHAR', field['query_location'] as TreeValue), value] }
      : undefined;
  },
  date_trunc: (node, args, aggregates) => (args[1] && typeKnown(args[1], aggregates) ? macro('date_trunc', args, node) : undefined),
  reverse: (node, args, aggregates) => (args[0] && typeKnown(args[0], aggregates) ? macro('reverse', args, node) : undefined),
  cardinality: (node, args, aggregates) => {
    const [value] = args;
    if (!value) return undefined;
    if (typeKnown(value, aggregates)) return macro('cardinality', args, node);
    return isMacro(value, 'map_of') || text(value, 'function_name') === 'histogram' ? undefined : call('len', args, node);
  },
  date_add: (node, [unit, amount, date], aggregates) => {
    const name = stringConstant(unit)?.toLowerCase();
    if (!amount || !date || name === undefined || !UNITS.has(name)) return undefined;
    return shift('+', date, call(`to_${name}s`, [amount], { alias: '' }), node, aggregates);
  },
  '+': (node, [left, right], aggregates) => {
    if (!left || !right || isInterval(left) === isInterval(right)) return undefined;
    return isInterval(right) ? shift('+', left, right, node, aggregates) : shift('+', right, left, node, aggregates);
  },
  '-': (node, [left, right], aggregates) =>
    left && right && isInterval(right) && !isInterval(left) ? shift('-', left, right, node, aggregates) : undefined,
  date_format: formatted('strftime'),
  date_parse: formatted('strptime'),
  format_datetime: formatted('strftime'),
  parse_datetime: formatted('strptime'),
  // A time with a zone is the local time here, so the zone given last replaces the one before.
  timezone: (node, [zone, value]) => (zone && value ? macro('at_timezone', [withoutZone(value), zone], node) : undefined),
  at_timezone: (node, [value, zone]) => (zone && value ? macro('at_timezone', [withoutZone(value), zone], node) : undefined),
  to_unixtime: (node, [value]) => (value ? macro('to_unixtime', [withoutZone(value)], node) : undefined),
  // Instants, whatever zone one of them is shown in.
  date_diff: (node, [unit, from, to]) =>
    unit && from && to && isZoned(from) !== isZoned(to)
      ? { ...node, function_name: 'date_sub', children: [unit, withoutZone(from), withoutZone(to)] }
      : undefined,
  concat: (node, args) =>
    args.length < 2
      ? undefined
      : args
          .slice(1)
          .reduce(
            (left, right, at) => operator('||', [left, right], at === args.length - 2 ? node : { ...node, alias: '' }),
            args[0] as Tree,
          ),
  element_at: (node, args) =>
    args.length === 2
      ? {
          class: 'OPERATOR',
          type: 'ARRAY_EXTRACT',
          alias: text(node, 'alias'),
          query_location: node['query_location'] ?? 0,
          children: args,
        }
      : undefined,
  map_agg: (node, [key, value]) =>
    key && value
      ? macro(
          'map_of',
          [
            { ...node, alias: '', function_name: 'list', children: [key] },
            { ...node, alias: '', function_name: 'list', children: [value] },
          ],
          node,
        )
      : undefined,
  max_by: (node, args) => (args.length === 3 ? node : undefined),
  min_by: (node, args) => (args.length === 3 ? node : undefined),
  sequence: (node, args, aggregates) =>
    args.length === 3 && !args.every((arg) => typeKnown(arg, aggregates))
      ? call('generate_series', args, node)
      : macro('sequence', args, node),
  format: formatCall,
  greatest: strict,
  least: strict,
  any_match: matches('bool_or', false),
  all_match: matches('bool_and', false),
  none_match: matches('bool_or', true),
  reduce: (node, [list, start, step, finish]) =>
    list && start && step && finish ? finished(call('list_reduce', [list, step, start], node), finish, node) : undefined,
};

/** Functions of Trino that have neither a macro nor another name, but a rule. */
export const REWRITTEN: readonly string[] = Object.keys(RULES).filter((name) => /^\w+$/.test(name));

/** Whether the expression is an instant shown in a zone, by its form. */
const isZoned = (node: Tree): boolean => withoutZone(node) !== node;

/** The instant itself of one that is shown in a zone. */
export function withoutZone(node: Tree): Tree {
  if (isMacro(node, 'at_timezone'))
    return cast(children(node)[0] ?? node, { id: 'TIMESTAMP WITH TIME ZONE', type_info: null }, false, { alias: '' });
  const args = children(node);
  return isMacro(node, 'from_unixtime') && args.length === 2 ? { ...node, children: args.slice(0, 1) } : node;
}

/** `s -> s` */
function isIdentity(lambda: Tree): boolean {
  const [from, to] = [lambda['lhs'], lambda['expr']];
  return (
    isTree(from) &&
    isTree(to) &&
    from['class'] === 'COLUMN_REF' &&
    JSON.stringify(from['column_names']) === JSON.stringify(to['column_names'])
  );
}

/** What the last function of `reduce` makes of the state. */
const finished = (state: Tree, finish: Tree, like: Tree): Tree =>
  isIdentity(finish)
    ? state
    : call(
        'list_extract',
        [
          call('list_transform', [call('list_value', [{ ...state, alias: '' }], { alias: '' }), finish], { alias: '' }),
          constant(1, 'INTEGER'),
        ],
        like,
      );

/** The type of a lambda's parameter is not known when an overload is chosen: the plain form serves there. */
export function plainInLambda(node: Tree): Tree {
  const plain: Readonly<Record<string, string>> = {
    plus_days: '+',
    minus_days: '-',
    date_trunc: 'date_trunc',
    reverse: 'reverse',
    cardinality: 'len',
  };
  return rewrite(node, (part) => {
    const name = text(part, 'schema') === MACRO_SCHEMA ? plain[text(part, 'function_name')] : undefined;
    return name === undefined ? part : { ...part, function_name: name, schema: '', is_operator: name === '+' || name === '-' };
  }) as Tree;
}

export function functionCall(node: Tree, aggregates: ReadonlySet<string>): Tree {
  const schema = text(node, 'schema');
  if (schema !== '' && schema !== 'main') return node;
  const name = text(node, 'function_name').toLowerCase();
  const named = { ...node, function_name: name };
  const changed = Object.hasOwn(RULES, name) && node['class'] === 'FUNCTION' ? RULES[name]?.(named, children(node), aggregates) : undefined;
  if (changed) return changed;
  const renamed = Object.hasOwn(RENAMED, name) ? RENAMED[name] : undefined;
  if (renamed !== undefined && !(name === 'date_diff' && children(node).length !== 3))
    return { ...named, function_name: renamed, schema: '' };
  if (Object.hasOwn(MACROS, name) && !Object.hasOwn(RULES, name) && node['class'] === 'FUNCTION') return { ...named, schema: MACRO_SCHEMA };
  return node;
}
