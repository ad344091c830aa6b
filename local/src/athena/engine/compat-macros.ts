/**
 * Functions of Trino that DuckDB lacks or has with another meaning, as macros in the schema
 * `compat`. A statement's calls are led here by translate.ts; inside these bodies a name is
 * DuckDB's own unless it is written with `compat.`.
 *
 * What depends on an argument's type asks typeof, which is a constant once it is bound, or casts to
 * the argument's own type. Parameters have no types: of an aggregate DuckDB does not know the type
 * yet when it would choose by them.
 * Each is held against https://trino.io/docs/current/functions.html by the tests.
 */
export const COMPAT_MACROS = [
  // Dates and times: https://trino.io/docs/current/functions/datetime.html
  `amount_of(unit, n) AS CASE lower(unit)
     WHEN 'millisecond' THEN to_milliseconds(n) WHEN 'second' THEN to_seconds(n)
     WHEN 'minute' THEN to_minutes(n) WHEN 'hour' THEN to_hours(n)
     WHEN 'day' THEN to_days(CAST(n AS INTEGER)) WHEN 'week' THEN to_days(CAST(7 * n AS INTEGER))
     WHEN 'month' THEN to_months(CAST(n AS INTEGER)) WHEN 'quarter' THEN to_months(CAST(3 * n AS INTEGER))
     WHEN 'year' THEN to_months(CAST(12 * n AS INTEGER))
     ELSE error('INVALID_FUNCTION_ARGUMENT: ''' || unit || ''' is not a valid time unit') END`,
  `date_add(unit, n, x) AS cast_to_type(x + compat.amount_of(unit, n), x)`,
  `date_diff(unit, a, b) AS datesub(lower(unit), a, b)`,
  `date_trunc(unit, x) AS cast_to_type(date_trunc(lower(unit), x), x)`,
  `from_iso8601_timestamp(s) AS CAST(s AS TIMESTAMPTZ)`,
  `from_iso8601_date(s) AS CAST(s AS DATE)`,
  `from_unixtime(n) AS to_timestamp(CAST(n AS DOUBLE))`,
  `to_unixtime(x) AS epoch(x)`,
  `to_milliseconds(x) AS CAST(epoch(x) * 1000 AS BIGINT)`,
  `to_iso8601(x) AS CASE typeof(x) WHEN 'DATE' THEN strftime(CAST(x AS TIMESTAMP), '%Y-%m-%d')
     WHEN 'TIMESTAMP' THEN strftime(CAST(x AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%g')
     ELSE strftime(CAST(x AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%gZ') END`,
  `day_of_week(x) AS isodow(x)`,
  `dow(x) AS isodow(x)`,
  `day_of_month(x) AS day(x)`,
  `day_of_year(x) AS dayofyear(x)`,
  `doy(x) AS dayofyear(x)`,
  `week_of_year(x) AS week(x)`,
  `year_of_week(x) AS isoyear(x)`,
  `yow(x) AS isoyear(x)`,
  `millisecond(x) AS millisecond(x) % 1000`,
  `last_day_of_month(x) AS last_day(x)`,
  `date(x) AS CAST(x AS DATE)`,
  `current_timezone() AS 'UTC'`,
  // The session's zone is UTC, and a timestamp with a zone is shown in it.
  `at_timezone(x, zone) AS CASE WHEN upper(zone) IN ('UTC', 'GMT', 'Z', '+00:00', 'ETC/UTC')
     THEN CAST(x AS TIMESTAMPTZ)
     ELSE error('NOT_SUPPORTED: time zones other than UTC are not kept by the local Athena: shift with date_add') END`,
  `with_timezone(x, zone) AS compat.at_timezone(x, zone)`,

  // Text: https://trino.io/docs/current/functions/string.html
  `millis_text(s) AS regexp_extract(s, '^(.*?:\\d\\d)([.]\\d+)?([+-].*)?$', 1) || '.'
     || rpad(substr(regexp_extract(s, '[.](\\d+)', 1), 1, 3), 3, '0')
     || regexp_extract(s, ':\\d\\d(?:[.]\\d+)?([+-].*)$', 1)`,
  `double_text(s) AS CASE
     WHEN s IN ('nan', '-nan') THEN 'NaN' WHEN s = 'inf' THEN 'Infinity' WHEN s = '-inf' THEN '-Infinity'
     WHEN s LIKE '%e%' THEN
       regexp_replace(regexp_replace(s, '^(-?\\d)e', '\\1.0e'), 'e[+]?(-?)0*(\\d)', 'E\\1\\2')
     WHEN abs(CAST(s AS DOUBLE)) >= 1e7 THEN
       regexp_replace(regexp_replace(replace(s, '.', ''), '^(-?\\d)(\\d*?)0*$', '\\1.\\2'), '[.]$', '.0')
         || 'E' || (length(split_part(ltrim(s, '-'), '.', 1)) - 1)
     WHEN abs(CAST(s AS DOUBLE)) < 1e-3 AND CAST(s AS DOUBLE) <> 0 THEN
       regexp_replace(regexp_replace(s, '^(-?)0[.]0*(\\d)(\\d*)$', '\\1\\2.\\3'), '[.]$', '.0')
         || 'E-' || (length(regexp_extract(s, '[.](0*)', 1)) + 1)
     ELSE s END`,
  `to_varchar(x) AS CASE
       WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN compat.double_text(CAST(x AS VARCHAR))
       WHEN typeof(x) LIKE 'TIMESTAMP%ZONE' THEN
         regexp_replace(compat.millis_text(CAST(x AS VARCHAR)), '[+]00$', ' UTC')
       WHEN typeof(x) LIKE 'TIMESTAMP%' THEN compat.millis_text(CAST(x AS VARCHAR))
       WHEN typeof(x) = 'JSON' THEN json_extract_string(CAST(CAST(x AS VARCHAR) AS JSON), '$')
       ELSE CAST(x AS VARCHAR) END`,
  `cut_text(s, size) AS substr(s, 1, size)`,
  `split(s, delimiter) AS string_split(s, delimiter),
     (s, delimiter, most) AS CASE WHEN len(string_split(s, delimiter)) <= most THEN string_split(s, delimiter)
       ELSE list_append(string_split(s, delimiter)[1:most - 1],
         array_to_string(string_split(s, delimiter)[most:], delimiter)) END`,
  `split_part(s, delimiter, i) AS string_split(s, delimiter)[i]`,
  `split_to_map(s, entries, pairs) AS map_from_entries(list_transform(string_split(s, entries),
     lambda e: (split_part(e, pairs, 1), substr(e, strpos(e, pairs) + length(pairs)))))`,
  `reverse(x) AS reverse(x)`,
  `replace(s, found) AS replace(s, found, ''), (s, found, by_) AS replace(s, found, by_)`,
  `substr(s, start) AS CASE WHEN start = 0 THEN '' ELSE substr(s, start) END,
     (s, start, size) AS CASE WHEN start = 0 THEN '' ELSE substr(s, start, size) END`,
  `substring(s, start) AS compat.substr(s, start), (s, start, size) AS compat.substr(s, start, size)`,
  `codepoint(s) AS unicode(s)`,
  `levenshtein_distance(a, b) AS levenshtein(a, b)`,
  `hamming_distance(a, b) AS hamming(a, b)`,
  `normalize(s) AS nfc_normalize(s)`,
  `to_utf8(s) AS encode(s)`,
  `from_utf8(b) AS decode(b)`,
  `length(x) AS CASE typeof(x) WHEN 'BLOB' THEN octet_length(CAST(x AS BLOB)) ELSE length(CAST(x AS VARCHAR)) END`,

  // Bytes: https://trino.io/docs/current/functions/binary.html
  `to_hex(b) AS hex(CAST(b AS BLOB))`,
  `from_hex(s) AS unhex(s)`,
  `md5(b) AS unhex(md5(CAST(b AS BLOB)))`,
  `sha1(b) AS unhex(sha1(CAST(b AS BLOB)))`,
  `sha256(b) AS unhex(sha256(CAST(b AS BLOB)))`,
  `to_base64url(b) AS translate(to_base64(CAST(b AS BLOB)), '+/', '-_')`,
  `from_base64url(s) AS from_base64(translate(s, '-_', '+/'))`,

  // Regular expressions: https://trino.io/docs/current/functions/regexp.html
  `regexp_like(s, pattern) AS regexp_matches(s, pattern)`,
  `regexp_extract(s, pattern) AS CASE WHEN regexp_matches(s, pattern) THEN regexp_extract(s, pattern) END,
     (s, pattern, g) AS CASE WHEN regexp_matches(s, pattern) THEN regexp_extract(s, pattern, g) END`,
  `regexp_replace(s, pattern) AS regexp_replace(s, pattern, '', 'g'),
     (s, pattern, by_) AS regexp_replace(s, pattern,
       regexp_replace(replace(by_, '\\', '\\\\'), '\\$(\\d)', '\\\\\\1', 'g'), 'g')`,
  `regexp_split(s, pattern) AS string_split_regex(s, pattern)`,
  `regexp_count(s, pattern) AS len(regexp_extract_all(s, pattern))`,

  // Numbers: https://trino.io/docs/current/functions/math.html
  `divide(a, b) AS CASE
     WHEN (typeof(a) LIKE 'DECIMAL%' OR typeof(b) LIKE 'DECIMAL%') AND typeof(a) NOT IN ('DOUBLE', 'FLOAT') AND typeof(b) NOT IN ('DOUBLE', 'FLOAT')
       THEN error('NOT_SUPPORTED: a quotient of decimals is a decimal on Athena and a double here: cast to double before dividing')
     WHEN typeof(a) NOT IN ('DOUBLE', 'FLOAT') AND typeof(b) NOT IN ('DOUBLE', 'FLOAT') AND b = 0
       THEN error('DIVISION_BY_ZERO: Division by zero')
     WHEN b = 0 THEN cast_to_type(CASE WHEN a > 0 THEN 'Infinity' WHEN a < 0 THEN '-Infinity' WHEN a = 0 THEN 'NaN' END, a / b)
     ELSE a / b END`,
  `modulo(a, b) AS CASE
     WHEN typeof(a) NOT IN ('DOUBLE', 'FLOAT') AND typeof(b) NOT IN ('DOUBLE', 'FLOAT') AND b = 0
       THEN error('DIVISION_BY_ZERO: Division by zero')
     ELSE a % b END`,
  // A date and an interval make a date.
  `plus_interval(x, i) AS cast_to_type(x + i, x)`,
  `minus_interval(x, i) AS cast_to_type(x - i, x)`,
  `averaged(x) AS CASE WHEN typeof(x) LIKE 'DECIMAL%' THEN
     error('NOT_SUPPORTED: avg of a decimal is a decimal on Athena and a double here: cast to double first')
     ELSE x END`,
  // Casts of a double round half away from zero, DuckDB's half to even.
  `to_integral(x) AS CASE WHEN typeof(x) IN ('DOUBLE', 'FLOAT') THEN round(CAST(x AS DOUBLE)) ELSE x END`,
  `ceil(x) AS cast_to_type(ceil(x), round(x))`,
  `ceiling(x) AS cast_to_type(ceil(x), round(x))`,
  `floor(x) AS cast_to_type(floor(x), round(x))`,
  `truncate(x) AS trunc(x), (x, n) AS trunc(x * power(10, n)) / CAST(power(10, n) AS DOUBLE)`,
  `e() AS exp(1.0)`,
  `infinity() AS CAST('Infinity' AS DOUBLE)`,
  `nan() AS CAST('NaN' AS DOUBLE)`,
  `is_nan(x) AS isnan(x)`,
  `is_finite(x) AS isfinite(x)`,
  `is_infinite(x) AS isinf(x)`,
  `rand() AS random(), (n) AS CAST(floor(random() * n) AS BIGINT),
     (low, high) AS CAST(low + floor(random() * (high - low)) AS BIGINT)`,
  `random() AS random(), (n) AS CAST(floor(random() * n) AS BIGINT),
     (low, high) AS CAST(low + floor(random() * (high - low)) AS BIGINT)`,
  `log(b, x) AS ln(x) / ln(b)`,
  `width_bucket(x, bins) AS CAST(len(list_filter(bins, lambda bin: bin <= x)) AS BIGINT),
     (x, low, high, n) AS CASE WHEN x < low THEN 0 WHEN x >= high THEN n + 1
       ELSE CAST(floor((x - low) * CAST(n AS DOUBLE) / (high - low)) AS BIGINT) + 1 END`,
  `bitwise_and(a, b) AS CAST(a & b AS BIGINT)`,
  `bitwise_or(a, b) AS CAST(a | b AS BIGINT)`,
  `bitwise_xor(a, b) AS CAST(xor(a, b) AS BIGINT)`,
  `bitwise_not(a) AS CAST(~a AS BIGINT)`,
  `bitwise_left_shift(a, n) AS a << n`,
  `bitwise_right_shift(a, n) AS a >> n`,
  `bit_count(x, bits) AS CAST(bit_count(CAST(x AS BIGINT)) - CASE WHEN x < 0 THEN 64 - bits ELSE 0 END AS BIGINT)`,
  `to_base(x, radix) AS lower(to_base(x, radix))`,

  // Arrays: https://trino.io/docs/current/functions/array.html
  `cardinality(x) AS CASE WHEN typeof(x) LIKE 'MAP%' THEN CAST(len(json_keys(to_json(x))) AS BIGINT)
     ELSE CAST(json_array_length(to_json(x)) AS BIGINT) END`,
  `element_at(x, i) AS x[i]`,
  `sequence(a, b) AS list_transform(
       generate_series(0, CAST(b - a AS BIGINT), CASE WHEN b < a THEN -1 ELSE 1 END), lambda n: a + CAST(n AS INTEGER)),
     (a, b, step) AS cast_to_type(generate_series(a, b, step), [a])`,
  `contains(x, e) AS CASE WHEN x IS NULL OR e IS NULL THEN NULL WHEN list_contains(x, e) THEN true
     WHEN len(list_filter(x, lambda i: i IS NULL)) > 0 THEN NULL ELSE false END`,
  `array_join(x, delimiter) AS array_to_string(list_transform(x, lambda e: compat.to_varchar(e)), delimiter),
     (x, delimiter, missing) AS array_to_string(list_transform(x, lambda e: coalesce(compat.to_varchar(e), missing)), delimiter)`,
  `array_distinct(x) AS list_filter(x, lambda e, i: i = list_position(x, e))`,
  `array_sort(x) AS list_sort(x, 'ASC', 'NULLS LAST')`,
  `array_max(x) AS CASE WHEN len(x) = list_count(x) THEN list_max(x) END`,
  `array_min(x) AS CASE WHEN len(x) = list_count(x) THEN list_min(x) END`,
  `array_position(x, e) AS CASE WHEN x IS NULL OR e IS NULL THEN NULL
     ELSE CAST(coalesce(list_position(x, e), 0) AS BIGINT) END`,
  `array_remove(x, e) AS list_filter(x, lambda i: i IS DISTINCT FROM e)`,
  `array_intersect(a, b) AS compat.array_distinct(list_filter(a, lambda e: list_position(b, e) IS NOT NULL))`,
  `array_except(a, b) AS compat.array_distinct(list_filter(a, lambda e: list_position(b, e) IS NULL))`,
  `array_union(a, b) AS compat.array_distinct(a || b)`,
  `arrays_overlap(a, b) AS list_has_any(a, b)`,
  `slice(x, start, size) AS CASE WHEN start < 0 THEN x[len(x) + start + 1:len(x) + start + size]
     ELSE x[start:start + size - 1] END`,
  `trim_array(x, n) AS x[1:len(x) - n]`,
  `repeat(x, n) AS list_transform(range(n), lambda i: x)`,
  `zip(a, b) AS list_zip(a, b), (a, b, c) AS list_zip(a, b, c)`,
  `any_true(x) AS CASE WHEN x IS NULL THEN NULL WHEN list_contains(x, true) THEN true
     WHEN len(x) > list_count(x) THEN NULL ELSE false END`,
  `all_true(x) AS CASE WHEN x IS NULL THEN NULL WHEN list_contains(x, false) THEN false
     WHEN len(x) > list_count(x) THEN NULL ELSE true END`,

  // JSON: https://trino.io/docs/current/functions/json.html
  `json_path(path) AS regexp_replace(path, '\\["([^"]*)"\\]', '."\\1"', 'g')`,
  `json_extract(j, path) AS CASE WHEN json_valid(CAST(j AS VARCHAR)) THEN
     json_extract(CAST(j AS JSON), compat.json_path(path)) END`,
  `json_extract_scalar(j, path) AS CASE WHEN NOT json_valid(CAST(j AS VARCHAR)) THEN NULL
     WHEN json_type(CAST(j AS JSON), compat.json_path(path)) IN ('OBJECT', 'ARRAY') THEN NULL
     ELSE json_extract_string(CAST(j AS JSON), compat.json_path(path)) END`,
  `cast_json(x) AS to_json(x)`,
  `json_parse(s) AS CAST(json(s) AS JSON)`,
  `json_format(j) AS CAST(json(j) AS VARCHAR)`,
  `json_array_length(j) AS CASE WHEN json_type(CAST(j AS JSON)) = 'ARRAY' THEN CAST(json_array_length(CAST(j AS JSON)) AS BIGINT) END`,
  `json_array_get(j, i) AS json_extract(CAST(j AS JSON), CAST(i AS BIGINT))`,
  `json_array_contains(j, e) AS json_contains(CAST(j AS JSON), to_json(e))`,
  `json_size(j, path) AS CASE json_type(CAST(j AS JSON), compat.json_path(path))
     WHEN 'OBJECT' THEN CAST(len(json_keys(CAST(j AS JSON), compat.json_path(path))) AS BIGINT)
     WHEN 'ARRAY' THEN CAST(json_array_length(CAST(j AS JSON), compat.json_path(path)) AS BIGINT)
     WHEN NULL THEN NULL ELSE 0 END`,
  `is_json_scalar(j) AS json_type(CAST(j AS JSON)) NOT IN ('OBJECT', 'ARRAY')`,

  // URLs: https://trino.io/docs/current/functions/url.html
  `url_part(u, i) AS nullif(regexp_extract(u, '^(?:([^:/?#]+):)?(?://([^/?#:]*)(?::(\\d+))?)?([^?#]*)(?:[?]([^#]*))?(?:#(.*))?$', i), '')`,
  `url_extract_protocol(u) AS compat.url_part(u, 1)`,
  `url_extract_host(u) AS compat.url_part(u, 2)`,
  `url_extract_port(u) AS CAST(compat.url_part(u, 3) AS BIGINT)`,
  `url_extract_path(u) AS coalesce(compat.url_part(u, 4), '')`,
  `url_extract_query(u) AS compat.url_part(u, 5)`,
  `url_extract_fragment(u) AS compat.url_part(u, 6)`,
  `url_extract_parameter(u, name) AS list_extract(list_transform(list_filter(
     string_split(coalesce(compat.url_part(u, 5), ''), '&'), lambda p: split_part(p, '=', 1) = name),
     lambda p: url_decode(replace(split_part(p, '=', 2), '+', ' '))), 1)`,
  `url_encode(s) AS replace(url_encode(s), '%20', '+')`,
  `url_decode(s) AS url_decode(replace(s, '+', ' '))`,

  `scalar_name(t) AS CASE t WHEN 'TIMESTAMP' THEN 'timestamp(3)'
     WHEN 'TIMESTAMP WITH TIME ZONE' THEN 'timestamp(3) with time zone'
     WHEN 'FLOAT' THEN 'real' WHEN 'BLOB' THEN 'varbinary' WHEN 'HUGEINT' THEN 'bigint'
     WHEN '"NULL"' THEN 'unknown' ELSE lower(t) END`,
  `type_name(t) AS CASE
     WHEN t LIKE '%[]' THEN 'array(' || compat.scalar_name(t[1:-3]) || ')' ELSE compat.scalar_name(t) END`,
  `typeof(x) AS compat.type_name(typeof(x))`,
];

/** The names of the macros that a statement may call. */
export const COMPAT_NAMES: ReadonlySet<string> = new Set(
  COMPAT_MACROS.map((macro) => macro.slice(0, macro.indexOf('('))),
);
