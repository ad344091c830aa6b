import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import { AwsError } from '../core/aws-error';
import { invalidParameter } from './sqs-error';

export type Input = Record<string, unknown>;

/** Throws MissingParameter where it is absent or empty, InvalidParameterValue where no string. */
export function requiredString(input: Input, name: string): string {
  const value = optionalString(input, name);
  if (value !== undefined && value !== '') return value;
  throw new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);
}

export function optionalString(input: Input, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw invalidParameter(`${name} must be a string; it is ${JSON.stringify(value)}.`);
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
    `Value ${JSON.stringify(value)} for parameter ${name} is invalid. ` +
      `Reason: Must be between ${lowest} and ${highest}, if provided.`,
  );
}

/** As `optionalInteger`; throws MissingParameter where there is none. */
export function requiredInteger(
  input: Input,
  name: string,
  lowest: number,
  highest: number,
): number {
  const value = optionalInteger(input, name, lowest, highest);
  if (value !== undefined) return value;
  throw new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);
}

/** Empty where the request has none. */
export function stringList(input: Input, name: string): string[] {
  const value = input[name] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw invalidParameter(`${name} must be a list of strings; it is ${JSON.stringify(value)}.`);
}

/** Empty where the request has none. */
export function stringMap(input: Input, name: string): Record<string, string> {
  const value = input[name] ?? {};
  if (isJsonObject(value) && Object.values(value).every((item) => typeof item === 'string')) {
    return value as Record<string, string>;
  }
  throw invalidParameter(`${name} must map names to strings; it is ${JSON.stringify(value)}.`);
}
