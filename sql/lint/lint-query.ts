import {
  parseQueryFile,
  QueryFileError,
  type QueryColumn,
  type QueryFile,
} from '@saleslake/shared/catalog/query-file';
import { checkQuery, isQuery } from './check-query';
import { inOrder, type Finding, type Report } from './finding';
import { viewName, withoutParameters, type Catalog, type Relation } from './relation';
import { nodesOf, parseSql, type SqlNode, type SyntaxError } from './syntax-tree';

/** A statement may not be this, and what to write instead. */
const SYNTAX_HINTS: [RegExp, string][] = [
  [/^:/, 'write CAST(x AS type), not ::'],
  [/^ILIKE$/i, "write lower(x) LIKE '…', not ILIKE"],
  [/^QUALIFY$/i, 'write the window function in a query before and WHERE after it, not QUALIFY'],
  [/^EXCLUDE$/i, 'write the columns'],
];

/**
 * Lints a file of sql/views, sql/analytics or sql/quality: whether it is Trino's SQL, means the
 * same to DuckDB, and is what its header says. Findings are in the text's order.
 *
 * @param file the path, for the name and for messages
 */
export function lintQuery(file: string, text: string, catalog: Catalog): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (rule, { line, column }, message) => {
    findings.push({ rule, line, column, message });
  };
  const header = readHeader(file, text, report);
  const { statements, errors } = parseSql(text);
  if (errors.length > 0) {
    const [first] = errors;
    if (first) report('syntax', first, syntaxMessage(first, text));
  } else {
    const [statement, second] = statements;
    if (second) report('one-statement', second, 'write one statement a file');
    if (statement) checkStatement(statement, header, catalog, report);
  }
  return inOrder(findings);
}

function readHeader(file: string, text: string, report: Report): QueryFile | undefined {
  try {
    return parseQueryFile(file, text);
  } catch (error) {
    if (!(error instanceof QueryFileError)) throw error;
    const message = error.message.replace(`${file}:${error.line}: `, '');
    report('header', { line: error.line, column: 1 }, message);
    return undefined;
  }
}

function syntaxMessage({ line, column, found, message }: SyntaxError, text: string): string {
  const rest = (text.split('\n')[line - 1] ?? '').slice(column - 1);
  const before = (text.split('\n')[line - 1] ?? '').slice(0, column - 1).trim();
  const hint = SYNTAX_HINTS.find(
    ([form]) => form.test(found) || form.test(before.split(' ').at(-1) ?? ''),
  );
  const short = message.replace(/ expecting \{.*/s, '');
  return hint ? hint[1] : `Athena does not understand ${rest.trim() || 'the end'}: ${short}`;
}

function checkStatement(
  statement: SqlNode,
  header: QueryFile | undefined,
  catalog: Catalog,
  report: Report,
): void {
  const view = [...nodesOf(statement)].find(({ kind }) => kind === 'CreateView');
  const query = view ? view.children.find((child) => isQuery(child)) : statement;
  if (!query || !isQuery(query)) {
    report('one-statement', statement, 'write SELECT … or CREATE OR REPLACE VIEW … AS SELECT …');
    return;
  }
  const columns = checkQuery(query, catalog, report);
  if (!header) return;
  if (view) checkView(view, header, report);
  checkParameters(query, header, report);
  checkColumns(query, columns, header.columns, report);
  const ordering = orderOf(query);
  if ((ordering !== undefined) !== (header.order !== undefined)) {
    report(
      'header',
      ordering ?? query,
      ordering ? 'the header says -- Order: none' : `the header says ordered ${header.order}`,
    );
  }
}

function checkView(view: SqlNode, header: QueryFile, report: Report): void {
  const words = view.children.slice(0, 4).map(({ text }) => text.toUpperCase());
  if (words.join(' ') !== 'CREATE OR REPLACE VIEW') {
    report('view', view, 'write CREATE OR REPLACE VIEW, so that it can be created again');
  }
  const name = view.children[4];
  if (name && name.text !== viewName(header.name)) {
    report('view', name, `the file ${header.name}.sql creates the view ${viewName(header.name)}`);
  }
  if (header.parameters.length > 0) report('view', view, 'a view has no parameters');
}

/** Each `?` is CAST(? AS type), with the type and in the order of the header. */
function checkParameters(query: SqlNode, { parameters }: QueryFile, report: Report): void {
  const isParameter = ({ kind, text }: SqlNode): boolean => kind === 'token' && text === '?';
  const written = [...nodesOf(query)].flatMap((node) =>
    node.children.filter(isParameter).map((mark) => ({ mark, parent: node })),
  );
  if (written.length !== parameters.length) {
    const at = written.at(-1)?.mark ?? query;
    report(
      'header',
      at,
      `there are ${written.length} ?, the header has ${parameters.length} parameters`,
    );
    return;
  }
  for (const [i, { mark, parent }] of written.entries()) {
    const { name = '', type = '' } = parameters[i] ?? {};
    const castTo = parent.kind === 'Cast' ? parent.children.at(-2)?.text.replaceAll(' ', '') : '';
    if (castTo !== type) {
      report('parameter', mark, `write CAST(? AS ${type}) for the parameter ${name}`);
    }
  }
}

function checkColumns(
  query: SqlNode,
  columns: Relation,
  declared: readonly QueryColumn[],
  report: Report,
): void {
  const names = [...columns.keys()].join(', ');
  const declaredNames = declared.map(({ name }) => name).join(', ');
  if (names !== declaredNames) {
    report('header', query, `the columns are ${names}; the header says ${declaredNames}`);
    return;
  }
  for (const { name, type } of declared) {
    const known = columns.get(name);
    if (known !== undefined && known !== withoutParameters(type)) {
      report('header', query, `${name} is ${known}; the header says ${type}`);
    }
  }
}

/** Where the rows of the whole query are ordered, if they are. */
function orderOf(query: SqlNode): SqlNode | undefined {
  const body = query.kind === 'QueryStatement' ? query.children[1] : query;
  if (body?.kind !== 'QueryNoWith') return undefined;
  return body.children.find(({ kind, text }) => kind === 'token' && /^ORDER$/i.test(text));
}
