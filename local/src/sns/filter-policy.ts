import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import { AwsError } from '../core/aws-error';
import { compileEventPattern } from '../eventbridge/event-pattern';
import type { MessageAttributes } from './message-attributes';
import { invalidParameter } from './sns-error';
import type { SubscriptionConfig } from './topic-config';

type Policy = Record<string, unknown>;
type Scope = SubscriptionConfig['filterPolicyScope'];

const MOST_KEYS = 5;
const MOST_COMBINATIONS = 150;
const LARGEST_NUMBER = 1e9;
const ANYTHING_BUT_OPERATORS = ['prefix', 'suffix', 'wildcard'];

/**
 * Compiles a filter policy to the question whether a subscriber gets a message of these
 * attributes and this text. The operators are EventBridge's, less a few; fields are joined by and,
 * values by or. Throws InvalidParameter naming what SNS would refuse.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
export function compileFilterPolicy(
  policy: Policy,
  scope: Scope,
): (attributes: MessageAttributes, text: string) => boolean {
  // SetSubscriptionAttributes takes a filter away by an empty one.
  if (Object.keys(policy).length === 0) return () => true;
  checkLimits(policy);
  checkFields(policy, scope);
  const matches = compile(policy);
  if (scope === 'MessageAttributes') return (attributes) => matches(attributeValues(attributes));
  return (_, text) => {
    const body = parseJson(text);
    // A message whose body is no JSON object passes no filter, not even one that a field be absent.
    return isJsonObject(body) && matches(body);
  };
}

// https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
function checkLimits(policy: Policy): void {
  const keys = Object.keys(policy).filter((key) => key !== '$or');
  if (keys.length > MOST_KEYS) {
    throw refused(`has ${keys.length} keys; expected at most ${MOST_KEYS}`);
  }
  const total = combinations(policy, 1);
  if (total > MOST_COMBINATIONS) {
    throw refused(
      `is too complex: its values make ${total} combinations; expected at most ${MOST_COMBINATIONS}`,
    );
  }
}

/** The values of all keys multiplied, each with how deep its key is nested. */
function combinations(node: unknown, depth: number): number {
  if (Array.isArray(node)) return node.length * (depth - 1);
  if (!isJsonObject(node)) return 1;
  return Object.entries(node).reduce((product, [name, value]) => {
    const isOr = name === '$or' && Array.isArray(value);
    if (!isOr) return product * combinations(value, depth + 1);
    const alternatives = value as unknown[];
    return product * alternatives.reduce<number>((sum, one) => sum + combinations(one, depth), 0);
  }, 1);
}

function checkFields(node: Policy, scope: Scope): void {
  for (const [name, value] of Object.entries(node)) {
    if (name === '$or' && Array.isArray(value)) {
      for (const alternative of value)
        if (isJsonObject(alternative)) checkFields(alternative, scope);
    } else if (Array.isArray(value)) {
      for (const filter of value) if (isJsonObject(filter)) checkFilter(filter, name);
    } else if (isJsonObject(value)) {
      if (scope === 'MessageAttributes') {
        throw refused(`nests ${name}, which the scope MessageAttributes does not support`);
      }
      checkFields(value, scope);
    }
  }
}

/** What EventBridge takes of an operator and SNS does not. */
function checkFilter(filter: Policy, key: string): void {
  for (const [operator, argument] of Object.entries(filter)) {
    if ((operator === 'prefix' || operator === 'suffix') && isJsonObject(argument)) {
      throw refused(`has ${operator} at ${key} that is no string`);
    }
    if (operator === 'anything-but' && isJsonObject(argument)) {
      const other = Object.keys(argument).find((name) => !ANYTHING_BUT_OPERATORS.includes(name));
      if (other !== undefined) {
        const known = ANYTHING_BUT_OPERATORS.join(', ');
        throw refused(`has anything-but ${other} at ${key}; expected one of ${known}`);
      }
    }
    if (operator === 'numeric' && Array.isArray(argument)) {
      const bounds = argument.filter((bound) => typeof bound === 'number');
      if (bounds.some((bound) => Math.abs(bound) > LARGEST_NUMBER)) {
        throw refused(`has numeric at ${key} that goes beyond -1e9 to 1e9`);
      }
    }
  }
}

function compile(policy: Policy): (event: object) => boolean {
  try {
    return compileEventPattern(policy);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidParameter(`FilterPolicy: ${error.message.replace(/^.*Reason: /, '')}`);
  }
}

function attributeValues(attributes: MessageAttributes): Record<string, unknown> {
  const values = Object.entries(attributes).flatMap(([name, { type, value }]) => {
    // SNS looks at no binary value, as if the attribute were not there.
    if (type.startsWith('Binary')) return [];
    if (type === 'String.Array') return [[name, parseJson(value)] as const];
    return [[name, type.startsWith('Number') ? Number(value) : value] as const];
  });
  return Object.fromEntries(values);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(what: string): AwsError {
  return invalidParameter(`FilterPolicy: it ${what}`);
}
