import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import { validationError } from './dynamodb-error';

export type Input = Record<string, unknown>;

/** Throws ValidationException where it is absent or no string. */
export function requiredString(input: Input, name: string): string {
  const value = optionalString(input, name);
  if (value !== undefined) return value;
  throw validationError(`The parameter '${name}' is required but was not present in the request`);
}

export function optionalString(input: Input, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw validationError(`${name} must be a string; it is ${JSON.stringify(value)}`);
}

/** A whole number from 1 to `highest`, or undefined where the request has none. */
export function optionalLimit(input: Input, name: string, highest: number): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= highest) {
    return Number(value);
  }
  throw validationError(
    `1 validation error detected: Value '${JSON.stringify(value)}' at '${name}' failed to ` +
      `satisfy constraint: Member must have value from 1 to ${highest}`,
  );
}

/** The objects of a list that must not be empty. */
export function requiredObjects(input: Input, name: string): Input[] {
  const value = input[name];
  if (Array.isArray(value) && value.length > 0 && value.every(isJsonObject)) return value;
  throw validationError(`${name} must be a list of objects; it is ${JSON.stringify(value)}`);
}
