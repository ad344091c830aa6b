import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import type { AwsError } from '../core/aws-error';

/** The input of an operation. What is missing or of another type is an error that names it. */
export interface Input {
  /** Not empty. */
  string(name: string): string;
  optionalString(name: string): string | undefined;
  /** A whole number from `lowest` to `highest`. */
  optionalInteger(name: string, lowest: number, highest: number): number | undefined;
  optionalBoolean(name: string): boolean | undefined;
  /** Throws for what is not among `known`. */
  oneOf<T extends string>(name: string, known: readonly T[]): T | undefined;
  /** Empty where there is none. */
  strings(name: string): string[];
  /** Empty where there is none. */
  stringMap(name: string): Record<string, string>;
  object(name: string): Input;
  optionalObject(name: string): Input | undefined;
  /** Empty where there is none. */
  objects(name: string): Input[];
  has(name: string): boolean;
  /** Members whose names are not among `known`, as they came. */
  others(known: readonly string[]): Record<string, unknown>;
}

/** Reads `raw`; `invalid` makes the error of the service. `path` is where `raw` stands. */
export function readInput(
  raw: Record<string, unknown>,
  invalid: (message: string) => AwsError,
  path = '',
): Input {
  const take = (name: string): unknown => raw[name] ?? undefined;
  const wrong = (name: string, expected: string): AwsError =>
    invalid(`${path}${name} must be ${expected}; it is ${JSON.stringify(raw[name])}.`);
  const required = <T>(name: string, value: T | undefined): T => {
    if (value === undefined) throw invalid(`The request must contain ${path}${name}.`);
    return value;
  };
  const optionalString = (name: string): string | undefined => {
    const value = take(name);
    if (value === undefined || typeof value === 'string') return value;
    throw wrong(name, 'a string');
  };
  const optionalObject = (name: string): Input | undefined => {
    const value = take(name);
    if (value === undefined) return undefined;
    if (!isJsonObject(value)) throw wrong(name, 'an object');
    return readInput(value, invalid, `${path}${name}.`);
  };
  const list = (name: string): unknown[] => {
    const value = take(name) ?? [];
    if (!Array.isArray(value)) throw wrong(name, 'a list');
    return value;
  };

  return {
    optionalString,
    string: (name) =>
      required(name, optionalString(name) === '' ? undefined : optionalString(name)),
    optionalInteger(name, lowest, highest) {
      const value = take(name);
      if (value === undefined) return undefined;
      if (Number.isInteger(value) && Number(value) >= lowest && Number(value) <= highest) {
        return Number(value);
      }
      throw wrong(name, `a whole number from ${lowest} to ${highest}`);
    },
    optionalBoolean(name) {
      const value = take(name);
      if (value === undefined || typeof value === 'boolean') return value;
      throw wrong(name, 'true or false');
    },
    oneOf(name, known) {
      const value = take(name);
      const found = known.find((one) => one === value);
      if (value === undefined || found !== undefined) return found;
      throw wrong(name, `one of ${known.join(', ')}`);
    },
    strings(name) {
      const items = list(name);
      if (items.every((item) => typeof item === 'string')) return items;
      throw wrong(name, 'a list of strings');
    },
    stringMap(name) {
      const value = take(name) ?? {};
      if (isJsonObject(value) && Object.values(value).every((item) => typeof item === 'string')) {
        return value as Record<string, string>;
      }
      throw wrong(name, 'a map of strings');
    },
    optionalObject,
    object: (name) => required(name, optionalObject(name)),
    objects: (name) =>
      list(name).map((item, i) => {
        if (!isJsonObject(item)) throw wrong(name, 'a list of objects');
        return readInput(item, invalid, `${path}${name}[${i}].`);
      }),
    has: (name) => take(name) !== undefined,
    others: (known) =>
      Object.fromEntries(Object.entries(raw).filter(([name]) => !known.includes(name))),
  };
}
