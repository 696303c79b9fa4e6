/**
 * Trino functions that DuckDB lacks or answers otherwise, as macros of schema `trino`. A statement's calls are pointed
 * at them by `compat.ts`, so DuckDB's own functions of the same name stay as they are for everything else.
 * Overloads by type only serve arguments without aggregates, whose types are known when a macro is chosen.
 */
export const MACRO_SCHEMA = 'trino';

/** Java's replacement syntax in RE2's: `$1` is `\\1`. */
const replacement = (r: string) => `regexp_replace(replace(${r}, '\\', '\\\\'), '\\$(\\d)', '\\\\\\1', 'g')`;
const jsonPath = (p: string) => `CAST(${p} AS VARCHAR)`;

export const MACROS: Readonly<Record<string, string>> = {
  from_unixtime: `(x) AS to_timestamp(x), (x, zone) AS timezone(zone, to_timestamp(x))`,
  at_timezone: `(x, zone) AS timezone(zone, CAST(x AS TIMESTAMPTZ))`,
  to_unixtime: `(x) AS epoch(x)`,
  date_trunc: `(unit, x) AS date_trunc(unit, x), (unit, x DATE) AS CAST(date_trunc(unit, x) AS DATE)`,
  plus_days: `(x, i) AS x + i, (x DATE, i INTERVAL) AS CAST(x + i AS DATE)`,
  minus_days: `(x, i) AS x - i, (x DATE, i INTERVAL) AS CAST(x - i AS DATE)`,
  last_day_of_month: `(x) AS last_day(x)`,
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

  substr: `(s, a) AS CASE WHEN a = 0 OR a < -length(s) THEN '' ELSE substr(s, a) END, (s, a, n) AS CASE WHEN a = 0 OR a < -length(s) OR n <= 0 THEN '' ELSE substr(s, a, n) END`,
  replace: `(s, a) AS replace(s, a, ''), (s, a, b) AS replace(s, a, b)`,
  strpos: `(s, p) AS strpos(s, p), (s, p, n) AS CASE WHEN len(string_split(s, p)) <= n THEN 0 ELSE length(array_to_string(string_split(s, p)[1:n], p)) + 1 END`,
  split: `(s, p) AS string_split(s, p), (s, p, n) AS list_concat(string_split(s, p)[1:n - 1], CASE WHEN len(string_split(s, p)) >= n THEN [array_to_string(string_split(s, p)[n:], p)] ELSE [] END)`,
  split_part: `(s, p, n) AS string_split(s, p)[n]`,
  codepoint: `(s) AS unicode(s)`,
  to_utf8: `(s) AS encode(s)`,
  from_utf8: `(b) AS decode(b)`,
  hamming_distance: `(a, b) AS hamming(a, b)`,
  md5: `(x) AS unhex(md5(x))`,
  sha256: `(x) AS unhex(sha256(x))`,
  to_hex: `(x) AS hex(x)`,
  url_extract_protocol: `(u) AS nullif(regexp_extract(u, '^([^:/?#]+):', 1), '')`,
  url_extract_host: `(u) AS nullif(regexp_extract(u, '^[^:/?#]+://(?:[^@/?#]*@)?([^:/?#]*)', 1), '')`,
  url_extract_path: `(u) AS regexp_extract(u, '^[^:/?#]+://[^/?#]*([^?#]*)', 1)`,
  url_extract_query: `(u) AS nullif(regexp_extract(u, '[?]([^#]*)', 1), '')`,

  regexp_like: `(s, p) AS regexp_matches(s, p)`,
  regexp_extract: `(s, p) AS list_extract(regexp_extract_all(s, p), 1), (s, p, g) AS nullif(list_extract(regexp_extract_all(s, p, g), 1), '')`,
  regexp_replace: `(s, p) AS regexp_replace(s, p, '', 'g'), (s, p, r) AS regexp_replace(s, p, ${replacement('r')}, 'g')`,
  regexp_split: `(s, p) AS regexp_split_to_array(s, p)`,
  regexp_count: `(s, p) AS len(regexp_extract_all(s, p))`,
  regexp_position: `(s, p) AS CASE WHEN regexp_matches(s, p) THEN length(regexp_split_to_array(s, p)[1]) + 1 ELSE -1 END`,

  json_parse: `(x) AS json(x)`,
  json_format: `(x) AS CAST(x AS VARCHAR)`,
  json_extract: `(x, p) AS json_extract(x, ${jsonPath('p')})`,
  json_extract_scalar: `(x, p) AS CASE WHEN json_type(x, ${jsonPath('p')}) NOT IN ('ARRAY', 'OBJECT') THEN json_extract_string(x, ${jsonPath('p')}) END`,
  json_size: `(x, p) AS CASE json_type(x, ${jsonPath('p')}) WHEN 'OBJECT' THEN len(json_keys(x, ${jsonPath('p')})) WHEN 'ARRAY' THEN json_array_length(x, ${jsonPath('p')}) ELSE 0 END`,
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
  array_remove: `(x, v) AS list_filter(x, lambda e: e <> v)`,
  arrays_overlap: `(x, y) AS list_has_any(x, y)`,
  sequence: `(a, b) AS generate_series(a, b), (a, b, s) AS generate_series(a, b, s)`,
  slice: `(x, a, n) AS array_slice(x, a, a + n - 1)`,
  repeat: `(x, n) AS list_transform(range(n), lambda i: x)`,
  map_agg: `(k, v) AS map(list(k), list(v))`,

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

/** Trino names of functions that DuckDB has under another name and that take the same arguments; aggregates too. */
export const RENAMED: Readonly<Record<string, string>> = {
  approx_distinct: 'approx_count_distinct',
  approx_percentile: 'approx_quantile',
  arbitrary: 'any_value',
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
