import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import { TemplateError, type Template } from './template';

/** What a template's functions look things up in. Each throws where there is no such thing. */
export interface Scope {
  ref(name: string, where: string): unknown;
  attribute(logicalId: string, name: string, where: string): unknown;
  condition(name: string, where: string): boolean;
  importValue(name: string, where: string): string;
  mappings: NonNullable<Template['Mappings']>;
}

/** What `{ "Ref": "AWS::NoValue" }` evaluates to: the property or element goes away. */
export const NO_VALUE = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, scope: Scope, where: string) => unknown;

/**
 * Evaluates every function in a value of a template. Of `Fn::If` only the branch taken is looked
 * at. Throws TemplateError, beginning with `where`, on a function that is unknown or misused.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function evaluate(value: unknown, scope: Scope, where: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => evaluate(item, scope, where)).filter((item) => item !== NO_VALUE);
  }
  if (!isJsonObject(value)) return value;
  const call = intrinsicCall(value);
  if (call) {
    const intrinsic = Object.hasOwn(INTRINSICS, call.name) ? INTRINSICS[call.name] : undefined;
    if (intrinsic) return intrinsic(call.argument, scope, where);
    const known = Object.keys(INTRINSICS).join(', ');
    throw new TemplateError(
      where,
      `uses ${call.name}, which the local AWS does not know; it knows: ${known}`,
    );
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]) => [name, evaluate(member, scope, where)] as const)
      .filter(([, member]) => member !== NO_VALUE),
  );
}

/** Evaluates a condition: Fn::Equals, Fn::And, Fn::Or, Fn::Not, or the name of another. */
export function evaluateCondition(value: unknown, scope: Scope, where: string): boolean {
  const [entry, ...more] = isJsonObject(value) ? Object.entries(value) : [];
  const condition = entry && Object.hasOwn(CONDITIONS, entry[0]) ? CONDITIONS[entry[0]] : undefined;
  if (!entry || !condition || more.length > 0) {
    const known = Object.keys(CONDITIONS).join(', ');
    throw misuse(where, 'a condition', `one of ${known}`, value);
  }
  return condition(entry[1], scope, where);
}

const INTRINSICS: Record<string, Intrinsic> = {
  Ref: (argument, scope, where) => scope.ref(text(argument, where, 'Ref'), where),

  'Fn::GetAtt': (argument, scope, where) => {
    const form = 'Resource.Attribute or [Resource, Attribute]';
    const [, id, name] =
      typeof argument === 'string'
        ? (/^([^.]+)\.(.+)$/.exec(argument) ?? [])
        : [undefined, ...list(argument, where, 'Fn::GetAtt')];
    if (typeof id !== 'string') throw misuse(where, 'Fn::GetAtt', form, argument);
    const attribute = evaluate(name, scope, where);
    if (typeof attribute !== 'string') throw misuse(where, 'Fn::GetAtt', form, argument);
    return scope.attribute(id, attribute, where);
  },

  'Fn::Sub': (argument, scope, where) => {
    const [template, variables] = typeof argument === 'string' ? [argument, {}] : pair(argument);
    if (typeof template !== 'string' || !isJsonObject(variables)) {
      throw misuse(where, 'Fn::Sub', 'a string, or a string and a map of variables', argument);
    }
    return substitute(template, variables, scope, where);
  },

  'Fn::Join': (argument, scope, where) => {
    const [separator, items] = pair(argument);
    const parts = evaluate(items, scope, where);
    if (typeof separator !== 'string' || !Array.isArray(parts)) {
      throw misuse(where, 'Fn::Join', 'a separator and a list', argument);
    }
    return parts.map((part) => scalarText(part, where, 'Fn::Join')).join(separator);
  },

  'Fn::Select': (argument, scope, where) => {
    const [index, items] = pair(evaluate(argument, scope, where));
    const chosen: unknown = Array.isArray(items) ? items[Number(index)] : undefined;
    if (chosen === undefined) {
      throw misuse(where, 'Fn::Select', 'an index and a list that is longer', argument);
    }
    return chosen;
  },

  'Fn::Split': (argument, scope, where) => {
    const [separator, source] = pair(evaluate(argument, scope, where));
    if (typeof separator !== 'string' || typeof source !== 'string') {
      throw misuse(where, 'Fn::Split', 'a separator and a string', argument);
    }
    return source.split(separator);
  },

  'Fn::If': (argument, scope, where) => {
    const parts = list(argument, where, 'Fn::If');
    const [name, then, otherwise] = parts;
    if (typeof name !== 'string' || parts.length !== 3) {
      throw misuse(where, 'Fn::If', 'a condition and two values', argument);
    }
    return evaluate(scope.condition(name, where) ? then : otherwise, scope, where);
  },

  'Fn::ImportValue': (argument, scope, where) => {
    const name = evaluate(argument, scope, where);
    return scope.importValue(text(name, where, 'Fn::ImportValue'), where);
  },

  'Fn::FindInMap': (argument, scope, where) => {
    const keys = list(evaluate(argument, scope, where), where, 'Fn::FindInMap').map(String);
    const [map = '', first = '', second = ''] = keys;
    const found = keys.length === 3 ? scope.mappings[map]?.[first]?.[second] : undefined;
    if (found === undefined) {
      throw new TemplateError(where, `looks for ${keys.join(' / ')} in Mappings: it is not there`);
    }
    return found;
  },

  'Fn::Base64': (argument, scope, where) => {
    const plain = text(evaluate(argument, scope, where), where, 'Fn::Base64');
    return Buffer.from(plain).toString('base64');
  },
};

const CONDITIONS: Record<string, (argument: unknown, scope: Scope, where: string) => boolean> = {
  Condition: (argument, scope, where) => scope.condition(text(argument, where, 'Condition'), where),
  'Fn::Equals': (argument, scope, where) => {
    const sides = list(argument, where, 'Fn::Equals');
    const [left, right] = sides.map((side) => evaluate(side, scope, where));
    if (sides.length !== 2) throw misuse(where, 'Fn::Equals', 'two values', argument);
    return JSON.stringify(left) === JSON.stringify(right);
  },
  'Fn::And': (argument, scope, where) =>
    list(argument, where, 'Fn::And').every((one) => evaluateCondition(one, scope, where)),
  'Fn::Or': (argument, scope, where) =>
    list(argument, where, 'Fn::Or').some((one) => evaluateCondition(one, scope, where)),
  'Fn::Not': (argument, scope, where) => {
    const [negated, ...more] = list(argument, where, 'Fn::Not');
    if (more.length > 0) throw misuse(where, 'Fn::Not', 'one condition', argument);
    return !evaluateCondition(negated, scope, where);
  },
};

// `Condition` is a function in conditions only: in an IAM statement it is a member of its own.
function intrinsicCall(
  value: Record<string, unknown>,
): { name: string; argument: unknown } | undefined {
  const [entry, ...more] = Object.entries(value);
  if (!entry || more.length > 0) return undefined;
  const [name, argument] = entry;
  return name === 'Ref' || name.startsWith('Fn::') ? { name, argument } : undefined;
}

function substitute(
  template: string,
  variables: Record<string, unknown>,
  scope: Scope,
  where: string,
): string {
  return template.replace(/\$\{(!?)([^{}]*)\}/g, (_, literal: string, inner: string) => {
    if (literal) return `\${${inner}}`;
    const name = inner.trim();
    if (Object.hasOwn(variables, name)) {
      return scalarText(evaluate(variables[name], scope, where), where, 'Fn::Sub');
    }
    const [, id, attribute] = /^([^.]+)\.(.+)$/.exec(name) ?? [];
    const value =
      id !== undefined && attribute !== undefined
        ? scope.attribute(id, attribute, where)
        : scope.ref(name, where);
    return scalarText(value, where, `Fn::Sub of \${${name}}`);
  });
}

function scalarText(value: unknown, where: string, name: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw misuse(where, name, 'strings', value);
}

function text(value: unknown, where: string, name: string): string {
  if (typeof value === 'string') return value;
  throw misuse(where, name, 'a string', value);
}

function list(value: unknown, where: string, name: string): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw misuse(where, name, 'a list', value);
}

function pair(value: unknown): unknown[] {
  return Array.isArray(value) && value.length === 2 ? (value as unknown[]) : [];
}

function misuse(where: string, name: string, expected: string, found: unknown): TemplateError {
  const shown = typeof found === 'symbol' ? 'AWS::NoValue' : JSON.stringify(found);
  return new TemplateError(where, `has ${name} of ${shown}; expected ${expected}`);
}
