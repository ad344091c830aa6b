import { invalidParameter } from './kinesis-error';

export type Input = Record<string, unknown>;

/** Undefined where the request has none; throws ValidationException where it is no string. */
export function optionalString(input: Input, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw invalidParameter(`${name} must be a string; it is ${JSON.stringify(value)}.`);
}

/** Throws ValidationException where it is absent or no string. */
export function requiredString(input: Input, name: string): string {
  const value = optionalString(input, name);
  if (value !== undefined) return value;
  throw invalidParameter(`The request must contain ${name}.`);
}

/** A whole number from `lowest` to `highest`, or undefined where the request has none. */
export function optionalInteger(
  input: Input,
  name: string,
  lowest: number,
  highest: number,
): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && Number(value) >= lowest && Number(value) <= highest) {
    return Number(value);
  }
  throw invalidParameter(
    `${name} must be a whole number from ${lowest} to ${highest}; it is ${JSON.stringify(value)}.`,
  );
}

/** Bytes, which JSON has as base64. */
export function requiredBytes(input: Input, name: string): Buffer {
  const text = requiredString(input, name);
  if (/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return Buffer.from(text, 'base64');
  throw invalidParameter(`${name} must be base64.`);
}
