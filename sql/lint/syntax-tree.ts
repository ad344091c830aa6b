import { createRequire } from 'node:module';
import { runInThisContext } from 'node:vm';
import { buildSync } from 'esbuild';

/** Where something begins, both from 1. */
export interface Position {
  line: number;
  column: number;
}

/**
 * A node of a statement's syntax. Steps of the grammar that only lead to the next are left out;
 * the rest is named as the grammar names it: `QuerySpecification`, `Cast`, `FunctionCall` …
 * Besides these there are `token` (a word or sign), `column` (a reference, with its parts) and
 * `table` (one in FROM).
 */
export interface SqlNode extends Position {
  kind: string;
  /** The text as written, without comments and white space between words. */
  text: string;
  /** Of a column or table: its dotted parts, lower case, without quotes. */
  parts: string[];
  children: SqlNode[];
}

export interface SyntaxError extends Position {
  message: string;
  /** The word or sign at which the grammar gave up. */
  found: string;
}

export interface Syntax {
  /** The statements, as many as the text has. */
  statements: SqlNode[];
  errors: SyntaxError[];
}

interface Token {
  text: string;
  line: number;
  column: number;
}

interface Tree {
  symbol?: Token;
  start?: Token;
  children?: Tree[];
}

interface Parser {
  removeErrorListeners(): void;
  addErrorListener(listener: object): void;
  program(): Tree;
}

interface Grammar {
  CharStreams: { fromString(text: string): object };
  CommonTokenStream: new (lexer: object) => object;
  SqlLexer: new (text: object) => { removeErrorListeners(): void };
  SqlParser: new (tokens: object) => Parser;
}

/** Athena's queries and views are Trino's SQL, its statements about tables Hive's. */
export type Dialect = 'trino' | 'hive';

const loaded = new Map<Dialect, Grammar>();

/** dt-sql-parser is written as ES modules that Node does not load, so its grammars are bundled. */
function grammar(dialect: Dialect): Grammar {
  const known = loaded.get(dialect);
  if (known) return known;
  const name = dialect === 'trino' ? 'TrinoSql' : 'HiveSql';
  const lib = `dt-sql-parser/dist/lib/${dialect}/${name}`;
  const { outputFiles } = buildSync({
    stdin: {
      contents: `export { ${name}Lexer as SqlLexer } from '${lib}Lexer';
        export { ${name}Parser as SqlParser } from '${lib}Parser';
        export { CharStreams, CommonTokenStream } from 'antlr4ng';`,
      resolveDir: __dirname,
    },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    write: false,
  });
  const module = { exports: {} };
  const run = runInThisContext(
    `(function (module, exports, require) {${outputFiles[0]?.text ?? ''}\n})`,
  ) as (module: object, exports: object, require: NodeJS.Require) => void;
  run(module, module.exports, createRequire(__filename));
  const exported = module.exports as Grammar;
  loaded.set(dialect, exported);
  return exported;
}

/** Parses statements. Never throws: what is no SQL is among `errors`. */
export function parseSql(text: string, dialect: Dialect = 'trino'): Syntax {
  const { CharStreams, CommonTokenStream, SqlLexer, SqlParser } = grammar(dialect);
  const lexer = new SqlLexer(CharStreams.fromString(text));
  lexer.removeErrorListeners();
  const parser = new SqlParser(new CommonTokenStream(lexer));
  const errors: SyntaxError[] = [];
  parser.removeErrorListeners();
  parser.addErrorListener({
    syntaxError(_: object, token: Token | null, line: number, column: number, message: string) {
      errors.push({ line, column: column + 1, message, found: token?.text ?? '' });
    },
    reportAmbiguity() {},
    reportAttemptingFullContext() {},
    reportContextSensitivity() {},
  });
  const { children = [] } = parser.program();
  const statements = children
    .flatMap((child) => (nameOf(child) === 'Statements' ? (child.children ?? []) : [child]))
    .map(toNode)
    .flatMap((node) => (WRAPPERS.has(node.kind) ? node.children : [node]))
    .filter(({ text }) => text !== '' && text !== ';' && text !== '<EOF>');
  return { statements, errors };
}

/** A statement with its semicolon. */
const WRAPPERS = new Set(['SingleStatement', 'Statement']);

const COLUMN = new Set([
  'ColumnReference',
  'ColumnRef',
  'ColumnName',
  'SelectLiteralColumnName',
  'JoinColumnReference',
]);
const TABLE = new Set(['TableName', 'TableOrViewName']);

function nameOf(tree: Tree): string {
  return tree.symbol ? 'token' : tree.constructor.name.replace(/Context$/, '');
}

function toNode(tree: Tree): SqlNode {
  const kind = nameOf(tree);
  if (tree.symbol) {
    const { text, line, column } = tree.symbol;
    return { kind, text, line, column: column + 1, parts: [], children: [] };
  }
  const at = { line: tree.start?.line ?? 1, column: (tree.start?.column ?? 0) + 1 };
  const children = (tree.children ?? []).map(toNode);
  const text = children.map((child) => child.text).join(' ');
  if (COLUMN.has(kind) || TABLE.has(kind)) {
    const named = TABLE.has(kind) ? 'table' : 'column';
    return { kind: named, text, ...at, parts: words(tree).map(unquoted), children: [] };
  }
  const [only, second] = children;
  if (only && !second) return only;
  return { kind, text, ...at, parts: [], children };
}

function words(tree: Tree): string[] {
  if (tree.symbol) return tree.symbol.text === '.' ? [] : [tree.symbol.text];
  return (tree.children ?? []).flatMap(words);
}

/** An identifier as SQL compares it. */
export function unquoted(identifier: string): string {
  return identifier.replace(/^"(.*)"$/, '$1').toLowerCase();
}

/** The node and all below it, parents first. */
export function* nodesOf(node: SqlNode): Generator<SqlNode> {
  yield node;
  for (const child of node.children) yield* nodesOf(child);
}
