/**
 * A statement as DuckDB's parser sees it: the JSON of json_serialize_sql, which
 * json_deserialize_sql makes a statement again. https://duckdb.org/docs/stable/data/json/sql_to_and_from_json
 */
export interface TreeNode {
  class?: string;
  type?: string;
  [field: string]: unknown;
}

/** A call of a function, an operator's included. */
export interface Call extends TreeNode {
  class: 'FUNCTION' | 'WINDOW';
  function_name: string;
  schema: string;
  children: TreeNode[];
  query_location: unknown;
  alias: string;
}

// JSON's numbers lose digits beyond 2^53 on their way through JavaScript, and `1.0` its fraction.
const KEPT_NUMBER =
  /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])|-?\d+(?=[.eE])(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const KEPT = '\u0001number:';

/** Reads the JSON of a tree; long integers keep their digits. */
export function readTree(json: string): TreeNode {
  const kept = json.replace(KEPT_NUMBER, (text) =>
    text.startsWith('"') ? text : JSON.stringify(KEPT + text),
  );
  return JSON.parse(kept) as TreeNode;
}

/** The JSON of a tree. */
export function writeTree(tree: TreeNode): string {
  return JSON.stringify(tree).replace(/"\\u0001number:([-+.eE\d]+)"/g, '$1');
}

/** Where a node begins in the text that was parsed, as far as the parser tells. */
export function locationOf(node: TreeNode): number | undefined {
  return typeof node['query_location'] === 'number' ? node['query_location'] : undefined;
}

/** Calls `change` for each node, the inner ones first, and puts what it returns in its place. */
export function mapTree(value: unknown, change: (node: TreeNode) => TreeNode): unknown {
  if (Array.isArray(value)) return value.map((item) => mapTree(item, change));
  if (typeof value !== 'object' || value === null) return value;
  const node = value as TreeNode;
  for (const key of Object.keys(node)) {
    const inner = node[key];
    if (typeof inner === 'object' && inner !== null) node[key] = mapTree(inner, change);
  }
  return change(node);
}

/** Calls `look` for each node, the outer ones first. */
export function walkTree(value: unknown, look: (node: TreeNode) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walkTree(item, look);
  } else if (typeof value === 'object' && value !== null) {
    look(value as TreeNode);
    for (const inner of Object.values(value)) walkTree(inner, look);
  }
}

/** A copy that shares nothing. */
export function copyTree<T extends TreeNode>(tree: T): T {
  return structuredClone(tree);
}

export function call(name: string, children: TreeNode[], schema = ''): Call {
  return {
    class: 'FUNCTION',
    type: 'FUNCTION',
    alias: '',
    query_location: 0,
    function_name: name,
    schema,
    children,
    filter: null,
    order_bys: { type: 'ORDER_MODIFIER', orders: [] },
    distinct: false,
    is_operator: false,
    export_state: false,
    catalog: '',
  };
}

export function text(value: string): TreeNode {
  return {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    alias: '',
    query_location: 0,
    value: { type: { id: 'VARCHAR', type_info: null }, is_null: false, value },
  };
}

export function cast(child: TreeNode, typeId: string, alias = ''): TreeNode {
  return {
    class: 'CAST',
    type: 'OPERATOR_CAST',
    alias,
    query_location: child['query_location'] ?? 0,
    child,
    cast_type: { id: typeId, type_info: null },
    try_cast: false,
  };
}

export function caseWhen(when: TreeNode, then: TreeNode, otherwise: TreeNode): TreeNode {
  return {
    class: 'CASE',
    type: 'CASE_EXPR',
    alias: '',
    query_location: 0,
    case_checks: [{ when_expr: when, then_expr: then }],
    else_expr: otherwise,
  };
}

export function nullConstant(): TreeNode {
  return {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    alias: '',
    query_location: 0,
    value: { type: { id: 'NULL', type_info: null }, is_null: true },
  };
}

export function column(...names: string[]): TreeNode {
  return {
    class: 'COLUMN_REF',
    type: 'COLUMN_REF',
    alias: '',
    query_location: 0,
    column_names: names,
  };
}

/** The text of a string constant, or undefined for any other node. */
export function constantText(node: TreeNode | undefined): string | undefined {
  if (node?.class !== 'CONSTANT') return undefined;
  const { value } = node['value'] as { value?: unknown };
  return typeof value === 'string' && !value.startsWith(KEPT) ? value : undefined;
}
