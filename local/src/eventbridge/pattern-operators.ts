import { BlockList, isIP } from 'node:net';
import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import { invalidEventPattern } from './invalid-event-pattern';
import { compileWildcard } from './wildcard';

/** Whether one scalar of the event is what the pattern asks for. */
export type ValueTest = (value: unknown) => boolean;

type OperatorCompiler = (argument: unknown, where: string) => ValueTest;

const LARGEST_NUMBER = 5e9;

const COMPARISONS: Record<string, (value: number, bound: number) => boolean> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

const TEXT_OPERATORS: Record<string, OperatorCompiler> = {
  prefix: affix('prefix', (text, part) => text.startsWith(part)),
  suffix: affix('suffix', (text, part) => text.endsWith(part)),
  'equals-ignore-case': (argument, where) => {
    const wanted = string(argument, 'equals-ignore-case', where).toLowerCase();
    return onText((text) => text.toLowerCase() === wanted);
  },
  wildcard: (argument, where) => onText(compileWildcard(string(argument, 'wildcard', where))),
};

const OPERATORS: Record<string, OperatorCompiler> = {
  ...TEXT_OPERATORS,
  'anything-but': anythingBut,
  numeric,
  cidr,
};

/**
 * Compiles a content filter of one operator, such as `{ "prefix": "raw/" }`. `where` is the path
 * of the field, for the error. `exists` is not among them: it asks about the field, not a value.
 * Throws InvalidEventPatternException on an unknown operator or a wrong argument.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function compileOperator(filter: Record<string, unknown>, where: string): ValueTest {
  const { name, argument } = onlyEntry(filter, where);
  return operator(OPERATORS, name, where)(argument, where);
}

/** The one operator of a filter. Throws InvalidEventPatternException unless there is just one. */
export function onlyEntry(
  filter: Record<string, unknown>,
  where: string,
): { name: string; argument: unknown } {
  const [entry, ...more] = Object.entries(filter);
  if (!entry || more.length > 0) {
    throw invalidEventPattern(`a filter at ${where} must have exactly one operator`);
  }
  return { name: entry[0], argument: entry[1] };
}

function operator(
  operators: Record<string, OperatorCompiler>,
  name: string,
  where: string,
): OperatorCompiler {
  const found = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (!found) {
    const known = [...Object.keys(operators), ...(operators === OPERATORS ? ['exists'] : [])];
    throw invalidEventPattern(
      `unrecognized match type ${name} at ${where}; expected one of ${known.join(', ')}`,
    );
  }
  return found;
}

function affix(name: string, test: (text: string, part: string) => boolean): OperatorCompiler {
  return (argument, where) => {
    if (typeof argument !== 'object' || argument === null) {
      const part = string(argument, name, where);
      return onText((text) => test(text, part));
    }
    const inner = onlyEntry(argument as Record<string, unknown>, where);
    if (inner.name !== 'equals-ignore-case') {
      throw invalidEventPattern(
        `${name} at ${where} takes a string or equals-ignore-case, not ${inner.name}`,
      );
    }
    const part = string(inner.argument, `${name} equals-ignore-case`, where).toLowerCase();
    return onText((text) => test(text.toLowerCase(), part));
  };
}

function anythingBut(argument: unknown, where: string): ValueTest {
  if (isJsonObject(argument)) {
    const inner = onlyEntry(argument, where);
    const compile = operator(TEXT_OPERATORS, inner.name, where);
    const excluded = list(inner.argument, where).map((one) => compile(one, where));
    return (value) => !excluded.some((matches) => matches(value));
  }
  const excluded = list(argument, where);
  const type = typeof excluded[0];
  if (!['string', 'number'].includes(type) || excluded.some((one) => typeof one !== type)) {
    throw invalidEventPattern(
      `anything-but at ${where} takes a string, a number, or a list of either`,
    );
  }
  return (value) => !excluded.includes(value);
}

function numeric(argument: unknown, where: string): ValueTest {
  const parts = Array.isArray(argument) ? (argument as unknown[]) : [];
  const tests: ((value: number) => boolean)[] = [];
  for (let i = 0; i < parts.length; i += 2) {
    const sign = String(parts[i]);
    const bound = parts[i + 1];
    const compare = Object.hasOwn(COMPARISONS, sign) ? COMPARISONS[sign] : undefined;
    if (!compare) {
      const known = Object.keys(COMPARISONS).join(' ');
      throw invalidEventPattern(`numeric at ${where} has ${sign}; expected one of ${known}`);
    }
    if (typeof bound !== 'number' || Math.abs(bound) > LARGEST_NUMBER) {
      throw invalidEventPattern(`numeric at ${where} takes numbers from -5e9 to 5e9`);
    }
    tests.push((value) => compare(value, bound));
  }
  const isRange = /^>=?$/.test(String(parts[0])) && /^<=?$/.test(String(parts[2]));
  if (tests.length !== 1 && !(tests.length === 2 && isRange)) {
    throw invalidEventPattern(
      `numeric at ${where} takes one comparison, or a lower bound and then an upper bound`,
    );
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function cidr(argument: unknown, where: string): ValueTest {
  const [address = '', prefix = ''] = string(argument, 'cidr', where).split('/');
  const version = isIP(address);
  const bits = version === 4 ? 32 : 128;
  if (version === 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) {
    throw invalidEventPattern(`cidr at ${where} takes a block such as 10.0.0.0/8 or 2001:db8::/32`);
  }
  const block = new BlockList();
  block.addSubnet(address, Number(prefix), version === 4 ? 'ipv4' : 'ipv6');
  return onText(
    (text) => isIP(text) === version && block.check(text, version === 4 ? 'ipv4' : 'ipv6'),
  );
}

function onText(test: (text: string) => boolean): ValueTest {
  return (value) => typeof value === 'string' && test(value);
}

function string(argument: unknown, name: string, where: string): string {
  if (typeof argument !== 'string' || argument === '') {
    throw invalidEventPattern(`${name} at ${where} takes a string that is not empty`);
  }
  return argument;
}

function list(argument: unknown, where: string): unknown[] {
  const values = Array.isArray(argument) ? (argument as unknown[]) : [argument];
  if (values.length === 0) throw invalidEventPattern(`an empty list at ${where}`);
  return values;
}
