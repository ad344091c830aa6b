import { readInput, type Input } from '../glue/input';
import { invalidParameter } from './cloudwatch-error';

export type { Input } from '../glue/input';

/** The members of a request. What is missing or of another type is an error that names it. */
export function readRequest(raw: Record<string, unknown>): Input {
  return readInput(raw, invalidParameter);
}

export function optionalNumber(input: Input, name: string): number | undefined {
  const value = input.others([])[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalidParameter(`${name} must be a number; it is ${JSON.stringify(value)}.`);
}

export function requiredNumber(input: Input, name: string): number {
  const value = optionalNumber(input, name);
  if (value === undefined) throw invalidParameter(`The request must contain ${name}.`);
  return value;
}

export function requiredInteger(input: Input, name: string, lowest: number, highest: number) {
  const value = input.optionalInteger(name, lowest, highest);
  if (value === undefined) throw invalidParameter(`The request must contain ${name}.`);
  return value;
}

/** Empty where there is none. */
export function numbers(input: Input, name: string): number[] {
  const value = input.others([])[name] ?? [];
  if (Array.isArray(value) && value.every(Number.isFinite)) return value as number[];
  throw invalidParameter(`${name} must be a list of numbers; it is ${JSON.stringify(value)}.`);
}

/** Milliseconds since the epoch; requests have seconds. */
export function optionalTime(input: Input, name: string): number | undefined {
  const seconds = optionalNumber(input, name);
  return seconds === undefined ? undefined : seconds * 1000;
}

export function requiredTime(input: Input, name: string): number {
  return requiredNumber(input, name) * 1000;
}

/** Name and Value of each of `Dimensions`. */
export function readDimensions(input: Input): Record<string, string> {
  const dimensions = input
    .objects('Dimensions')
    .map((each) => [each.string('Name'), each.string('Value')] as const);
  const names = dimensions.map(([name]) => name);
  if (new Set(names).size < names.length) {
    throw invalidParameter(`Dimensions name one twice: ${names.join(', ')}.`);
  }
  return Object.fromEntries(dimensions);
}

export function describeDimensions(dimensions: Record<string, string>): object[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

/** One page of `items`, each known by a key in whose order they are. */
export function pageOf<T>(
  input: Input,
  items: T[],
  keyOf: (item: T) => string,
  most: number,
): { page: T[]; NextToken?: string } {
  const token = input.optionalString('NextToken');
  const after = token === undefined ? undefined : Buffer.from(token, 'base64url').toString();
  const rest = after === undefined ? items : items.filter((item) => keyOf(item) > after);
  const page = rest.slice(0, most);
  const last = page.at(-1);
  if (rest.length <= page.length || last === undefined) return { page };
  return { page, NextToken: Buffer.from(keyOf(last)).toString('base64url') };
}
