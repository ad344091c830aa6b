import { openCompatSession, type CompatSession } from '../../../src/athena/engine/compat-session';

let session: CompatSession;
beforeAll(async () => {
  session = await openCompatSession();
});
afterAll(() => session.close());

async function valueOf(expression: string): Promise<string | null | undefined> {
  return (await session.query(`SELECT ${expression}`)).rows[0]?.[0];
}

/** Expression, its value as Athena renders it. */
type Case = [expression: string, expected: string | null];

// https://trino.io/docs/current/functions/datetime.html
const DATETIME: Case[] = [
  [`date_parse('2022/10/20/05', '%Y/%m/%d/%H')`, '2022-10-20 05:00:00.000'],
  [`date_parse('2025-1-2 3:04:05', '%Y-%c-%e %k:%i:%s')`, '2025-01-02 03:04:05.000'],
  [`date_format(TIMESTAMP '2022-10-20 05:10:00', '%m-%d-%Y %H')`, '10-20-2022 05'],
  [
    `date_format(TIMESTAMP '2022-01-02 15:04:05.678', '%a %b %c %e %k %l %M %p %W %j')`,
    'Sun Jan 1 2 15 3 January PM Sunday 002',
  ],
  [
    `date_format(TIMESTAMP '2022-01-02 15:04:05', '%i:%s %% %T %r')`,
    '04:05 % 15:04:05 03:04:05 PM',
  ],
  [`date_format(TIMESTAMP '2022-01-02 00:00:00', '%x-%v')`, '2021-52'],
  [`date_format(DATE '2022-01-02', '%Y%m%d')`, '20220102'],
  [`date_add('second', 86, TIMESTAMP '2020-03-01 00:00:00')`, '2020-03-01 00:01:26.000'],
  [`date_add('hour', 9, TIMESTAMP '2020-03-01 00:00:00')`, '2020-03-01 09:00:00.000'],
  [`date_add('day', -1, TIMESTAMP '2020-03-01 00:00:00')`, '2020-02-29 00:00:00.000'],
  [`date_add('month', 1, DATE '2020-01-31')`, '2020-02-29'],
  [`date_add('quarter', 1, DATE '2020-01-31')`, '2020-04-30'],
  [
    `date_diff('second', TIMESTAMP '2020-03-01 00:00:00', TIMESTAMP '2020-03-02 00:00:00')`,
    '86400',
  ],
  [`date_diff('hour', TIMESTAMP '2020-03-01 00:00:00', TIMESTAMP '2020-03-02 00:00:00')`, '24'],
  [`date_diff('day', DATE '2020-03-01', DATE '2020-03-02')`, '1'],
  [`date_diff('day', TIMESTAMP '2020-03-01 23:00:00', TIMESTAMP '2020-03-02 01:00:00')`, '0'],
  [`date_diff('month', DATE '2020-01-31', DATE '2020-02-29')`, '1'],
  [`date_trunc('month', TIMESTAMP '2001-08-22 03:04:05.321')`, '2001-08-01 00:00:00.000'],
  [`date_trunc('week', TIMESTAMP '2001-08-22 03:04:05.321')`, '2001-08-20 00:00:00.000'],
  [`date_trunc('year', DATE '2001-08-22')`, '2001-01-01'],
  [`from_iso8601_timestamp('2020-05-11T11:15:05')`, '2020-05-11 11:15:05.000 UTC'],
  [`from_iso8601_timestamp('2020-05-11T11:15:05.055+01:00')`, '2020-05-11 10:15:05.055 UTC'],
  [`from_iso8601_date('2020-05-11')`, '2020-05-11'],
  [`from_unixtime(1589195705)`, '2020-05-11 11:15:05.000 UTC'],
  [`to_unixtime(TIMESTAMP '2020-05-11 11:15:05')`, '1.589195705E9'],
  [`to_iso8601(DATE '2020-05-11')`, '2020-05-11'],
  [`date(TIMESTAMP '2020-05-11 11:15:05')`, '2020-05-11'],
  [`last_day_of_month(DATE '2020-02-11')`, '2020-02-29'],
  [`day_of_week(DATE '2020-01-05')`, '7'],
  [`dow(DATE '2020-01-06')`, '1'],
  [`day_of_year(DATE '2020-02-01')`, '32'],
  [`day_of_month(DATE '2020-02-01')`, '1'],
  [`week(DATE '2021-01-03')`, '53'],
  [`year_of_week(DATE '2021-01-03')`, '2020'],
  [`millisecond(TIMESTAMP '2020-01-01 00:00:05.678')`, '678'],
  [`EXTRACT(YEAR FROM DATE '2022-10-20')`, '2022'],
  [`DATE '2020-01-31' + INTERVAL '1' MONTH`, '2020-02-29'],
  [`DATE '2020-01-31' - INTERVAL '7' DAY`, '2020-01-24'],
  [`TIMESTAMP '2012-08-08 01:00' - INTERVAL '3' HOUR`, '2012-08-07 22:00:00.000'],
  [`TIMESTAMP '2012-08-08 01:00' - TIMESTAMP '2012-08-07 00:00'`, '1 01:00:00.000'],
  [`TIMESTAMP '2020-01-01 00:00:00' AT TIME ZONE 'UTC'`, '2020-01-01 00:00:00.000 UTC'],
  [`format_datetime(TIMESTAMP '2022-10-20 05:10:00', 'yyyy-MM-dd''T''HH:mm')`, '2022-10-20T05:10'],
  [`parse_datetime('2022-10-20 05:10', 'yyyy-MM-dd HH:mm')`, '2022-10-20 05:10:00.000 UTC'],
];

// https://trino.io/docs/current/functions/string.html
const STRING: Case[] = [
  [`concat('a', 'b', 'c')`, 'abc'],
  [`concat('a', NULL)`, null],
  [`'a' || 'b'`, 'ab'],
  [`concat_ws(',', 'a', NULL, 'b')`, 'a,b'],
  [`split('a,b,c', ',')`, '[a, b, c]'],
  [`split('a,b,c', ',', 2)`, '[a, b,c]'],
  [`split_part('a,b', ',', 2)`, 'b'],
  [`split_part('a,b', ',', 5)`, null],
  [`split_to_map('a=1,b=2', ',', '=')`, '{a=1, b=2}'],
  [`strpos('high', 'ig')`, '2'],
  [`position('gh' IN 'high')`, '3'],
  [`reverse('abc')`, 'cba'],
  [`lpad('abc', 2, 'x')`, 'ab'],
  [`lpad('7', 3, '0')`, '007'],
  [`rpad('a', 3, '.')`, 'a..'],
  [`substr('abc', 2)`, 'bc'],
  [`substr('abc', -2)`, 'bc'],
  [`substr('abc', 0)`, ''],
  [`substring('abcd' FROM 2 FOR 2)`, 'bc'],
  [`replace('abcabc', 'b')`, 'acac'],
  [`replace('abc', 'b', 'x')`, 'axc'],
  [`length('häß')`, '3'],
  [`levenshtein_distance('apple', 'epplea')`, '2'],
  [`codepoint('a')`, '97'],
  [`chr(65)`, 'A'],
  [`upper('a') || lower('B') || trim('  c ')`, 'Abc'],
  [`translate('abcd', 'a', 'z')`, 'zbcd'],
  [`starts_with('abc', 'ab')`, 'true'],
  [`format('%s%%', 123)`, '123%'],
  [`format('%.5f', pi())`, '3.14159'],
  [`format('%03d', 8)`, '008'],
  [`format('%,d', 1234567)`, '1,234,567'],
  [`format('%s', 1.0E10)`, '1.0E10'],
];

// https://trino.io/docs/current/functions/conversion.html
const CONVERSION: Case[] = [
  [`CAST(TIMESTAMP '2025-01-01 00:00:00' AS varchar)`, '2025-01-01 00:00:00.000'],
  [`CAST(TIMESTAMP '2025-01-01 01:02:03.45' AS varchar)`, '2025-01-01 01:02:03.450'],
  [`CAST(DATE '2025-01-01' AS varchar)`, '2025-01-01'],
  [`CAST(1.0E10 AS varchar)`, '1.0E10'],
  [`CAST(12345678.9E0 AS varchar)`, '1.23456789E7'],
  [`CAST(0.00012E0 AS varchar)`, '1.2E-4'],
  [`CAST(1.5E0 AS varchar)`, '1.5'],
  [`CAST(-2.0E300 AS varchar)`, '-2.0E300'],
  [`CAST(infinity() AS varchar)`, 'Infinity'],
  [`CAST(1.50 AS varchar)`, '1.50'],
  [`CAST(true AS varchar)`, 'true'],
  [`CAST('abcdef' AS varchar(3))`, 'abc'],
  [`CAST(2.5E0 AS integer)`, '3'],
  [`CAST(-2.5E0 AS bigint)`, '-3'],
  [`CAST('12' AS integer)`, '12'],
  [`CAST(10 AS decimal)`, '10'],
  [`TRY_CAST('x' AS integer)`, null],
  [`CAST(ARRAY[1, 2] AS array(varchar))`, '[1, 2]'],
  [`CAST(ROW(1, 'a') AS row(x integer, y varchar))`, '{x=1, y=a}'],
  [`CAST(MAP(ARRAY['a'], ARRAY[1]) AS map(varchar, bigint))`, '{a=1}'],
  [`CAST('2020-01-01 10:00:00' AS timestamp(3))`, '2020-01-01 10:00:00.000'],
  [`TIMESTAMP '1969-12-31 23:59:59.999'`, '1969-12-31 23:59:59.999'],
  [`TIMESTAMP '0001-01-01 00:00:00'`, '0001-01-01 00:00:00.000'],
  [`CAST(-0.05 AS decimal(5,2))`, '-0.05'],
  [`CAST(-1234567890123456789.01 AS decimal(38,2))`, '-1234567890123456789.01'],
  [`typeof(TIMESTAMP '2020-01-01 10:00:00')`, 'timestamp(3)'],
  [`typeof(1)`, 'integer'],
  [`typeof(ARRAY[1])`, 'array(integer)'],
  [`try(CAST('x' AS integer))`, null],
];

// https://trino.io/docs/current/functions/regexp.html
const REGEXP: Case[] = [
  [`regexp_like('1a 2b 14m', '\\d+b')`, 'true'],
  [`regexp_extract('1a 2b 14m', '\\d+')`, '1'],
  [`regexp_extract('1a 2b 14m', '(\\d+)([a-z]+)', 2)`, 'a'],
  [`regexp_extract('abc', '\\d+')`, null],
  [`regexp_extract_all('1a 2b 14m', '\\d+')`, '[1, 2, 14]'],
  [`regexp_extract_all('1a 2b 14m', '(\\d+)([a-z]+)', 2)`, '[a, b, m]'],
  [`regexp_replace('1a 2b 14m', '\\d+[ab] ')`, '14m'],
  [`regexp_replace('1a 2b 14m', '(\\d+)([ab]) ', '3c$2 ')`, '3ca 3cb 14m'],
  [`regexp_split('1a 2b 14m', '\\s*[a-z]+\\s*')`, '[1, 2, 14, ]'],
  [`regexp_count('1a 2b 14m', '\\s*[a-z]+\\s*')`, '3'],
];

// https://trino.io/docs/current/functions/math.html
const MATH: Case[] = [
  [`7 / 2`, '3'],
  [`-7 / 2`, '-3'],
  [`7 % 3`, '1'],
  [`7E0 / 2`, '3.5'],
  [`CAST(7 AS double) / 2`, '3.5'],
  [`1E0 / 0`, 'Infinity'],
  [`mod(-5, 3)`, '-2'],
  [`round(2.5E0)`, '3.0'],
  [`round(-2.5E0)`, '-3.0'],
  [`round(2.345E0, 2)`, '2.35'],
  [`ceil(3)`, '3'],
  [`ceiling(3.2E0)`, '4.0'],
  [`floor(-3.5E0)`, '-4.0'],
  [`truncate(-3.7E0)`, '-3.0'],
  [`log(2, 8)`, '3.0'],
  [`log10(100)`, '2.0'],
  [`power(2, 10)`, '1024.0'],
  [`sqrt(16)`, '4.0'],
  [`sign(-7)`, '-1'],
  [`infinity()`, 'Infinity'],
  [`is_nan(nan())`, 'true'],
  [`width_bucket(3.5E0, 0, 10, 5)`, '2'],
  [`width_bucket(35E0, ARRAY[10E0, 20E0, 30E0])`, '3'],
  [`bitwise_and(19, 25)`, '17'],
  [`bitwise_or(19, 25)`, '27'],
  [`bitwise_xor(19, 25)`, '10'],
  [`bitwise_not(19)`, '-20'],
  [`bitwise_left_shift(1, 2)`, '4'],
  [`bit_count(9, 64)`, '2'],
  [`bit_count(-7, 8)`, '6'],
  [`greatest(1, 3, 2)`, '3'],
  [`greatest(1, NULL)`, null],
  [`least(1, 3, 2)`, '1'],
  [`1E-5`, '1.0E-5'],
  [`123456789E0`, '1.23456789E8'],
  [`CAST(1.5 AS real)`, '1.5'],
  [`nullif(1, 1)`, null],
  [`if(1 > 2, 'a', 'b')`, 'b'],
  [`coalesce(NULL, 2)`, '2'],
];

// https://trino.io/docs/current/functions/array.html and map.html
const COLLECTION: Case[] = [
  [`cardinality(ARRAY[1, 2, NULL])`, '3'],
  [`cardinality(MAP(ARRAY['a', 'b'], ARRAY[1, 2]))`, '2'],
  [`element_at(ARRAY[1, 2, 3], -1)`, '3'],
  [`element_at(ARRAY[1, 2, 3], 4)`, null],
  [`element_at(MAP(ARRAY['a'], ARRAY[1]), 'a')`, '1'],
  [`element_at(MAP(ARRAY['a'], ARRAY[1]), 'b')`, null],
  [`sequence(1, 5, 2)`, '[1, 3, 5]'],
  [`sequence(3, 1)`, '[3, 2, 1]'],
  [`sequence(DATE '2020-01-01', DATE '2020-01-03')`, '[2020-01-01, 2020-01-02, 2020-01-03]'],
  [
    `sequence(DATE '2020-01-01', DATE '2020-03-01', INTERVAL '1' MONTH)`,
    '[2020-01-01, 2020-02-01, 2020-03-01]',
  ],
  [`array_join(ARRAY[1, NULL, 3], ',')`, '1,3'],
  [`array_join(ARRAY[1, NULL, 3], ',', '-')`, '1,-,3'],
  [`contains(ARRAY[1, 2], 2)`, 'true'],
  [`contains(ARRAY[1, NULL], 2)`, null],
  [`array_distinct(ARRAY[3, 1, 3, 2])`, '[3, 1, 2]'],
  [`array_sort(ARRAY[3, NULL, 1])`, '[1, 3, null]'],
  [`array_max(ARRAY[1, 3, 2])`, '3'],
  [`array_max(ARRAY[1, NULL])`, null],
  [`array_position(ARRAY[5, 6], 6)`, '2'],
  [`array_position(ARRAY[5, 6], 7)`, '0'],
  [`array_remove(ARRAY[1, 2, 1], 1)`, '[2]'],
  [`array_intersect(ARRAY[1, 2, 2, 3], ARRAY[3, 2])`, '[2, 3]'],
  [`array_except(ARRAY[1, 2, 3], ARRAY[2])`, '[1, 3]'],
  [`array_union(ARRAY[1, 2], ARRAY[2, 3])`, '[1, 2, 3]'],
  [`arrays_overlap(ARRAY[1, 2], ARRAY[2, 3])`, 'true'],
  [`concat(ARRAY[1], ARRAY[2, 3])`, '[1, 2, 3]'],
  [`flatten(ARRAY[ARRAY[1], ARRAY[2, 3]])`, '[1, 2, 3]'],
  [`slice(ARRAY[1, 2, 3, 4], 2, 2)`, '[2, 3]'],
  [`slice(ARRAY[1, 2, 3, 4], -2, 2)`, '[3, 4]'],
  [`repeat('a', 3)`, '[a, a, a]'],
  [`reverse(ARRAY[1, 2, 3])`, '[3, 2, 1]'],
  [`zip(ARRAY[1, 2], ARRAY['a', 'b'])`, '[{field0=1, field1=a}, {field0=2, field1=b}]'],
  [`map_keys(MAP(ARRAY['a', 'b'], ARRAY[1, 2]))`, '[a, b]'],
  [`map_concat(MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['b'], ARRAY[2]))`, '{a=1, b=2}'],
  [`ROW(1, 'a')`, '{field0=1, field1=a}'],
  [`ARRAY[ARRAY[1, NULL], ARRAY[]]`, '[[1, null], []]'],
  [`ARRAY[1.0E10, 1E0]`, '[1.0E10, 1.0]'],
];

// https://trino.io/docs/current/functions/lambda.html
const LAMBDA: Case[] = [
  [`transform(ARRAY[5, 6], x -> x + 1)`, '[6, 7]'],
  [`filter(ARRAY[5, -6, NULL, 7], x -> x > 0)`, '[5, 7]'],
  [`reduce(ARRAY[5, 20, 50], 0, (s, x) -> s + x, s -> s)`, '75'],
  [`reduce(ARRAY[5, 20], 0, (s, x) -> s + x, s -> s * 2)`, '50'],
  [`any_match(ARRAY[1, 2], x -> x > 1)`, 'true'],
  [`all_match(ARRAY[1, 2], x -> x > 1)`, 'false'],
  [`none_match(ARRAY[1, 2], x -> x > 5)`, 'true'],
  [`zip_with(ARRAY[1, 3], ARRAY[2, 4], (x, y) -> x + y)`, '[3, 7]'],
  [`map_filter(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), (k, v) -> v > 1)`, '{b=2}'],
  [`transform_values(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), (k, v) -> v * 10)`, '{a=10, b=20}'],
  [`transform_keys(MAP(ARRAY['a'], ARRAY[1]), (k, v) -> k || 'x')`, '{ax=1}'],
];

// https://trino.io/docs/current/functions/json.html
const JSON_CASES: Case[] = [
  [`json_extract_scalar('{"a": {"b": 5}}', '$.a.b')`, '5'],
  [`json_extract_scalar('{"a": "x"}', '$.a')`, 'x'],
  [`json_extract_scalar('{"a": {"b": 5}}', '$.a')`, null],
  [`json_extract_scalar('{"a b": 1}', '$["a b"]')`, '1'],
  [`json_extract_scalar('no json', '$.a')`, null],
  [`json_extract_scalar('[1, 2]', '$[1]')`, '2'],
  [`json_extract('{"a": [1, 2]}', '$.a')`, '[1,2]'],
  [`json_format(json_parse('{"a": 1}'))`, '{"a":1}'],
  [`json_array_length('[1, 2, 3]')`, '3'],
  [`json_array_contains('[1, 2, 3]', 2)`, 'true'],
  [`json_size('{"x": {"a": 1, "b": 2}}', '$.x')`, '2'],
  [`CAST(json_parse('[1, 2]') AS array(integer))`, '[1, 2]'],
  [`CAST(JSON '"abc"' AS varchar)`, 'abc'],
  [`json_format(CAST('abc' AS json))`, '"abc"'],
  [`json_format(CAST(ARRAY[1, 2] AS json))`, '[1,2]'],
];

// https://trino.io/docs/current/functions/binary.html and url.html
const BINARY: Case[] = [
  [`to_utf8('hello')`, '68 65 6c 6c 6f'],
  [`from_utf8(to_utf8('hä'))`, 'hä'],
  [`to_hex(to_utf8('hi'))`, '6869'.toUpperCase()],
  [`from_hex('6869')`, '68 69'],
  [`X'6869'`, '68 69'],
  [`to_hex(md5(to_utf8('a')))`, '0CC175B9C0F1B6A831C399E269772661'],
  [
    `lower(to_hex(sha256(to_utf8('a'))))`,
    'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
  ],
  [`to_base64(to_utf8('hi'))`, 'aGk='],
  [`from_utf8(from_base64('aGk='))`, 'hi'],
  [`length(to_utf8('hä'))`, '3'],
  [`url_extract_host('https://example.com:8080/a/b?x=1&y=a%20b#top')`, 'example.com'],
  [`url_extract_port('https://example.com:8080/a/b?x=1&y=a%20b#top')`, '8080'],
  [`url_extract_path('https://example.com:8080/a/b?x=1&y=a%20b#top')`, '/a/b'],
  [`url_extract_query('https://example.com:8080/a/b?x=1#top')`, 'x=1'],
  [`url_extract_protocol('https://example.com')`, 'https'],
  [`url_extract_fragment('https://example.com/#top')`, 'top'],
  [`url_extract_parameter('https://example.com/a?x=1&y=a%20b', 'y')`, 'a b'],
  [`url_encode('a b&c')`, 'a+b%26c'],
];

describe.each([
  ['date and time functions', DATETIME],
  ['string functions', STRING],
  ['conversions', CONVERSION],
  ['regular expressions', REGEXP],
  ['mathematical functions and operators', MATH],
  ['arrays, maps and rows', COLLECTION],
  ['lambdas', LAMBDA],
  ['JSON', JSON_CASES],
  ['bytes and URLs', BINARY],
])('%s', (_, cases) => {
  it.each(cases)('%s is %s', async (expression, expected) => {
    expect(await valueOf(expression)).toBe(expected);
  });
});

// https://trino.io/docs/current/functions/aggregate.html and window.html
describe('aggregates and windows', () => {
  const T = `WITH t(g, x, d) AS (VALUES ('a', 1, 1E0), ('a', 3, 2E0), ('b', 5, NULL), ('b', NULL, 4E0))`;
  it.each<Case>([
    [`array_agg(x ORDER BY x DESC NULLS LAST)`, '[5, 3, 1, null]'],
    [`array_agg(x) FILTER (WHERE g = 'a')`, '[1, 3]'],
    [`map_agg(g, x) FILTER (WHERE x IN (1, 5))`, '{a=1, b=5}'],
    [`approx_distinct(g)`, '2'],
    [`approx_percentile(x, 0.5)`, '3'],
    [`count_if(x > 1)`, '2'],
    [`sum(x)`, '9'],
    [`avg(x)`, '3.0'],
    [`sum(x) / count(*)`, '2'],
    [`sum(d) / count(*)`, '1.75'],
    [`date_add('day', 1, max(DATE '2025-01-31'))`, '2025-02-01'],
    [`max(DATE '2025-01-31') - INTERVAL '1' DAY`, '2025-01-30'],
    [`date_trunc('day', max(TIMESTAMP '2025-01-31 10:00:00'))`, '2025-01-31 00:00:00.000'],
    [`max_by(g, x)`, 'b'],
    [`min_by(g, x)`, 'a'],
    [`arbitrary(g)`, 'a'],
    [`bool_and(x > 0)`, 'true'],
    [`every(x > 1)`, 'false'],
    [`histogram(g)`, '{a=2, b=2}'],
    [`listagg(g, '/') WITHIN GROUP (ORDER BY g DESC)`, 'b/b/a/a'],
    [`count(DISTINCT g)`, '2'],
    [`stddev_pop(d)`, '1.247219128924647'],
    [`cardinality(set_agg(g))`, '2'],
  ])('%s is %s', async (expression, expected) => {
    expect((await session.query(`${T} SELECT ${expression} FROM t`)).rows).toEqual([[expected]]);
  });

  it.each([
    [
      'of a map, as keys and values',
      `SELECT k, v FROM UNNEST(MAP(ARRAY['a'], ARRAY[1])) AS t(k, v)`,
      [['a', '1']],
    ],
    [
      'of arrays side by side',
      'SELECT a, b FROM UNNEST(ARRAY[1, 2], ARRAY[3]) AS t(a, b)',
      [
        ['1', '3'],
        ['2', null],
      ],
    ],
  ])('UNNEST %s', async (_, sql, expected) => {
    expect((await session.query(sql)).rows).toEqual(expected);
  });

  it('looks past NULLs where lag is told to', async () => {
    const { rows } = await session.query(`
      WITH t(i, x) AS (VALUES (1, 10), (2, NULL), (3, 30))
      SELECT i, lag(x) IGNORE NULLS OVER (ORDER BY i) FROM t ORDER BY i`);
    expect(rows).toEqual([
      ['1', null],
      ['2', '10'],
      ['3', '10'],
    ]);
  });
});
