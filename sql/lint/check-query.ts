import { checkExpression } from './expression-rules';
import type { Report } from './finding';
import type { Catalog, Relation, StaticType } from './relation';
import { staticType, type Resolve } from './static-type';
import { unquoted, type SqlNode } from './syntax-tree';

/** A relation of FROM under the name by which columns say it; undefined where it has none. */
interface Source {
  name: string | undefined;
  columns: Relation;
}

const QUERY = new Set(['QueryStatement', 'QueryNoWith', 'QuerySpecification', 'SetOperation']);

/**
 * Checks a query and all queries within, resolving every column as Athena does, and returns its
 * columns.
 */
export function checkQuery(node: SqlNode, catalog: Catalog, report: Report): Relation {
  switch (node.kind) {
    case 'QueryStatement': {
      const [withClause, body] = node.children;
      const named = new Map(catalog);
      for (const query of withClause?.children ?? []) {
        if (query.kind !== 'NamedQuery') continue;
        const [name] = query.children;
        const inner = query.children.find((child) => isQuery(child));
        if (!name || !inner) continue;
        checkName(name, report);
        named.set(unquoted(name.text), checkQuery(inner, named, report));
      }
      return body ? checkQuery(body, named, report) : new Map();
    }
    case 'QueryNoWith': {
      const [body, ...ordering] = node.children;
      if (body?.kind !== 'QuerySpecification')
        return body ? checkQuery(body, catalog, report) : new Map();
      return checkSelect(body, ordering, catalog, report);
    }
    case 'QuerySpecification':
      return checkSelect(node, [], catalog, report);
    case 'SetOperation': {
      const [first, ...others] = node.children.filter((child) => isQuery(child));
      for (const other of others) checkQuery(other, catalog, report);
      return first ? checkQuery(first, catalog, report) : new Map();
    }
    case 'Subquery':
      return node.children[1] ? checkQuery(node.children[1], catalog, report) : new Map();
    default:
      report('syntax', node, 'write SELECT … FROM …');
      return new Map();
  }
}

/** Whether the node is a query, or one in parentheses. */
export function isQuery({ kind }: SqlNode): boolean {
  return QUERY.has(kind) || kind === 'Subquery';
}

function checkSelect(
  select: SqlNode,
  ordering: SqlNode[],
  catalog: Catalog,
  report: Report,
): Relation {
  const { children } = select;
  const from = children.findIndex((child) => isWord(child, 'FROM'));
  const items = children
    .slice(1, from < 0 ? undefined : from)
    .flatMap((child) => (child.kind === 'SelectList' ? child.children : [child]))
    .filter((child) => !isWord(child, ',') && !isWord(child, 'DISTINCT'));
  const isClause = (child: SqlNode): boolean =>
    ['WhereClause', 'HavingClause'].includes(child.kind) ||
    isWord(child, 'GROUP') ||
    isWord(child, 'WINDOW');
  const afterFrom = from < 0 ? [] : children.slice(from + 1);
  const clausesStart = afterFrom.findIndex(isClause);
  const relations = afterFrom.slice(0, clausesStart < 0 ? undefined : clausesStart);
  const clauses = clausesStart < 0 ? [] : afterFrom.slice(clausesStart);

  const sources: Source[] = [];
  const conditions: SqlNode[] = [];
  for (const relation of relations) {
    if (!isWord(relation, ',')) readRelation(relation, catalog, report, sources, conditions);
  }

  const named = items.map((item) => readItem(item, report));
  const aliases = new Set(named.flatMap(({ alias }) => alias ?? []));
  const resolve: Resolve = (column) => resolveIn(sources, column);
  const check = (node: SqlNode, where: string): void =>
    checkTree(node, undefined, { catalog, report, resolve }, (column) =>
      checkColumn(column, sources, aliases, where, report),
    );
  for (const condition of conditions) check(condition, 'ON');
  for (const { expression } of named) check(expression, 'SELECT');
  for (const clause of clauses) {
    const where = { WhereClause: 'WHERE', HavingClause: 'HAVING' }[clause.kind] ?? 'GROUP BY';
    check(clause, where);
  }

  const output = new Map<string, StaticType>();
  for (const { alias, expression } of named) {
    const name = alias ?? (expression.kind === 'column' ? expression.parts.at(-1) : undefined);
    if (name === undefined) {
      if (!isStar(expression)) report('names', expression, `name it: ${expression.text} AS …`);
      continue;
    }
    if (output.has(name)) report('names', expression, `there is another column ${name}`);
    output.set(name, staticType(expression, resolve));
  }
  const limit = ordering.find((part) => isWord(part, 'LIMIT') || isWord(part, 'FETCH'));
  if (limit && !ordering.some((part) => isWord(part, 'ORDER'))) {
    report('limit', limit, 'write ORDER BY before LIMIT: which rows it takes is chance otherwise');
  }
  for (const part of ordering) {
    checkTree(part, undefined, { catalog, report, resolve }, (column) => {
      const [name = ''] = column.parts;
      if (column.parts.length > 1 || !output.has(name)) {
        checkColumn(column, sources, new Set(), 'ORDER BY', report);
      }
    });
  }
  return output;
}

/** Adds what a part of FROM brings, and the conditions of its joins. */
function readRelation(
  node: SqlNode,
  catalog: Catalog,
  report: Report,
  sources: Source[],
  conditions: SqlNode[],
): void {
  const open = (relation: SqlNode, name: string | undefined): void => {
    sources.push({ name, columns: relationColumns(relation, catalog, report) });
  };
  switch (node.kind) {
    case 'JoinRelation':
      for (const child of node.children) {
        if (child.kind === 'JoinCriteria') conditions.push(child);
        else if (child.kind !== 'token' && child.kind !== 'JoinType') {
          readRelation(child, catalog, report, sources, conditions);
        }
      }
      break;
    case 'AliasedRelation': {
      const [relation, as, alias] = node.children;
      if (!relation || !as) break;
      if (!isWord(as, 'AS')) report('names', as, `write AS before the name ${as.text}`);
      const name = alias ?? as;
      checkName(name, report);
      open(relation, unquoted(name.text));
      break;
    }
    case 'ParenthesizedRelation':
      if (node.children[1]) readRelation(node.children[1], catalog, report, sources, conditions);
      break;
    default:
      open(node, node.kind === 'table' ? node.parts.at(-1) : undefined);
  }
}

function relationColumns(node: SqlNode, catalog: Catalog, report: Report): Relation {
  if (node.kind === 'table') {
    const [name = '', ...more] = node.parts;
    const found = more.length === 0 ? catalog.get(name) : undefined;
    if (!found) {
      const known = [...catalog.keys()].join(', ');
      report('table', node, `there is no table or view ${node.text}; there are: ${known}`);
    }
    return found ?? new Map();
  }
  const query = node.kind === 'SubqueryRelation' ? node.children[1] : node;
  return query ? checkQuery(query, catalog, report) : new Map();
}

function readItem(item: SqlNode, report: Report): { expression: SqlNode; alias?: string } {
  if (isStar(item)) {
    report('star', item, 'write the columns: those of * change with the table');
  }
  const [expression, as, alias] = item.children;
  if (item.kind !== 'SelectItem' || !expression || !as) return { expression: item };
  if (!isWord(as, 'AS')) report('names', as, `write AS before the name ${as.text}`);
  const name = alias ?? as;
  checkName(name, report);
  return { expression, alias: unquoted(name.text) };
}

function isStar({ text }: SqlNode): boolean {
  return text === '*' || text.endsWith('. *');
}

function checkTree(
  node: SqlNode,
  parent: SqlNode | undefined,
  scope: { catalog: Catalog; report: Report; resolve: Resolve },
  checkReference: (column: SqlNode) => void,
): void {
  const { catalog, report, resolve } = scope;
  if (isQuery(node)) {
    checkQuery(node, catalog, report);
    return;
  }
  if (node.kind === 'column') {
    checkReference(node);
    return;
  }
  checkExpression({ node, parent, typeOf: (child) => staticType(child, resolve), report });
  for (const child of node.children) checkTree(child, node, scope, checkReference);
}

function checkColumn(
  column: SqlNode,
  sources: Source[],
  aliases: ReadonlySet<string>,
  where: string,
  report: Report,
): void {
  checkName(column, report);
  const found = matching(sources, column);
  if (found.length === 1) return;
  const name = column.parts.at(-1) ?? '';
  if (found.length > 1) {
    const names = found.map((source) => `${source.name}.${name}`).join(' or ');
    report('column', column, `write ${names}: several have a column ${name}`);
  } else if (column.parts.length === 1 && aliases.has(name)) {
    report(
      'alias',
      column,
      `${where} does not see the name ${name} that SELECT gives: repeat the expression, or name it in a query before`,
    );
  } else {
    report('column', column, `there is no column ${column.parts.join('.')} in FROM`);
  }
}

function matching(sources: Source[], { parts }: SqlNode): Source[] {
  const [qualifier, name] = parts.length > 1 ? parts : [undefined, parts[0]];
  return sources.filter(
    (source) =>
      (qualifier === undefined || source.name === qualifier) && source.columns.has(name ?? ''),
  );
}

function resolveIn(sources: Source[], column: SqlNode): StaticType {
  return matching(sources, column)[0]?.columns.get(column.parts.at(-1) ?? '');
}

function checkName(node: SqlNode, report: Report): void {
  const written = node.text.replaceAll(' ', '');
  if (
    !/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$/.test(written) &&
    !/^("\$\w+"|\w+\."\$\w+")$/.test(written)
  ) {
    report('names', node, `write lower_snake_case without quotes, not ${written}`);
  }
}

function isWord(node: SqlNode, word: string): boolean {
  return node.kind === 'token' && node.text.toUpperCase() === word;
}
