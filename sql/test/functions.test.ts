import { allowedFunctions } from '../lint/functions';
import { openAthena, type Athena } from './athena';

let athena: Athena;

beforeAll(async () => {
  athena = await openAthena(() => undefined);
});

afterAll(async () => {
  await athena.close();
});

const T = "TIMESTAMP '2026-02-28 23:59:59.500'";

/**
 * One call of each function that the lint allows, and what Trino's documentation says it gives, in
 * Athena's rendering. `x` is 1.50, 2.50, NULL, `k` is 'a', 'b', 'c'.
 * https://trino.io/docs/current/functions.html
 */
const examples: Record<string, [expression: string, expected: string | null]> = {
  count: ['count(x)', '2'],
  count_if: ['count_if(x > 2)', '1'],
  sum: ['sum(x)', '4.00'],
  min: ['min(x)', '1.50'],
  max: ['max(x)', '2.50'],
  max_by: ['max_by(k, x)', 'b'],
  min_by: ['min_by(k, x)', 'a'],
  bool_and: ['bool_and(x > 2)', 'false'],
  bool_or: ['bool_or(x > 2)', 'true'],
  coalesce: ['max(COALESCE(x, 9))', '9.00'],
  nullif: ['max(NULLIF(x, 2.50))', '1.50'],
  greatest: ['count(greatest(x, 2))', '2'],
  least: ['count(least(x, 2))', '2'],
  if: ["min(if(x > 2, 'more', 'less'))", 'less'],
  try: ["TRY(from_iso8601_timestamp('yesterday'))", null],
  from_iso8601_timestamp: [
    "from_iso8601_timestamp('2026-03-01T00:15:00.5+02:00')",
    '2026-02-28 22:15:00.500 UTC',
  ],
  abs: ['abs(-1.50)', '1.50'],
  round: ['round(CAST(-2.5 AS double))', '-3.0'],
  floor: ['floor(CAST(-1.5 AS double))', '-2.0'],
  ceil: ['ceil(CAST(1.2 AS double))', '2.0'],
  ceiling: ['ceiling(CAST(1.2 AS double))', '2.0'],
  sqrt: ['sqrt(4)', '2.0'],
  ln: ['ln(1)', '0.0'],
  exp: ['exp(0)', '1.0'],
  power: ['power(2, 3)', '8.0'],
  length: ["length('größe')", '5'],
  lower: ["lower('A')", 'a'],
  upper: ["upper('a')", 'A'],
  trim: ["trim('  a ')", 'a'],
  lpad: ["lpad('1234', 3, '0')", '123'],
  rpad: ["rpad('1', 3, '0')", '100'],
  replace: ["replace('a-b', '-', '+')", 'a+b'],
  concat: ["concat('a', NULL)", null],
  substr: ["substr('abc', -2)", 'bc'],
  substring: ["substring('abc', 2, 1)", 'b'],
  strpos: ["strpos('abc', 'c')", '3'],
  starts_with: ["starts_with('abc', 'ab')", 'true'],
  split_part: ["split_part('a,b', ',', 2)", 'b'],
  regexp_like: ["regexp_like('abc', 'b')", 'true'],
  regexp_extract: ["regexp_extract('a1b2', '[0-9]')", '1'],
  regexp_replace: ["regexp_replace('a1b2', '[0-9]', '')", 'ab'],
  date_add: ["date_add('month', 1, DATE '2026-01-31')", '2026-02-28'],
  date_diff: [`date_diff('day', ${T}, TIMESTAMP '2026-03-01 00:00:00.000')`, '0'],
  date_format: [`date_format(${T}, '%Y-%m-%d %H:%i:%s')`, '2026-02-28 23:59:59'],
  date_parse: ["date_parse('28.02.2026', '%d.%m.%Y')", '2026-02-28 00:00:00.000'],
  date_trunc: [`date_trunc('week', ${T})`, '2026-02-23 00:00:00.000'],
  year: [`year(${T})`, '2026'],
  month: [`month(${T})`, '2'],
  day: [`day(${T})`, '28'],
  hour: [`hour(${T})`, '23'],
  minute: [`minute(${T})`, '59'],
  second: [`second(${T})`, '59'],
  day_of_week: ["day_of_week(DATE '2026-03-01')", '7'],
  cardinality: ['cardinality(ARRAY[1, 2])', '2'],
  element_at: ['element_at(ARRAY[1, 2], 3)', null],
};

/** As above, over a window in the order of x; the value of its last row, where x is NULL. */
const windows: Record<string, [expression: string, expected: string | null]> = {
  row_number: ['row_number() OVER (ORDER BY x)', '3'],
  rank: ['rank() OVER (ORDER BY x)', '3'],
  dense_rank: ['dense_rank() OVER (ORDER BY x)', '3'],
  ntile: ['ntile(2) OVER (ORDER BY x)', '2'],
  percent_rank: ['percent_rank() OVER (ORDER BY x)', '1.0'],
  cume_dist: ['cume_dist() OVER (ORDER BY x)', '1.0'],
  lag: ['lag(x) OVER (ORDER BY x)', '2.50'],
  lead: ['lead(x) OVER (ORDER BY x)', null],
  first_value: ['first_value(k) OVER (ORDER BY x)', 'a'],
  last_value: ['last_value(k) OVER (ORDER BY x)', 'c'],
};

const ROWS = `(SELECT 'a' AS k, CAST(1.50 AS decimal(10, 2)) AS x
  UNION ALL SELECT 'b', CAST(2.50 AS decimal(10, 2))
  UNION ALL SELECT 'c', NULL) AS t`;

describe('functions that the lint allows', () => {
  it.each(Object.entries(examples))('%s gives what Trino gives', async (_, [call, expected]) => {
    const isAggregate = /\b[xk]\b/.test(call);
    const { rows } = await athena.run(`SELECT ${call} AS a${isAggregate ? ` FROM ${ROWS}` : ''}`);
    expect(rows).toEqual([[expected]]);
  });

  it.each(Object.entries(windows))('%s gives what Trino gives', async (_, [call, expected]) => {
    const { rows } = await athena.run(`SELECT a FROM (SELECT x, ${call} AS a FROM ${ROWS}) AS w
      ORDER BY x NULLS LAST`);
    expect(rows.at(-1)).toEqual([expected]);
  });

  it('grouping tells a total from a value', async () => {
    const { rows } = await athena.run(`SELECT grouping(k) AS a FROM ${ROWS}
      GROUP BY ROLLUP (k) ORDER BY a DESC LIMIT 1`);
    expect(rows).toEqual([['1']]);
  });

  it('are all shown above', () => {
    const shown = [...Object.keys(examples), ...Object.keys(windows), 'grouping'];
    expect(shown.sort()).toEqual([...allowedFunctions].sort());
  });
});
