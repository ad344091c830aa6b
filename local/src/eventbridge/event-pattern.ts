import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import { invalidEventPattern } from './invalid-event-pattern';
import { compileOperator, onlyEntry, type ValueTest } from './pattern-operators';

/** Whether a node of the event matches; undefined is a node that the event has not. */
type NodeTest = (node: unknown) => boolean;

/**
 * Compiles an event pattern to the question whether an event matches it. Fields are joined by
 * and, the values of one field by or; a field of the event that is an array matches by any of its
 * elements. Numbers compare by value: 300 and 3.0e2 are the same here, where AWS compares exact
 * numbers by their text. Throws InvalidEventPatternException naming the path that is wrong.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function compileEventPattern(pattern: unknown): (event: object) => boolean {
  if (Array.isArray(pattern)) throw invalidEventPattern('the top must be an object');
  return compileNode(pattern, 'the top');
}

function compileNode(pattern: unknown, where: string): NodeTest {
  if (Array.isArray(pattern)) return compileLeaf(pattern as unknown[], where);
  if (!isJsonObject(pattern)) {
    throw invalidEventPattern(`${where} must be an object or an array of values`);
  }
  const fields = Object.entries(pattern).map(([name, value]) => {
    const path = where === 'the top' ? name : `${where}.${name}`;
    return name === '$or' ? compileOr(value, path) : compileField(name, value, path);
  });
  if (fields.length === 0) throw invalidEventPattern(`empty object at ${where}`);
  // Of an array of objects, one element must match all: fields of two elements do not add up.
  return (node) => elements(node).some((element) => fields.every((matches) => matches(element)));
}

function compileField(name: string, pattern: unknown, path: string): NodeTest {
  const matches = compileNode(pattern, path);
  return (node) =>
    matches(isJsonObject(node) && Object.hasOwn(node, name) ? node[name] : undefined);
}

function compileOr(alternatives: unknown, path: string): NodeTest {
  if (
    !Array.isArray(alternatives) ||
    alternatives.length < 2 ||
    !alternatives.every(isJsonObject)
  ) {
    throw invalidEventPattern(`${path} must be an array of at least two objects`);
  }
  const tests = alternatives.map((alternative, i) => compileNode(alternative, `${path}[${i}]`));
  return (node) => tests.some((matches) => matches(node));
}

function compileLeaf(patterns: unknown[], where: string): NodeTest {
  if (patterns.length === 0) throw invalidEventPattern(`empty array at ${where}`);
  const tests = patterns.map((pattern): NodeTest => {
    if (!isJsonObject(pattern)) return anyScalar(exactly(pattern, where));
    const { name, argument } = onlyEntry(pattern, where);
    if (name !== 'exists') return anyScalar(compileOperator(pattern, where));
    if (typeof argument !== 'boolean') {
      throw invalidEventPattern(`exists at ${where} takes true or false`);
    }
    return (node) => scalars(node).length > 0 === argument;
  });
  return (node) => tests.some((matches) => matches(node));
}

function exactly(wanted: unknown, where: string): ValueTest {
  if (Array.isArray(wanted)) throw invalidEventPattern(`an array inside the array at ${where}`);
  return (value) => value === wanted;
}

function anyScalar(test: ValueTest): NodeTest {
  return (node) => scalars(node).some(test);
}

// Operators see leaves only: an object is no value, not even to `exists`.
function scalars(node: unknown): unknown[] {
  if (Array.isArray(node)) return node.flatMap(scalars);
  return node === undefined || isJsonObject(node) ? [] : [node];
}

function elements(node: unknown): unknown[] {
  if (!Array.isArray(node)) return [node];
  return node.length === 0 ? [undefined] : node.flatMap(elements);
}
