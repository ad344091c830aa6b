import { QueryError } from '../query-engine';
import { COMPAT_NAMES } from './compat-macros';
import { dateFormat, dateFormatCodes, javaDateFormat, printfArguments } from './format-codes';
import {
  call,
  caseWhen,
  cast,
  column,
  constantText,
  copyTree,
  mapTree,
  nullConstant,
  text,
  type Call,
  type TreeNode,
} from './sql-tree';

/** Functions that mean the same to both. */
const SAME = new Set(
  `abs acos acosh any_value asin asinh atan atan2 atanh avg bool_and bool_or cbrt chr coalesce
   concat_ws corr cos cosh count count_star count_if covar_pop covar_samp cume_dist day degrees
   dense_rank exp first_value flatten from_base64 greatest histogram hour is_finite lag
   last_value lead least ln localtimestamp log10 log2 lower lpad ltrim map map_concat
   map_entries map_from_entries map_keys map_values max max_by min min_by minute month now nth_value ntile nullif
   percent_rank pi position pow power quarter radians rank regexp_extract_all regr_intercept
   regr_slope round row row_number rpad rtrim second sign sin sinh sqrt starts_with stddev
   stddev_pop stddev_samp strpos sum tan tanh to_base64 translate trim unnest upper uuid
   var_pop var_samp variance week year
   current_date current_timestamp list_value`
    .split(/\s+/)
    .filter(Boolean),
);

/** Another name for the same; aggregates among them keep FILTER, DISTINCT and ORDER BY. */
const RENAMED: Record<string, string> = {
  arbitrary: 'any_value',
  approx_distinct: 'approx_count_distinct',
  array_agg: 'list',
  every: 'bool_and',
  listagg: 'string_agg',
  geometric_mean: 'geomean',
  approx_percentile: 'quantile_disc',
};

/** What the grammar makes of `substring(a FROM 1)`, `a LIKE b ESCAPE c`, intervals and the like. */
const GRAMMAR = new Set([
  'date_part',
  'like_escape',
  'not_like_escape',
  'timezone',
  'to_days',
  'to_hours',
  'to_minutes',
  'to_seconds',
  'to_months',
  'to_years',
  'to_weeks',
  'to_milliseconds',
  'to_quarters',
  'trunc',
  'contains_string',
]);

/** Trino's own that have no counterpart here, and what to write instead. */
const NOT_HERE: Record<string, string> = {
  approx_most_frequent: 'group, count and order instead',
  approx_set: 'use approx_distinct',
  bing_tile: 'no geospatial functions here',
  checksum: 'use count and sums of the columns',
  combinations: 'join the array with itself through UNNEST',
  map_zip_with: 'join the entries of both through UNNEST(map_entries(m))',
  multimap_agg: 'use array_agg by key',
  ngrams: 'use UNNEST and window functions',
  normal_cdf: 'not here',
  numeric_histogram: 'use width_bucket and group',
  parse_duration: 'use CAST to an interval',
  ['st_point']: 'no geospatial functions here',
  tdigest_agg: 'use approx_percentile',
  word_stem: 'not here',
};

/**
 * The call of one of Trino's functions as a call that means the same to DuckDB.
 * @throws QueryError FUNCTION_NOT_FOUND for a function that Trino does not have, NOT_SUPPORTED for
 * one that is not here.
 */
export function translateCall(node: Call, where: (node: TreeNode) => string): TreeNode {
  const name = node.function_name.toLowerCase();
  const args = node.children;
  if (node['is_operator'] === true) return translateOperator(node);
  const refuse = (why: string): never => {
    throw new QueryError('NOT_SUPPORTED', `NOT_SUPPORTED: ${where(node)}: ${name}: ${why}`);
  };

  switch (name) {
    case 'avg':
      return { ...node, children: args.map((arg) => compat('averaged', [arg])) };
    case 'approx_percentile':
      if (args.length !== 2)
        refuse('weights and accuracy are not here: give a value and a percentage');
      break;
    case 'approx_distinct':
      return rename({ ...node, children: args.slice(0, 1) }, 'approx_count_distinct');
    case 'concat':
      return args
        .slice(1)
        .reduce<TreeNode>(
          (all, arg) => ({ ...call('||', [all, arg]), is_operator: true }),
          args[0] ?? text(''),
        );
    case 'greatest':
    case 'least':
      return nullIfAny(args, node);
    case 'map_agg':
      return call('map_from_entries', [
        rename({ ...node, children: [call('row', args)], alias: '' }, 'list'),
      ]);
    case 'set_agg':
      return rename({ ...node, distinct: true }, 'list');
    case 'date_format':
      return rename(
        { ...node, children: [asTimestamp(args[0]), format(args[1], dateFormatCodes, refuse)] },
        'strftime',
      );
    case 'date_parse':
      return rename(
        { ...node, children: [args[0] ?? text(''), format(args[1], dateFormat, refuse)] },
        'strptime',
      );
    case 'format_datetime':
      return rename(
        { ...node, children: [asTimestamp(args[0]), format(args[1], javaDateFormat, refuse)] },
        'strftime',
      );
    case 'parse_datetime':
      return cast(
        rename(
          { ...node, children: [args[0] ?? text(''), format(args[1], javaDateFormat, refuse)] },
          'strptime',
        ),
        'TIMESTAMP WITH TIME ZONE',
        node.alias,
      );
    case 'format': {
      const pattern = constantText(args[0]);
      if (pattern === undefined) return refuse('the format is to be a constant');
      const { printf, kinds } = printfArguments(pattern);
      const values = args.slice(1).map((arg, i) => {
        const kind = kinds[i];
        if (kind === 'text') return compat('to_varchar', [arg]);
        return kind === 'double' ? cast(arg, 'DOUBLE') : arg;
      });
      return rename({ ...node, children: [text(printf), ...values] }, 'printf');
    }
    case 'timezone': {
      const zone = constantText(args[0])?.toUpperCase();
      if (zone !== 'UTC' && zone !== 'GMT' && zone !== 'Z') {
        refuse('time zones other than UTC are not kept by the local Athena: shift with date_add');
      }
      return cast(args[1] ?? nullConstant(), 'TIMESTAMP WITH TIME ZONE', node.alias);
    }
    case 'transform':
      return rename(node, 'list_transform');
    case 'filter':
      return rename(node, 'list_filter');
    case 'any_match':
      return compat('any_true', [call('list_transform', args)]);
    case 'all_match':
      return compat('all_true', [call('list_transform', args)]);
    case 'none_match':
      return {
        class: 'OPERATOR',
        type: 'OPERATOR_NOT',
        alias: node.alias,
        query_location: 0,
        children: [compat('any_true', [call('list_transform', args)])],
      };
    case 'reduce':
      return reduce(node, refuse);
    case 'zip_with':
      return zipWith(node, refuse);
    case 'map_filter':
    case 'transform_values':
    case 'transform_keys':
      return overEntries(name, node, refuse);
    case 'reverse':
      return isArray(args[0]) ? rename(node, 'list_reverse') : { ...node, schema: 'compat' };
    case 'array_sort':
      if (args.length > 1)
        refuse('a comparing function is not here: sort with UNNEST and array_agg(x ORDER BY …)');
      break;
    case 'mod':
      return { ...node, function_name: 'modulo', schema: 'compat' };
  }

  const renamed = RENAMED[name];
  if (renamed !== undefined) return rename(node, renamed);
  // The grammar's own calls come with a schema already.
  if (COMPAT_NAMES.has(name) && !(node.schema !== '' && GRAMMAR.has(name))) {
    return { ...node, schema: 'compat' };
  }
  if (SAME.has(name) || GRAMMAR.has(name)) return node;
  if (Object.hasOwn(NOT_HERE, name)) refuse(NOT_HERE[name] ?? '');
  const near = nearest(name, [...SAME, ...COMPAT_NAMES, ...Object.keys(RENAMED)]);
  throw new QueryError(
    'FUNCTION_NOT_FOUND',
    `FUNCTION_NOT_FOUND: ${where(node)}: Function '${name}' not registered${near ? `. Did you mean '${near}'?` : ''}`,
  );
}

function translateOperator(node: Call): Call {
  const [left, right] = node.children;
  const named = (name: string, children: TreeNode[]): Call => ({
    ...node,
    function_name: name,
    schema: 'compat',
    is_operator: false,
    children,
  });
  if (!left || !right) return node;
  switch (node.function_name) {
    case '/':
      return named('divide', node.children);
    case '%':
      return named('modulo', node.children);
    case '+':
      if (isInterval(right)) return named('plus_interval', [left, right]);
      return isInterval(left) ? named('plus_interval', [right, left]) : node;
    case '-':
      return isInterval(right) ? named('minus_interval', [left, right]) : node;
    default:
      return node;
  }
}

/** Whether an expression is written as an interval, or a multiple of one. */
function isInterval(node: TreeNode): boolean {
  if (node.class !== 'FUNCTION') return false;
  const { function_name: name, children } = node as Call;
  return /^to_(milliseconds|seconds|minutes|hours|days|weeks|months|quarters|years)$/.test(name) &&
    (node as Call).schema === ''
    ? true
    : name === '*' && children.some(isInterval);
}

function rename(node: Call, name: string): Call {
  return { ...node, function_name: name, schema: '' };
}

function compat(name: string, children: TreeNode[]): Call {
  return call(name, children, 'compat');
}

function asTimestamp(node: TreeNode | undefined): TreeNode {
  return cast(node ?? nullConstant(), 'TIMESTAMP');
}

function format(
  node: TreeNode | undefined,
  codes: (pattern: string) => string,
  refuse: (why: string) => never,
): TreeNode {
  const pattern = constantText(node);
  if (pattern === undefined) return refuse('the format is to be a constant');
  return text(codes(pattern));
}

/** Trino's greatest and least are NULL where one of their arguments is. */
function nullIfAny(args: TreeNode[], node: Call): TreeNode {
  const isNull = args.map((arg) => ({
    class: 'OPERATOR',
    type: 'OPERATOR_IS_NULL',
    alias: '',
    query_location: 0,
    children: [copyTree(arg)],
  }));
  const any =
    isNull.length === 1
      ? (isNull[0] as TreeNode)
      : {
          class: 'CONJUNCTION',
          type: 'CONJUNCTION_OR',
          alias: '',
          query_location: 0,
          children: isNull,
        };
  return { ...caseWhen(any, nullConstant(), { ...node, alias: '' }), alias: node.alias };
}

/** Whether an expression is an array by how it is written. A column's type is not known here. */
function isArray(node: TreeNode | undefined): boolean {
  if (node?.type === 'ARRAY_CONSTRUCTOR') return true;
  const name = (node as Call | undefined)?.function_name ?? '';
  return /^(list|list_.*|array_.*|string_split.*|split|sequence|flatten|slice|repeat|zip|map_keys|map_values|regexp_extract_all|regexp_split)$/.test(
    name,
  );
}

interface Lambda {
  names: string[];
  body: TreeNode;
}

function lambdaOf(node: TreeNode | undefined): Lambda | undefined {
  if (node?.class !== 'LAMBDA') return undefined;
  const lhs = node['lhs'] as TreeNode;
  const parameters = lhs.class === 'COLUMN_REF' ? [lhs] : (lhs as Call).children;
  const names = parameters.map((parameter) => (parameter['column_names'] as string[])[0] ?? '');
  return { names, body: node['expr'] as TreeNode };
}

function lambda(name: string, body: TreeNode): TreeNode {
  return {
    class: 'LAMBDA',
    type: 'LAMBDA',
    alias: '',
    query_location: 0,
    lhs: column(name),
    expr: body,
  };
}

/** The lambda's body with other expressions in place of its parameters. */
function substitute({ names, body }: Lambda, values: TreeNode[]): TreeNode {
  return mapTree(copyTree(body), (node) => {
    if (node.class !== 'COLUMN_REF') return node;
    const [first, ...fields] = node['column_names'] as string[];
    const value = values[names.indexOf(first ?? '')];
    if (value === undefined) return node;
    return fields.reduce<TreeNode>(
      (of, field) => call('struct_extract', [of, text(field)]),
      copyTree(value),
    );
  }) as TreeNode;
}

// No name of a user's: it would have to be quoted.
const ENTRY = 'entry of lambda';

function reduce(node: Call, refuse: (why: string) => never): TreeNode {
  const [list, initial, step, last] = node.children;
  const merge = lambdaOf(step);
  const finish = lambdaOf(last);
  if (!list || !initial || !step || !merge || !finish)
    return refuse('expected (array, initial, (s, x) -> …, s -> …)');
  const reduced = call('list_reduce', [list, step, initial]);
  return { ...substitute(finish, [reduced]), alias: node.alias };
}

function zipWith(node: Call, refuse: (why: string) => never): TreeNode {
  const [a, b, function_] = node.children;
  const merge = lambdaOf(function_);
  if (!a || !b || !merge) return refuse('expected (array, array, (x, y) -> …)');
  const part = (i: number): TreeNode => ({
    class: 'OPERATOR',
    type: 'ARRAY_EXTRACT',
    alias: '',
    query_location: 0,
    children: [column(ENTRY), integer(i)],
  });
  return {
    ...call('list_transform', [
      call('list_zip', [a, b]),
      lambda(ENTRY, substitute(merge, [part(1), part(2)])),
    ]),
    alias: node.alias,
  };
}

function overEntries(name: string, node: Call, refuse: (why: string) => never): TreeNode {
  const [map, function_] = node.children;
  const change = lambdaOf(function_);
  if (!map || !change) return refuse('expected (map, (k, v) -> …)');
  const key = call('struct_extract', [column(ENTRY), text('key')]);
  const value = call('struct_extract', [column(ENTRY), text('value')]);
  const body = substitute(change, [key, value]);
  const entries = call('map_entries', [map]);
  const changed =
    name === 'map_filter'
      ? call('list_filter', [entries, lambda(ENTRY, body)])
      : call('list_transform', [
          entries,
          lambda(ENTRY, call('row', name === 'transform_keys' ? [body, value] : [key, body])),
        ]);
  return { ...call('map_from_entries', [changed]), alias: node.alias };
}

function integer(value: number): TreeNode {
  return {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    alias: '',
    query_location: 0,
    value: { type: { id: 'INTEGER', type_info: null }, is_null: false, value },
  };
}

/** The name that the user may have meant: a few letters off at most. */
export function nearest(name: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = name.length < 4 ? 2 : Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least && distance > 0) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
