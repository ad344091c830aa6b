import type { GlueColumn } from './glue-catalog';
import { invalidInput } from './glue-error';

/** Whether a partition with these values is asked for. */
export type PartitionFilter = (values: readonly string[]) => boolean;

type Value = string | number;
/** SQL's three truth values; undefined is unknown, as of a value that is no number. */
type Condition = (values: readonly string[]) => boolean | undefined;

const TOKEN = /\s*(?:'((?:[^']|'')*)'|"([^"]+)"|`([^`]+)`|(<=|>=|<>|!=|=|<|>|[(),])|([\w.+-]+))/y;
const NUMERIC = /^(?:tinyint|smallint|int|integer|bigint|long|float|double|decimal\b.*)$/i;

const COMPARISONS: Record<string, (a: Value, b: Value) => boolean> = {
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

interface Token {
  kind: 'text' | 'name' | 'symbol' | 'word';
  text: string;
}

/**
 * Compiles the `Expression` of GetPartitions: comparisons of partition columns with literals, IN,
 * BETWEEN, LIKE, IS NULL, under AND, OR, NOT and parentheses. Values are compared as the
 * column's type has it. Throws InvalidInputException for another text or an unknown column.
 * https://docs.aws.amazon.com/glue/latest/webapi/API_GetPartitions.html
 */
export function partitionFilter(
  expression: string,
  partitionKeys: readonly GlueColumn[],
): PartitionFilter {
  if (expression.trim() === '') return () => true;
  const tokens = tokensOf(expression);
  let at = 0;

  const fail = (expected: string): never => {
    const found = tokens[at]?.text ?? 'the end';
    throw invalidInput(`Expression ${expression}: expected ${expected}, found ${found}.`);
  };
  const isNext = (...words: string[]): boolean =>
    words.every((word, i) => {
      const token = tokens[at + i];
      return token?.kind !== 'text' && token?.text.toLowerCase() === word;
    });
  const accept = (...words: string[]): boolean => {
    const is = isNext(...words);
    if (is) at += words.length;
    return is;
  };
  const expect = (word: string): void => {
    if (!accept(word)) fail(word.toUpperCase());
  };

  function anyOf(): Condition {
    const terms = [allOf()];
    while (accept('or')) terms.push(allOf());
    return (values) => {
      const results = terms.map((term) => term(values));
      return results.includes(true) || (results.includes(undefined) ? undefined : false);
    };
  }

  function allOf(): Condition {
    const terms = [term()];
    while (accept('and')) terms.push(term());
    return (values) => {
      const results = terms.map((one) => one(values));
      return !results.includes(false) && (results.includes(undefined) ? undefined : true);
    };
  }

  function term(): Condition {
    if (accept('not')) return not(term());
    if (!accept('(')) return comparison();
    const inner = anyOf();
    expect(')');
    return inner;
  }

  function comparison(): Condition {
    const token = tokens[at] ?? fail('a partition column');
    const index = partitionKeys.findIndex(
      ({ name }) => name.toLowerCase() === token.text.toLowerCase(),
    );
    const column = partitionKeys[index];
    if (!column || token.kind === 'text' || token.kind === 'symbol') {
      const names = partitionKeys.map(({ name }) => name).join(', ') || 'none';
      return fail(`a partition column (${names})`);
    }
    at += 1;
    const numeric = NUMERIC.test(column.type);
    const read = (text: string): Value | undefined => {
      if (!numeric) return text;
      const number = text.trim() === '' ? NaN : Number(text);
      return Number.isNaN(number) ? undefined : number;
    };
    const literal = (): Value => {
      // DATE '2025-01-01' compares as its text does.
      if (!accept('date')) accept('timestamp');
      const { kind, text } = tokens[at] ?? fail('a literal');
      if (kind === 'name' || kind === 'symbol') return fail('a literal');
      const value = read(text);
      if (value === undefined) return fail(`a number to compare ${column.name} with`);
      at += 1;
      return value;
    };
    const holds =
      (compare: (value: Value) => boolean): Condition =>
      (values) => {
        const value = read(values[index] ?? '');
        return value === undefined ? undefined : compare(value);
      };

    const symbol = tokens[at]?.kind === 'symbol' ? tokens[at]?.text : undefined;
    const compare = symbol === undefined ? undefined : COMPARISONS[symbol];
    if (compare) {
      at += 1;
      const other = literal();
      return holds((value) => compare(value, other));
    }
    if (accept('is')) {
      const negated = accept('not');
      expect('null');
      return (values) => (read(values[index] ?? '') === undefined) !== negated;
    }
    const negated = accept('not');
    const condition = range() ?? list() ?? pattern() ?? fail('a comparison');
    return negated ? not(condition) : condition;

    function range(): Condition | undefined {
      if (!accept('between')) return undefined;
      const low = literal();
      expect('and');
      const high = literal();
      return holds((value) => value >= low && value <= high);
    }

    function list(): Condition | undefined {
      if (!accept('in')) return undefined;
      expect('(');
      const members = [literal()];
      while (accept(',')) members.push(literal());
      expect(')');
      return holds((value) => members.includes(value));
    }

    function pattern(): Condition | undefined {
      if (!accept('like')) return undefined;
      const { kind, text } = tokens[at] ?? fail('a pattern');
      if (kind !== 'text') return fail('a pattern in quotes');
      at += 1;
      const regex = likePattern(text);
      return holds((value) => regex.test(String(value)));
    }
  }

  const condition = anyOf();
  if (at < tokens.length) fail('AND, OR or the end');
  return (values) => condition(values) === true;
}

function not(condition: Condition): Condition {
  return (values) => {
    const result = condition(values);
    return result === undefined ? undefined : !result;
  };
}

function likePattern(text: string): RegExp {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('%', '.*').replaceAll('_', '.')}$`, 's');
}

function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  const text = expression.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw invalidInput(`Expression ${expression}: cannot read ${text.slice(start)}.`);
    const [, quoted, doubleQuoted, backquoted, symbol, word = ''] = match;
    if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replaceAll("''", "'") });
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol });
    else {
      const name = doubleQuoted ?? backquoted;
      tokens.push(name === undefined ? { kind: 'word', text: word } : { kind: 'name', text: name });
    }
  }
  return tokens;
}
