import { QueryError } from '../query-engine';

/** A word, name, literal or sign of a statement, and where in its text it stands. */
export interface Token {
  kind: 'word' | 'quoted' | 'backquoted' | 'string' | 'number' | 'symbol';
  /** As written, quotes included. */
  text: string;
  start: number;
  end: number;
}

const TOKEN =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>'(?:[^']|'')*')|(?<quoted>"(?:[^"]|"")*")|(?<backquoted>`(?:[^`]|``)*`)|(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<symbol><>|!=|<=|>=|\|\||->|=>|::|[^\s'"`])/uy;

/**
 * Splits a statement into tokens; comments and white space are left out.
 * @throws QueryError SYNTAX_ERROR for a string or name that does not end.
 */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let start = 0;
  while (start < sql.length) {
    TOKEN.lastIndex = start;
    const match = TOKEN.exec(sql);
    if (!match) {
      throw new QueryError(
        'SYNTAX_ERROR',
        `${position(sql, start)}: mismatched input '${sql.slice(start, start + 1)}': it opens a text or name that does not end`,
      );
    }
    const end = TOKEN.lastIndex;
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0];
    if (kind !== 'space') {
      tokens.push({ kind: kind as Token['kind'], text: match[0], start, end });
    }
    start = end;
  }
  return tokens;
}

/** Whether a token is this keyword or sign, in any case. */
export function is(token: Token | undefined, ...words: string[]): boolean {
  return (
    token !== undefined &&
    (token.kind === 'word' || token.kind === 'symbol') &&
    words.includes(token.text.toUpperCase())
  );
}

/** The index of the bracket that closes the one at `open`; the number of tokens where none does. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (is(tokens[i], '(', '[')) depth++;
    else if (is(tokens[i], ')', ']') && --depth === 0) return i;
  }
  return tokens.length;
}

/** A place in a text as Athena words it: `line 1:8`. */
export function position(sql: string, offset: number): string {
  const before = sql.slice(0, offset);
  const line = before.split('\n').length;
  return `line ${line}:${offset - (before.lastIndexOf('\n') + 1) + 1}`;
}

/** The name that a token gives, without its quotes; as written where it is a plain word. */
export function nameOf(token: Token): string {
  switch (token.kind) {
    case 'quoted':
      return token.text.slice(1, -1).replaceAll('""', '"');
    case 'backquoted':
      return token.text.slice(1, -1).replaceAll('``', '`');
    case 'string':
      return token.text.slice(1, -1).replaceAll("''", "'");
    default:
      return token.text;
  }
}

/** A SQL string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A quoted SQL name. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
