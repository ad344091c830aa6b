import { QueryError } from '../query-engine';
import { closing, is, nameOf, position, tokenize, type Token } from './tokenize';

/** Reads a statement's tokens from left to right. */
export interface TokenReader {
  /** Whether these words come next. */
  sees(...words: string[]): boolean;
  /** Takes these words where they come next. */
  takes(...words: string[]): boolean;
  /** @throws QueryError SYNTAX_ERROR where other words come next. */
  expect(...words: string[]): void;
  /** A name, quoted in any way or not, in lower case. */
  name(): string;
  /** `table` or `database.table`; a catalog before it is left out. */
  tableName(database: string): { database: string; table: string };
  /** A string literal's text. */
  string(): string;
  /** `('key' = 'value', …)`, keys with or without quotes. */
  properties(): Record<string, string>;
  /** The text up to the bracket that closes the one that comes next, which is taken too. */
  bracketed(): string;
  /** The text from here to the end. */
  rest(): string;
  /** The text from here to the end, not taken. */
  upcoming(): string;
  /** The next token's text, taken. */
  word(): string;
  atEnd(): boolean;
  /** @throws QueryError SYNTAX_ERROR at the next token. */
  fail(expected: string): never;
}

export function readTokens(sql: string): TokenReader {
  const tokens = tokenize(sql);
  while (is(tokens[tokens.length - 1], ';')) tokens.pop();
  let at = 0;
  const end = tokens[tokens.length - 1]?.end ?? 0;
  const sees = (...words: string[]): boolean => words.every((word, i) => is(tokens[at + i], word));
  const fail = (expected: string): never => {
    const token = tokens[at];
    const place = position(sql, token?.start ?? end);
    throw new QueryError(
      'SYNTAX_ERROR',
      `${place}: mismatched input '${token?.text ?? '<EOF>'}'. Expecting: ${expected}`,
    );
  };
  const take = (accepts: (token: Token) => boolean, expected: string): Token => {
    const token = tokens[at];
    if (!token || !accepts(token)) return fail(expected);
    at++;
    return token;
  };
  const reader: TokenReader = {
    sees,
    takes(...words) {
      if (!sees(...words)) return false;
      at += words.length;
      return true;
    },
    expect(...words) {
      if (!reader.takes(...words)) fail(words.map((word) => `'${word}'`).join(' '));
    },
    name: () =>
      nameOf(
        take(({ kind }) => ['word', 'quoted', 'backquoted'].includes(kind), '<identifier>'),
      ).toLowerCase(),
    tableName(database) {
      const names = [reader.name()];
      while (reader.takes('.')) names.push(reader.name());
      const table = names.pop() ?? '';
      return { database: names.pop() ?? database, table };
    },
    string: () => nameOf(take(({ kind }) => kind === 'string', 'a string')),
    properties() {
      const found: Record<string, string> = {};
      reader.expect('(');
      do {
        const key = take(({ kind }) => kind !== 'symbol', 'a property');
        reader.expect('=');
        const start = at;
        if (is(tokens[at], 'ARRAY')) {
          at++;
          const close = closing(tokens, at);
          found[nameOf(key)] = tokens
            .slice(at + 1, close)
            .filter(({ kind }) => kind === 'string')
            .map(nameOf)
            .join(',');
          at = close + 1;
        } else {
          const value = take(({ kind }) => kind !== 'symbol', 'a value');
          found[nameOf(key)] = nameOf(value);
        }
        if (at === start) fail('a value');
      } while (reader.takes(','));
      reader.expect(')');
      return found;
    },
    bracketed() {
      const open = take((token) => is(token, '('), "'('");
      const close = closing(tokens, at - 1);
      const last = tokens[close];
      if (!last) {
        at = tokens.length;
        return fail("')'");
      }
      at = close + 1;
      return padded(sql, open.end, last.start);
    },
    rest() {
      const start = tokens[at]?.start ?? end;
      at = tokens.length;
      return padded(sql, start, end);
    },
    upcoming: () => sql.slice(tokens[at]?.start ?? end, end),
    word: () => take(() => true, 'a word').text,
    atEnd: () => at >= tokens.length,
    fail,
  };
  return reader;
}

/** A part of a text behind as many lines and spaces, so that errors name places of the whole. */
function padded(sql: string, start: number, end: number): string {
  return sql.slice(0, start).replace(/[^\n]/g, ' ') + sql.slice(start, end);
}
