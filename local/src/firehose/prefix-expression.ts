import { randomUUID } from 'node:crypto';
import { compileTimeFormat, type TimeFormat } from './date-time-pattern';
import { invalidArgument } from './invalid-argument';

/** A prefix with its expressions `!{namespace:value}` read. */
export type PrefixExpression = PrefixPart[];

type PrefixPart =
  | { kind: 'text'; text: string }
  | { kind: 'timestamp'; format: TimeFormat }
  | { kind: 'random-string' }
  | { kind: 'error-output-type' }
  | { kind: 'partition-key'; name: string };

/** What an object's prefix is evaluated with. */
export interface PrefixValues {
  /** When the object's oldest record arrived: milliseconds since the epoch. */
  time: number;
  timeZone: string;
  errorOutputType?: string;
  partitionKeys?: Readonly<Record<string, string>>;
}

const RANDOM_CHARACTERS = 11;

/**
 * Reads a prefix. Throws InvalidArgumentException for what is no expression of Firehose, and for
 * `partitionKeyFromQuery`, which needs a jq processor that the local AWS does not have.
 * https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 */
export function parsePrefix(text: string): PrefixExpression {
  const parts: PrefixExpression = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf('!{', at);
    const literal = text.slice(at, start < 0 ? undefined : start);
    if (literal !== '') parts.push({ kind: 'text', text: literal });
    if (start < 0) return parts;
    const end = text.indexOf('}', start);
    const [, namespace, value] =
      /^([^:]+):([^]+)$/.exec(text.slice(start + 2, end < 0 ? undefined : end)) ?? [];
    if (end < 0 || namespace === undefined || value === undefined) {
      throw invalidArgument(
        `The prefix ${text} has !{ other than in an expression of the form !{namespace:value}.`,
      );
    }
    parts.push(readExpression(namespace, value, text));
    at = end + 1;
  }
}

function readExpression(namespace: string, value: string, text: string): PrefixPart {
  switch (namespace) {
    case 'timestamp':
      try {
        return { kind: 'timestamp', format: compileTimeFormat(value) };
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw invalidArgument(`The prefix ${text} is not valid: ${error.message}`);
      }
    case 'partitionKeyFromLambda':
      return { kind: 'partition-key', name: value };
    case 'firehose':
      if (value === 'random-string' || value === 'error-output-type') return { kind: value };
      throw invalidArgument(
        `The prefix ${text} has !{firehose:${value}}; expected random-string or error-output-type.`,
      );
    case 'partitionKeyFromQuery':
      throw invalidArgument(
        `The prefix ${text} has partition keys from a query, which the local AWS does not emulate.`,
      );
    default:
      throw invalidArgument(
        `The prefix ${text} has the namespace ${namespace}; ` +
          'expected firehose, timestamp or partitionKeyFromLambda.',
      );
  }
}

export function hasPart(expression: PrefixExpression, kind: PrefixPart['kind']): boolean {
  return expression.some((part) => part.kind === kind);
}

export function hasExpressions(expression: PrefixExpression): boolean {
  return expression.some(({ kind }) => kind !== 'text');
}

/** The partition keys that the prefix needs, in its order. */
export function partitionKeyNames(expression: PrefixExpression): string[] {
  return expression.flatMap((part) => (part.kind === 'partition-key' ? [part.name] : []));
}

/**
 * The prefix of one object. Every timestamp is of the same instant, every random string a new one:
 * 11 characters, as AWS shows them the first of a UUID.
 */
export function evaluatePrefix(expression: PrefixExpression, values: PrefixValues): string {
  return expression.map((part) => evaluatePart(part, values)).join('');
}

function evaluatePart(part: PrefixPart, values: PrefixValues): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'timestamp':
      return part.format(values.time, values.timeZone);
    case 'random-string':
      return randomUUID().slice(0, RANDOM_CHARACTERS);
    case 'error-output-type':
      return values.errorOutputType ?? '';
    case 'partition-key':
      return values.partitionKeys?.[part.name] ?? '';
  }
}
