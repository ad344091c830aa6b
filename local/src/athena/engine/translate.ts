import type { DuckDBConnection } from '@duckdb/node-api';
import { QueryError } from '../query-engine';
import { translateCall } from './functions';
import { hiddenColumnsIn } from './hidden-columns';
import {
  call,
  cast,
  copyTree,
  locationOf,
  mapTree,
  readTree,
  walkTree,
  writeTree,
  type Call,
  type TreeNode,
} from './sql-tree';
import { toDuckdbGrammar } from './to-duckdb-grammar';
import { literal, position } from './tokenize';

/** A table as a query names it. */
export interface TableName {
  catalog?: string;
  database?: string;
  table: string;
}

/** A query of Athena's in DuckDB's words. */
export interface TranslatedQuery {
  /** In which each table is read under the name that `tableFor` gave. */
  sql: string;
  /** Where the user's text first names this column, function or table: `line 1:8`. */
  whereIs(name: string): string;
  /** Whether the whole query is VALUES, whose columns have no names. */
  isValues: boolean;
  /** Every name of a column in the query. */
  columnNames: ReadonlySet<string>;
}

export interface TranslateOptions {
  parameters?: readonly string[];
  /**
   * The name under which the query reads a table that no WITH of its own defines.
   * @param isShared whether a WITH query that is read more than once reads it
   * @throws QueryError TABLE_NOT_FOUND
   */
  tableFor(name: TableName, where: string, isShared: boolean): string;
}

/** Names of columns without a name of their own: `_col0` by their place in the result. */
export const UNNAMED = '_col\u00a7';

const TABLE_FUNCTIONS = new Set(['unnest', 'sequence']);
const INTEGRAL = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT']);

/**
 * Translates a SELECT, WITH or VALUES: first the words that DuckDB's parser does not take, then
 * the parsed statement: calls, casts, tables. What would mean something else to DuckDB and cannot
 * be translated is refused.
 * @throws QueryError with the place in the user's text.
 */
export async function translateQuery(
  connection: DuckDBConnection,
  sql: string,
  options: TranslateOptions,
): Promise<TranslatedQuery> {
  const grammar = toDuckdbGrammar(sql, options.parameters);
  const at = (offset: number | undefined): string =>
    position(sql, offset === undefined ? 0 : grammar.originalOffset(offset));
  const serialized = readTree(
    await oneText(connection, `SELECT json_serialize_sql(${literal(grammar.sql)}::VARCHAR)`),
  );
  if (serialized['error'] === true) throw syntaxError(serialized, grammar.sql, at);
  const statements = serialized['statements'] as TreeNode[];
  const [statement] = statements;
  if (statements.length !== 1 || !statement) {
    throw new QueryError('SYNTAX_ERROR', 'Only one sql statement is allowed');
  }

  // Bytes, as the parser counts, to characters.
  const charOffset = charOffsets(grammar.sql);
  const where = (node: TreeNode): string => {
    const offset = locationOf(node);
    return at(offset === undefined || offset > 2 ** 52 ? undefined : charOffset(offset));
  };
  const places = placesOf(statement);
  const from = (statement['node'] as TreeNode)['from_table'] as TreeNode | undefined;
  const isValues = from?.type === 'EXPRESSION_LIST';

  nameColumns(statement['node'] as TreeNode);
  const hidden = hiddenColumnsIn(new Set(places.keys()));
  if (hidden.length > 0) hideFromStars(statement, [], hidden);
  resolveTables(
    statement,
    { defined: [], isShared: false, readers: tableCounts(statement) },
    ({ name, node, isShared }) => options.tableFor(name, where(node), isShared),
    where,
  );
  serialized['statements'] = [mapTree(statement, (node) => translateNode(node, where))];
  const translated = await oneText(
    connection,
    `SELECT json_deserialize_sql(${literal(writeTree(serialized))}::JSON)`,
  );
  return {
    sql: translated,
    whereIs: (name) => {
      const node = places.get(name.toLowerCase());
      return node ? where(node) : 'line 1:1';
    },
    isValues,
    columnNames: new Set(places.keys()),
  };
}

async function oneText(connection: DuckDBConnection, sql: string): Promise<string> {
  const reader = await connection.runAndReadAll(sql);
  return String(reader.getRows()[0]?.[0]);
}

function syntaxError(
  error: TreeNode,
  sql: string,
  at: (offset: number | undefined) => string,
): QueryError {
  const offset = error['position'] === undefined ? undefined : Number(error['position']);
  const message = String(error['error_message']);
  const near = /at or near "(.*)"/s.exec(message)?.[1];
  const told =
    near !== undefined
      ? `mismatched input '${near}'`
      : /end of input|without selection list/.test(message)
        ? `mismatched input '<EOF>'`
        : message;
  const place = offset === undefined ? sql.length : charOffsets(sql)(offset);
  return new QueryError('SYNTAX_ERROR', `${at(place)}: ${told}`);
}

function charOffsets(sql: string): (byteOffset: number) => number {
  // eslint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(sql)) return (offset) => offset;
  const bytes = Buffer.from(sql);
  return (offset) => bytes.subarray(0, offset).toString().length;
}

function placesOf(tree: TreeNode): Map<string, TreeNode> {
  const places = new Map<string, TreeNode>();
  const note = (name: unknown, node: TreeNode): void => {
    if (typeof name === 'string' && !places.has(name.toLowerCase())) {
      places.set(name.toLowerCase(), node);
    }
  };
  // A name on its own before the same after a table's.
  walkTree(tree, (node) => {
    const names = node['column_names'] as string[] | undefined;
    if (node.class === 'COLUMN_REF' && names?.length === 1) note(names[0], node);
  });
  walkTree(tree, (node) => {
    if (node.class === 'COLUMN_REF') {
      const names = node['column_names'] as string[];
      note(names[names.length - 1], node);
      note(names[0], node);
    } else if (node.class === 'FUNCTION' || node.class === 'WINDOW') {
      note(node['function_name'], node);
    }
  });
  return places;
}

/** Gives the columns of the outermost SELECT that have no name one that shows. */
function nameColumns(query: TreeNode): void {
  let node = query;
  while (node.type === 'SET_OPERATION_NODE') node = node['left'] as TreeNode;
  const list = node['select_list'];
  if (!Array.isArray(list)) return;
  for (const item of list as TreeNode[]) {
    if (item['alias'] === '' && item.class !== 'COLUMN_REF' && item.class !== 'STAR') {
      const isField =
        item.class === 'FUNCTION' && (item as Call).function_name === 'struct_extract';
      if (!isField) item['alias'] = UNNAMED;
    }
  }
}

/** Leaves hidden columns out of each `*` over a table that no WITH defines. */
function hideFromStars(
  value: unknown,
  defined: readonly string[],
  hidden: readonly string[],
): void {
  if (Array.isArray(value)) for (const item of value) hideFromStars(item, defined, hidden);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const node = value as TreeNode;
  const ctes = (node['cte_map'] as { map: { key: string }[] } | undefined)?.map ?? [];
  const scope = [...defined, ...ctes.map(({ key }) => key.toLowerCase())];
  if (node.type === 'SELECT_NODE') {
    const tables = tablesIn(node['from_table']).filter(
      (table) => table['schema_name'] !== '' || !scope.includes(lower(table['table_name'])),
    );
    const names = tables.map((table) => lower(table['alias']) || lower(table['table_name']));
    for (const item of node['select_list'] as TreeNode[]) {
      const of = lower(item['relation_name']);
      if (item.class !== 'STAR' || names.length === 0 || (of !== '' && !names.includes(of)))
        continue;
      item['exclude_list'] = hidden;
    }
  }
  for (const inner of Object.values(node)) hideFromStars(inner, scope, hidden);
}

/** The tables that a FROM names itself. */
function tablesIn(from: unknown): TreeNode[] {
  const node = from as TreeNode | null;
  if (node?.type === 'BASE_TABLE') return [node];
  return node?.type === 'JOIN' ? [...tablesIn(node['left']), ...tablesIn(node['right'])] : [];
}

function lower(name: unknown): string {
  return typeof name === 'string' ? name.toLowerCase() : '';
}

/** How often each name stands for a table. */
function tableCounts(tree: TreeNode): Map<string, number> {
  const counts = new Map<string, number>();
  walkTree(tree, (node) => {
    if (node.type !== 'BASE_TABLE') return;
    const name = String(node['table_name']).toLowerCase();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  });
  return counts;
}

/** What is known where a table is named. */
interface Scope {
  /** The queries of WITH that can be named. */
  defined: readonly string[];
  /** Whether one of them that is read more than once is around. */
  isShared: boolean;
  readers: ReadonlyMap<string, number>;
}

/** Leads each table that no WITH defines to the name it is read under, which keeps its alias. */
function resolveTables(
  value: unknown,
  outer: Scope,
  nameFor: (table: { name: TableName; node: TreeNode; isShared: boolean }) => string,
  where: (node: TreeNode) => string,
): void {
  if (Array.isArray(value)) {
    for (const item of value) resolveTables(item, outer, nameFor, where);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const node = value as TreeNode;
  let scope = outer;
  const ctes = (node['cte_map'] as { map: { key: string; value: unknown }[] } | undefined)?.map;
  if (ctes && ctes.length > 0) {
    for (const { key, value: cte } of ctes) {
      // One that is recursive sees itself; a name that is not recursive sees those before it.
      const name = key.toLowerCase();
      const extended = { ...scope, defined: [...scope.defined, name] };
      const isShared = scope.isShared || (scope.readers.get(name) ?? 0) > 1;
      resolveTables(cte, { ...(isRecursive(cte) ? extended : scope), isShared }, nameFor, where);
      scope = extended;
    }
  }
  if (node.type === 'BASE_TABLE') {
    const table = String(node['table_name']);
    const database = String(node['schema_name']);
    const isOwn = database === '' && scope.defined.includes(table.toLowerCase());
    if (!isOwn) {
      const catalog = String(node['catalog_name']);
      if (node['at_clause'])
        throw new QueryError('NOT_SUPPORTED', `NOT_SUPPORTED: ${where(node)}: time travel`);
      node['table_name'] = nameFor({
        name: { ...(catalog && { catalog }), ...(database && { database }), table },
        node,
        isShared: scope.isShared,
      });
      node['schema_name'] = '';
      node['catalog_name'] = '';
      if (node['alias'] === '') node['alias'] = table;
    }
    return;
  }
  if (node.type === 'TABLE_FUNCTION') {
    const name = String(
      (node['function'] as TreeNode | undefined)?.['function_name'],
    ).toLowerCase();
    if (!TABLE_FUNCTIONS.has(name)) {
      throw new QueryError(
        'NOT_SUPPORTED',
        `NOT_SUPPORTED: ${where(node)}: ${name} as a table: query a table of the catalog, or UNNEST`,
      );
    }
  }
  if (node.type === 'TABLE_FUNCTION') spreadUnnest(node, where);
  for (const [field, inner] of Object.entries(node)) {
    if (field !== 'cte_map') resolveTables(inner, scope, nameFor, where);
  }
}

/**
 * UNNEST of several arrays, and of a map, whose keys and values are two columns: DuckDB's takes one
 * array. What the aliases of a single one tell is all there is to tell a map by.
 */
function spreadUnnest(node: TreeNode, where: (node: TreeNode) => string): void {
  const function_ = node['function'] as Call;
  const [first] = function_.children;
  const isCounting = node['with_ordinality'] === 'WITH_ORDINALITY';
  const width = (node['column_name_alias'] as string[]).length - (isCounting ? 1 : 0);
  if (function_.function_name.toLowerCase() !== 'unnest' || !first) return;
  if (function_.children.length === 1 && width < 2) return;
  const inner = (first as Partial<Call>).function_name?.toLowerCase() ?? '';
  const isOfRows =
    ['map_entries', 'zip', 'transform', 'array_agg'].includes(inner) ||
    first.type === 'ARRAY_CONSTRUCTOR';
  if (
    isCounting ||
    width > function_.children.length + 1 ||
    (function_.children.length === 1 && isOfRows)
  ) {
    throw new QueryError(
      'NOT_SUPPORTED',
      `NOT_SUPPORTED: ${where(node)}: UNNEST of rows, or of several arrays WITH ORDINALITY: unnest the arrays of their fields side by side`,
    );
  }
  const lists =
    function_.children.length > 1
      ? function_.children
      : [call('map_keys', [first]), call('map_values', [copyTree(first)])];
  const select = {
    type: 'SELECT_NODE',
    modifiers: [],
    cte_map: { map: [] },
    select_list: lists.map((list) => call('unnest', [list])),
    from_table: { type: 'EMPTY', alias: '', sample: null, query_location: 0 },
    where_clause: null,
    group_expressions: [],
    group_sets: [],
    aggregate_handling: 'STANDARD_HANDLING',
    having: null,
    sample: null,
    qualify: null,
  };
  delete node['function'];
  delete node['with_ordinality'];
  node.type = 'SUBQUERY';
  node['subquery'] = { node: select, named_param_map: [] };
}

function isRecursive(cte: unknown): boolean {
  const query = (cte as { query?: { node?: TreeNode } }).query?.node;
  return query?.type === 'RECURSIVE_CTE_NODE';
}

function translateNode(node: TreeNode, where: (node: TreeNode) => string): TreeNode {
  switch (node.class) {
    case 'FUNCTION':
    case 'WINDOW':
      return translateCall(node as Call, where);
    case 'CONSTANT': {
      // Printed as `1.5`, which would be read as a decimal.
      const id = (node['value'] as { type: { id: string } }).type.id;
      return id === 'DOUBLE' ? cast({ ...node, alias: '' }, 'DOUBLE', String(node['alias'])) : node;
    }
    case 'CAST':
      return translateCast(node);
    case 'OPERATOR':
      return node.type === 'OPERATOR_TRY' ? withoutErrors(node) : node;
    case 'POSITIONAL_REFERENCE':
    case 'COLLATE':
      throw new QueryError('SYNTAX_ERROR', `${where(node)}: mismatched input`);
    default:
      return node;
  }
}

/** TRY takes no errors of ours; DuckDB's own division by zero is NULL already. */
function withoutErrors(node: TreeNode): TreeNode {
  const operators: Record<string, string> = { divide: '/', modulo: '%' };
  return mapTree(node, (inner) => {
    const name = (inner as Call).function_name;
    const operator = inner.class === 'FUNCTION' && inner['schema'] === 'compat' && operators[name];
    return operator ? { ...inner, function_name: operator, schema: '', is_operator: true } : inner;
  }) as TreeNode;
}

interface CastType {
  id: string;
  type_info: Record<string, unknown> | null;
}

function translateCast(node: TreeNode): TreeNode {
  const child = node['child'] as TreeNode;
  const type = node['cast_type'] as CastType;
  const alias = String(node['alias']);
  const isLiteral = child.class === 'CONSTANT';
  if (type.id === 'VARCHAR' && !isLiteral && node['try_cast'] !== true) {
    return {
      ...call('to_varchar', [child], 'compat'),
      alias,
      query_location: node['query_location'],
    };
  }
  if (type.type_info?.['name'] === 'JSON') {
    return {
      ...call('cast_json', [child], 'compat'),
      alias,
      query_location: node['query_location'],
    };
  }
  if (INTEGRAL.has(type.id) && !isLiteral) {
    node['child'] = call('to_integral', [child], 'compat');
  }
  return node;
}
