import { QueryError } from '../query-engine';
import { duckdbType, parseType } from './data-type';
import { HIDDEN_COLUMNS } from './hidden-columns';
import { closing, is, literal, nameOf, position, tokenize, type Token } from './tokenize';

/** A statement in words that DuckDB's parser takes, and the way back to the user's text. */
export interface DuckdbGrammar {
  sql: string;
  /** Where in the user's text a place of `sql` comes from. */
  originalOffset(offset: number): number;
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

/**
 * Rewrites what Trino's grammar has and DuckDB's parser does not know: types in casts, IGNORE
 * NULLS and WITHIN GROUP after a call, typed and binary literals, VALUES without brackets, and
 * `?`, for which the parameters' text is put in. Strings, comments and names stay as they are.
 *
 * @param parameters SQL literal text for each `?`
 * @throws QueryError SYNTAX_ERROR for what DuckDB would take and Trino does not, NOT_SUPPORTED for
 * what Trino has and this engine cannot do.
 */
export function toDuckdbGrammar(sql: string, parameters: readonly string[] = []): DuckdbGrammar {
  const tokens = tokenize(sql);
  const edits: Edit[] = [];
  let parameter = 0;
  while (tokens.length > 0 && is(tokens[tokens.length - 1], ';')) {
    const last = tokens.pop();
    if (last) edits.push({ start: last.start, end: last.end, text: '' });
  }

  const refuse = (token: Token, why: string): never => {
    throw new QueryError('NOT_SUPPORTED', `NOT_SUPPORTED: ${position(sql, token.start)}: ${why}`);
  };
  const mismatched = (token: Token, hint = ''): never => {
    throw new QueryError(
      'SYNTAX_ERROR',
      `${position(sql, token.start)}: mismatched input '${token.text}'.${hint}`,
    );
  };

  tokens.forEach((token, i) => {
    const next = tokens[i + 1];
    const previous = tokens[i - 1];
    if (token.kind === 'backquoted') {
      mismatched(
        token,
        ' Backquoted identifiers are not supported; use double quotes to quote identifiers',
      );
    }
    const hidden: readonly string[] = HIDDEN_COLUMNS;
    if (token.kind === 'quoted' && /^\$/.test(nameOf(token)) && !hidden.includes(nameOf(token))) {
      refuse(
        token,
        `the hidden column ${token.text} is not known to the local Athena, which has ${HIDDEN_COLUMNS.join(', ')}`,
      );
    }
    if (token.kind === 'symbol') {
      if (token.text === '?') {
        const text = parameters[parameter++];
        if (text === undefined) {
          throw new QueryError(
            'INVALID_PARAMETER_USAGE',
            `INVALID_PARAMETER_USAGE: Incorrect number of parameters: expected ${tokens.filter((t) => t.text === '?').length} but found ${parameters.length}`,
          );
        }
        edits.push({ start: token.start, end: token.end, text: ` ${text} ` });
      }
      if (token.text === '::')
        mismatched(token, ' Expecting: an operator; casts are CAST(x AS type)');
      if (token.text === ';') mismatched(token, ' Only one sql statement is allowed');
      if (token.text === '{') mismatched(token);
      if (token.text === '[' && !isSubscriptOrArray(previous)) mismatched(token);
      if (token.text === '$' || token.text === '@' || token.text === '#') mismatched(token);
      return;
    }
    if (token.kind !== 'word' || is(previous, '.')) return;
    if (is(token, 'CAST', 'TRY_CAST') && is(next, '(')) {
      edits.push(...castType(tokens, i));
    } else if (
      is(token, 'IGNORE', 'RESPECT') &&
      is(next, 'NULLS') &&
      is(previous, ')') &&
      previous
    ) {
      edits.push({ start: previous.start, end: previous.start, text: ` ${token.text} NULLS ` });
      edits.push({ start: token.start, end: next?.end ?? token.end, text: '' });
    } else if (is(token, 'WITHIN') && is(next, 'GROUP') && is(previous, ')') && previous) {
      const open = i + 2;
      const close = closing(tokens, open);
      const first = tokens[open];
      const last = tokens[close];
      if (first && last) {
        const order = sql.slice(first.end, last.start);
        edits.push({ start: previous.start, end: previous.start, text: ` ${order} ` });
        edits.push({ start: token.start, end: last.end, text: '' });
      }
    } else if (is(token, 'IF') && is(next, '(')) {
      const close = closing(tokens, i + 1);
      const end = tokens[close];
      if (end && commas(tokens, i + 1, close) === 1) {
        edits.push({ start: end.start, end: end.start, text: ', NULL' });
      }
    } else if (is(token, 'DECIMAL') && next?.kind === 'string') {
      edits.push({ start: token.start, end: next.end, text: nameOf(next) });
    } else if (is(token, 'JSON') && next?.kind === 'string') {
      edits.push({ start: token.start, end: next.end, text: `json_parse(${next.text})` });
    } else if (is(token, 'X') && next?.kind === 'string' && next.start === token.end) {
      const bytes = nameOf(next).replace(/\s+/g, '');
      edits.push({ start: token.start, end: next.end, text: `from_hex(${literal(bytes)})` });
    } else if (is(token, 'VALUES')) {
      edits.push(...bracketedRows(tokens, i + 1));
    } else if (is(token, 'TABLESAMPLE')) {
      refuse(token, 'TABLESAMPLE: read the whole table, or a partition of it');
    } else if (is(token, 'MATCH_RECOGNIZE')) {
      refuse(token, 'MATCH_RECOGNIZE: use window functions');
    } else if (is(token, 'FOR') && is(next, 'TIMESTAMP', 'VERSION')) {
      refuse(token, 'time travel is for Iceberg tables, which the local Athena does not have');
    } else if (
      is(token, 'QUALIFY', 'PIVOT', 'UNPIVOT', 'ILIKE', 'ASOF', 'POSITIONAL', 'SUMMARIZE')
    ) {
      if (next && !is(next, ',', ')', '=', '.', 'FROM', 'AS')) mismatched(token);
    } else if (is(token, 'EXCLUDE', 'REPLACE') && is(previous, '*') && is(next, '(')) {
      mismatched(token);
    } else if (is(token, 'BY') && is(next, 'ALL') && is(previous, 'GROUP', 'ORDER')) {
      mismatched(next ?? token);
    }
  });
  if (parameter < parameters.length) {
    throw new QueryError(
      'INVALID_PARAMETER_USAGE',
      `INVALID_PARAMETER_USAGE: Incorrect number of parameters: expected ${parameter} but found ${parameters.length}`,
    );
  }
  return apply(sql, edits);
}

const BEFORE_A_VALUE =
  'SELECT DISTINCT ALL WHERE AND OR NOT IN BY ON HAVING WHEN THEN ELSE CASE BETWEEN LIKE'.split(
    ' ',
  );

/** `a[1]`, `f(x)[1]`, `"a"[1]` and `ARRAY[…]`; nothing else opens a square bracket in Trino. */
function isSubscriptOrArray(previous: Token | undefined): boolean {
  if (previous === undefined) return false;
  if (is(previous, ...BEFORE_A_VALUE)) return false;
  return previous.kind === 'word' || previous.kind === 'quoted' || is(previous, ')', ']');
}

/** How many commas a bracket has of its own. */
function commas(tokens: readonly Token[], open: number, close: number): number {
  let count = 0;
  let depth = 0;
  for (let i = open; i < close; i++) {
    if (is(tokens[i], '(', '[')) depth++;
    else if (is(tokens[i], ')', ']')) depth--;
    else if (depth === 1 && is(tokens[i], ',')) count++;
  }
  return count;
}

/** DuckDB's name for the type of the CAST at `at`. A varchar with a length cuts. */
function castType(tokens: readonly Token[], at: number): Edit[] {
  const open = at + 1;
  const close = closing(tokens, open);
  let depth = 0;
  for (let i = open; i < close; i++) {
    if (is(tokens[i], '(', '[')) depth++;
    else if (is(tokens[i], ')', ']')) depth--;
    else if (depth === 1 && is(tokens[i], 'AS')) {
      const words = tokens.slice(i + 1, close);
      const [cast, first, last, end] = [
        tokens[at],
        words[0],
        words[words.length - 1],
        tokens[close],
      ];
      if (!cast || !first || !last || !end) return [];
      const type = parseType(words.map(({ text }) => text).join(' '));
      const typed = { start: first.start, end: last.end, text: duckdbType(type) };
      if (type.kind !== 'scalar' || type.name !== 'varchar' || !type.parameters[0]) return [typed];
      return [
        { start: cast.start, end: cast.start, text: 'cut_text(' },
        typed,
        { start: end.end, end: end.end, text: `, ${type.parameters[0]})` },
      ];
    }
  }
  return [];
}

/** `VALUES 1, 2` is `VALUES (1), (2)`. */
function bracketedRows(tokens: readonly Token[], first: number): Edit[] {
  const edits: Edit[] = [];
  let depth = 0;
  let begin = first;
  const ends = ['UNION', 'EXCEPT', 'INTERSECT', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH'];
  for (let i = first; i <= tokens.length; i++) {
    const token = tokens[i];
    const isEnd = token === undefined || (depth === 0 && is(token, ')', ...ends));
    if (isEnd || (depth === 0 && is(token, ','))) {
      const from = tokens[begin];
      const to = tokens[i - 1];
      const isRow = is(from, '(') && closing(tokens, begin) === i - 1;
      if (from && to && i > begin && !isRow) {
        // ROW(1, 2) is a row too.
        if (is(from, 'ROW') && is(tokens[begin + 1], '(')) {
          edits.push({ start: from.start, end: from.end, text: '' });
        } else {
          edits.push({ start: from.start, end: from.start, text: '(' });
          edits.push({ start: to.end, end: to.end, text: ')' });
        }
      }
      if (isEnd) break;
      begin = i + 1;
    } else if (is(token, '(', '[')) depth++;
    else if (is(token, ')', ']')) depth--;
  }
  return edits;
}

function apply(sql: string, unsorted: readonly Edit[]): DuckdbGrammar {
  const edits = [...unsorted].sort((a, b) => a.start - b.start || a.end - b.end);
  const pieces: { at: number; from: number }[] = [];
  let out = '';
  let done = 0;
  for (const { start, end, text } of edits) {
    if (start < done) continue;
    pieces.push({ at: out.length, from: done });
    out += sql.slice(done, start);
    pieces.push({ at: out.length, from: start });
    out += text;
    done = end;
  }
  pieces.push({ at: out.length, from: done });
  out += sql.slice(done);
  return {
    sql: out,
    originalOffset(offset) {
      let found = 0;
      for (let i = 0; i < pieces.length; i++) if ((pieces[i]?.at ?? 0) <= offset) found = i;
      const piece = pieces[found] ?? { at: 0, from: 0 };
      const limit = pieces[found + 1]?.from ?? sql.length;
      return Math.min(piece.from + offset - piece.at, limit);
    },
  };
}
