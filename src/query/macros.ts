/**
 * Trino functions that DuckDB lacks or answers otherwise, as macros of schema `trino`. A statement's calls are pointed
 * at them by `compat.ts`, so DuckDB's own functions of the same name stay as they are for everything else.
 * Overloads by type only serve arguments without aggregates, whose types are known when a macro is chosen.
 */
export const MACRO_SCHEMA = 'trino';

/** Java's replacement syntax in RE2's: `$1` is `\\1`. */
const replacement = (r: string) => `regexp_replace(replace(${r}, '\\', '\\\\'), '\\$(\\d)', '\\\\\\1', 'g')`;
/** `$["a"]` is `$."a"`. */
const jsonPath = (p: string) => `regexp_replace(CAST(${p} AS VARCHAR), '\\["([^"\\]]*)"\\]', '."\\1"', 'g')`;
/** What is not JSON has nothing in it. */
const ofJson = (x: string, value: string) => `CASE WHEN json_valid(${x}) THEN ${value} END`;
/** Counted from the end where `a` is negative; nothing where it lies outside. */
const SUBSTR = `(s, a) AS CASE WHEN a = 0 OR a < -length(s) THEN '' ELSE substr(s, a) END, (s, a, n) AS CASE WHEN a = 0 OR a < -length(s) OR n <= 0 THEN '' ELSE substr(s, a, n) END`;
/** As many entries as Trino lets a function make: more would fill the memory of whoever runs it. */
const MOST_ENTRIES = 10_000;
const entries = (name: string, count: string, list: string) =>
  `CASE WHEN ${count} > ${MOST_ENTRIES} THEN error('${name} makes at most ${MOST_ENTRIES} entries') ELSE ${list} END`;

const SPAN = `(a DATE, b DATE, s INTERVAL) AS ${entries('sequence', 'abs(b - a) * 86400 / greatest(1, abs(epoch(s))) + 1', 'list_transform(generate_series(a, b, s), lambda d: CAST(d AS DATE))')}`;
const DAYS = entries(
  'sequence',
  'abs(b - a) + 1',
  "list_transform(generate_series(a, b, CASE WHEN b < a THEN INTERVAL '-1 day' ELSE INTERVAL '1 day' END), lambda d: CAST(d AS DATE))",
);

export const MACROS: Readonly<Record<string, string>> = {
  from_unixtime: `(x) AS to_timestamp(x), (x, zone) AS timezone(zone, to_timestamp(x))`,
  at_timezone: `(x, zone) AS timezone(zone, CAST(x AS TIMESTAMPTZ))`,
  to_unixtime: `(x) AS epoch(x)`,
  date_trunc: `(unit, x) AS date_trunc(unit, x), (unit, x DATE) AS CAST(date_trunc(unit, x) AS DATE)`,
  last_day_of_month: `(x) AS last_day(x)`,
  with_timezone: `(x, zone) AS timezone(zone, CAST(x AS TIMESTAMP))`,
  millisecond: `(x) AS millisecond(x) % 1000`,
  day_of_week: `(x) AS isodow(x)`,
  dow: `(x) AS isodow(x)`,
  day_of_month: `(x) AS day(x)`,
  day_of_year: `(x) AS dayofyear(x)`,
  doy: `(x) AS dayofyear(x)`,
  week_of_year: `(x) AS week(x)`,
  year_of_week: `(x) AS isoyear(x)`,
  yow: `(x) AS isoyear(x)`,
  from_iso8601_timestamp: `(x) AS CAST(x AS TIMESTAMPTZ)`,
  from_iso8601_date: `(x) AS CAST(x AS DATE)`,
  to_iso8601: `(x) AS CASE WHEN typeof(x) = 'DATE' THEN strftime(x, '%Y-%m-%d') WHEN typeof(x) = 'TIMESTAMP WITH TIME ZONE' THEN strftime(CAST(x AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%gZ') ELSE strftime(x, '%Y-%m-%dT%H:%M:%S.%g') END`,

  substr: SUBSTR,
  substring: SUBSTR,
  replace: `(s, a) AS replace(s, a, ''), (s, a, b) AS replace(s, a, b)`,
  strpos: `(s, p) AS strpos(s, p), (s, p, n) AS CASE WHEN len(string_split(s, p)) <= n THEN 0 ELSE length(array_to_string(string_split(s, p)[1:n], p)) + 1 END`,
  split: `(s, p) AS string_split(s, p), (s, p, n) AS list_concat(string_split(s, p)[1:n - 1], CASE WHEN len(string_split(s, p)) >= n THEN [array_to_string(string_split(s, p)[n:], p)] ELSE [] END)`,
  split_part: `(s, p, n) AS string_split(s, p)[n]`,
  codepoint: `(s) AS unicode(s)`,
  to_utf8: `(s) AS encode(s)`,
  from_utf8: `(b) AS decode(b)`,
  hamming_distance: `(a, b) AS hamming(a, b)`,
  md5: `(x) AS unhex(md5(x))`,
  sha1: `(x) AS unhex(sha1(x))`,
  sha256: `(x) AS unhex(sha256(x))`,
  to_hex: `(x) AS hex(x)`,
  url_extract_protocol: `(u) AS nullif(regexp_extract(u, '^([^:/?#]+):', 1), '')`,
  url_extract_host: `(u) AS nullif(regexp_extract(u, '^[^:/?#]+://(?:[^@/?#]*@)?([^:/?#]*)', 1), '')`,
  url_extract_path: `(u) AS regexp_extract(u, '^[^:/?#]+://[^/?#]*([^?#]*)', 1)`,
  url_extract_parameter: `(u, k) AS list_extract(list_transform(list_filter(string_split(regexp_extract(u, '[?]([^#]*)', 1), '&'), lambda e: string_split(e, '=')[1] = k), lambda e: url_decode(replace(substr(e, length(k) + 2), '+', ' '))), 1)`,
  url_encode: `(x) AS replace(url_encode(x), '%20', '+')`,
  url_decode: `(x) AS url_decode(replace(x, '+', ' '))`,
  url_extract_query: `(u) AS nullif(regexp_extract(u, '[?]([^#]*)', 1), '')`,

  regexp_like: `(s, p) AS regexp_matches(s, p)`,
  regexp_extract: `(s, p) AS list_extract(regexp_extract_all(s, p), 1), (s, p, g) AS nullif(list_extract(regexp_extract_all(s, p, g), 1), '')`,
  regexp_replace: `(s, p) AS regexp_replace(s, p, '', 'g'), (s, p, r) AS regexp_replace(s, p, ${replacement('r')}, 'g')`,
  regexp_split: `(s, p) AS regexp_split_to_array(s, p)`,
  regexp_count: `(s, p) AS len(regexp_extract_all(s, p))`,
  regexp_position: `(s, p) AS CASE WHEN regexp_matches(s, p) THEN length(regexp_split_to_array(s, p)[1]) + 1 ELSE -1 END`,

  json_parse: `(x) AS json(x)`,
  json_format: `(x) AS CAST(x AS VARCHAR)`,
  json_extract: `(x, p) AS ${ofJson('x', `json_extract(x, ${jsonPath('p')})`)}`,
  json_extract_scalar: `(x, p) AS ${ofJson('x', `CASE WHEN json_type(x, ${jsonPath('p')}) NOT IN ('ARRAY', 'OBJECT') THEN json_extract_string(x, ${jsonPath('p')}) END`)}`,
  json_size: `(x, p) AS ${ofJson('x', `CASE json_type(x, ${jsonPath('p')}) WHEN 'OBJECT' THEN len(json_keys(x, ${jsonPath('p')})) WHEN 'ARRAY' THEN json_array_length(x, ${jsonPath('p')}) ELSE CASE WHEN json_exists(x, ${jsonPath('p')}) THEN 0 END END`)}`,
  json_array_length: `(x) AS ${ofJson('x', `CASE WHEN json_type(x) = 'ARRAY' THEN json_array_length(x) END`)}`,
  is_json_scalar: `(x) AS json_type(x) NOT IN ('ARRAY', 'OBJECT')`,
  json_array_contains: `(x, v) AS list_contains(json_extract_string(x, '$[*]'), CAST(v AS VARCHAR))`,

  cardinality: `(x) AS len(x), (x MAP(VARCHAR, VARCHAR)) AS cardinality(x)`,
  reverse: `(x) AS list_reverse(x), (x VARCHAR) AS reverse(x)`,
  array_join: `(x, s) AS array_to_string(x, s), (x, s, n) AS array_to_string(list_transform(x, lambda e: coalesce(CAST(e AS VARCHAR), n)), s)`,
  array_max: `(x) AS list_max(x)`,
  array_min: `(x) AS list_min(x)`,
  array_position: `(x, v) AS coalesce(list_position(x, v), CASE WHEN x IS NOT NULL THEN 0 END)`,
  array_sort: `(x) AS list_sort(x, 'ASC', 'NULLS LAST')`,
  array_union: `(x, y) AS list_distinct(list_concat(x, y))`,
  array_except: `(x, y) AS list_distinct(list_filter(x, lambda e: NOT list_contains(y, e)))`,
  array_remove: `(x, v) AS list_filter(x, lambda e: e IS DISTINCT FROM v)`,
  arrays_overlap: `(x, y) AS list_has_any(x, y)`,
  sequence: `(a, b) AS ${entries('sequence', 'abs(b - a) + 1', 'generate_series(a, b, CASE WHEN b < a THEN -1 ELSE 1 END)')}, (a DATE, b DATE) AS ${DAYS}, (a BIGINT, b BIGINT, s BIGINT) AS ${entries('sequence', 'abs((b - a) // s) + 1', 'generate_series(a, b, s)')}, (a, b, s) AS generate_series(a, b, s), ${SPAN}`,
  slice: `(x, a, n) AS array_slice(x, a, a + n - 1)`,
  repeat: `(x, n) AS ${entries('repeat', 'n', 'list_transform(range(n), lambda i: x)')}`,
  split_to_map: `(s, p, q) AS map_from_entries(list_transform(string_split(s, p), lambda e: {'k': string_split(e, q)[1], 'v': string_split(e, q)[2]}))`,

  width_bucket: `(x, a, b, n) AS CASE WHEN x < a THEN 0 WHEN x >= b THEN n + 1 ELSE CAST(floor(CAST(x - a AS DOUBLE) / (b - a) * n) AS BIGINT) + 1 END`,
  truncate: `(x) AS trunc(x)`,
  is_nan: `(x) AS isnan(x)`,
  nan: `() AS CAST('NaN' AS DOUBLE)`,
  infinity: `() AS CAST('Infinity' AS DOUBLE)`,
  e: `() AS exp(1.0)`,
  bitwise_and: `(a, b) AS a & b`,
  bitwise_or: `(a, b) AS a | b`,
  bitwise_xor: `(a, b) AS xor(a, b)`,
  from_base: `(s, b) AS CASE b WHEN 16 THEN CAST('0x' || s AS BIGINT) WHEN 10 THEN CAST(s AS BIGINT) WHEN 2 THEN CAST('0b' || s AS BIGINT) END`,
  to_base: `(x, b) AS lower(to_base(x, b))`,
};

/** What rules put in place of operators and of other functions; no statement calls them by name. */
export const HELPERS: Readonly<Record<string, string>> = {
  plus_days: `(x, i) AS x + i, (x DATE, i INTERVAL) AS CAST(x + i AS DATE)`,
  minus_days: `(x, i) AS x - i, (x DATE, i INTERVAL) AS CAST(x - i AS DATE)`,
  map_of: `(ks, vs) AS CASE WHEN len(list_distinct(ks)) = len(ks) THEN map(ks, vs) ELSE map(list_distinct(ks), list_transform(list_distinct(ks), lambda k: list_extract(vs, list_position(ks, k)))) END`,
};

/** Trino names of functions that DuckDB has under another name and that take the same arguments; aggregates too. */
export const RENAMED: Readonly<Record<string, string>> = {
  approx_distinct: 'approx_count_distinct',
  approx_percentile: 'approx_quantile',
  arbitrary: 'any_value',
  max_by: 'arg_max_null',
  min_by: 'arg_min_null',
  every: 'bool_and',
  geometric_mean: 'geomean',
  transform: 'list_transform',
  filter: 'list_filter',
  array_distinct: 'list_distinct',
  array_intersect: 'list_intersect',
  date_diff: 'date_sub',
  levenshtein_distance: 'levenshtein',
  normalize: 'nfc_normalize',
};
