import type { StaticType } from './relation';

type ResultType = StaticType | ((argument: StaticType) => StaticType);

const same = (argument: StaticType): StaticType => argument;
const summed = (argument: StaticType): StaticType => (argument === 'integer' ? 'bigint' : argument);

/**
 * The functions that Athena and the local Athena both have, with the same meaning, and the type of
 * what they give (of a function of the first argument's type). A function that is missing here may
 * be added once it is known to be the same in both.
 */
const ALLOWED: Record<string, ResultType> = {
  // Aggregates
  count: 'bigint',
  count_if: 'bigint',
  sum: summed,
  min: same,
  max: same,
  max_by: same,
  min_by: same,
  bool_and: 'boolean',
  bool_or: 'boolean',
  // Window functions
  row_number: 'bigint',
  rank: 'bigint',
  dense_rank: 'bigint',
  ntile: 'bigint',
  percent_rank: 'double',
  cume_dist: 'double',
  lag: same,
  lead: same,
  first_value: same,
  last_value: same,
  // Choices
  coalesce: same,
  nullif: same,
  greatest: same,
  least: same,
  if: undefined,
  try: same,
  // Numbers
  abs: same,
  round: same,
  floor: same,
  ceil: same,
  ceiling: same,
  sqrt: 'double',
  ln: 'double',
  exp: 'double',
  power: 'double',
  // Text
  length: 'bigint',
  lower: 'varchar',
  upper: 'varchar',
  trim: 'varchar',
  lpad: 'varchar',
  rpad: 'varchar',
  replace: 'varchar',
  concat: 'varchar',
  substr: 'varchar',
  substring: 'varchar',
  strpos: 'bigint',
  starts_with: 'boolean',
  split_part: 'varchar',
  regexp_like: 'boolean',
  regexp_extract: 'varchar',
  regexp_replace: 'varchar',
  // Dates and times
  date_add: undefined,
  date_diff: 'bigint',
  date_format: 'varchar',
  date_parse: 'timestamp',
  from_iso8601_timestamp: 'timestamp with time zone',
  date_trunc: undefined,
  year: 'bigint',
  month: 'bigint',
  day: 'bigint',
  hour: 'bigint',
  minute: 'bigint',
  second: 'bigint',
  day_of_week: 'bigint',
  // The rest
  grouping: 'bigint',
  cardinality: 'bigint',
  element_at: undefined,
};

/** What to write instead of some that are tempting. */
const INSTEAD: Record<string, string> = {
  avg: 'CAST(sum(x) AS double) / NULLIF(count(x), 0): avg of a decimal rounds in Athena alone, and avg of doubles depends on the order of rows',
  now: 'current_timestamp',
  strftime: "date_format(x, '%Y-%m-%d')",
  strptime: "date_parse(x, '%Y-%m-%d')",
  to_char: "date_format(x, '%Y-%m-%d')",
  datediff: "date_diff('day', a, b)",
  dateadd: "date_add('day', n, x)",
  date_part: 'year(x), month(x), day(x) …',
  datepart: 'year(x), month(x), day(x) …',
  ifnull: 'COALESCE(a, b)',
  nvl: 'COALESCE(a, b)',
  len: 'length(x)',
  instr: 'strpos(x, part)',
  string_agg: 'one row a value',
  listagg: 'one row a value',
  group_concat: 'one row a value',
  any_value: 'min(x) or max(x), which give the same each time',
  arbitrary: 'min(x) or max(x), which give the same each time',
  isodow: 'day_of_week(x)',
  dayofweek: 'day_of_week(x) - 1',
  median: 'the middle row by row_number()',
  quantile_cont: 'the row at that share by row_number()',
  approx_percentile: 'the row at that share by row_number(): approximations differ',
  approx_distinct: 'count(DISTINCT x): approximations differ',
  format: 'date_format, or numbers as they are',
};

/** undefined where the function may be called, otherwise what to do instead. */
export function refusedFunction(name: string): string | undefined {
  if (Object.hasOwn(ALLOWED, name)) return undefined;
  const instead = Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : undefined;
  return instead
    ? `write ${instead}`
    : 'it is not among the functions known to be the same in both (sql/lint/functions.ts)';
}

export function functionType(name: string, argument: StaticType): StaticType {
  const type = Object.hasOwn(ALLOWED, name) ? ALLOWED[name] : undefined;
  return typeof type === 'function' ? type(argument) : type;
}

/** The functions that texts may call. */
export const allowedFunctions: readonly string[] = Object.keys(ALLOWED);
