import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import { TemplateError } from './template';

/**
 * Reads a resource's properties, all functions evaluated. What is asked for and missing, of the
 * wrong type, or present and never asked for, is an error that names it: a property without
 * effect must be told off, so that none is ignored by oversight.
 */
export interface PropertyReader {
  /** Names service, resource and type, for errors. */
  where: string;
  string(name: string): string;
  optionalString(name: string): string | undefined;
  /** CloudFormation takes `"5"` for 5. */
  optionalNumber(name: string): number | undefined;
  /** CloudFormation takes `"true"` for true. */
  optionalBoolean(name: string): boolean | undefined;
  /** Empty where there is none. Scalars become strings, as CloudFormation makes them. */
  strings(name: string): string[];
  stringMap(name: string): Record<string, string>;
  optionalObject(name: string): PropertyReader | undefined;
  object(name: string): PropertyReader;
  objects(name: string): PropertyReader[];
  /** A value that is kept as it is. */
  json(name: string): unknown;
  /** Properties that change nothing here. */
  withoutEffect(...names: string[]): void;
  /** Throws TemplateError where anything, also of an object within, was not asked for. */
  finish(): void;
  fail(what: string): TemplateError;
}

/** Reads `properties`; `path` is where they stand within the resource's properties. */
export function readProperties(
  where: string,
  properties: Record<string, unknown>,
  path = '',
): PropertyReader {
  const read = new Set<string>();
  const inner: PropertyReader[] = [];

  const take = (name: string): unknown => {
    read.add(name);
    return properties[name];
  };
  const fail = (what: string): TemplateError => new TemplateError(where, what);
  const wrong = (name: string, expected: string): TemplateError =>
    fail(`has ${path}${name}: ${JSON.stringify(properties[name])}; expected ${expected}`);
  const optionalString = (name: string): string | undefined => {
    const value = take(name);
    if (value === undefined) return undefined;
    return asText(value) ?? raise(wrong(name, 'a string'));
  };
  const nested = (name: string, value: unknown, place: string): PropertyReader => {
    if (!isJsonObject(value)) throw wrong(name, 'an object');
    const reader = readProperties(where, value, place);
    inner.push(reader);
    return reader;
  };
  const required = <T>(name: string, value: T | undefined): T => {
    if (value === undefined) throw fail(`has no ${path}${name}`);
    return value;
  };
  const optionalObject = (name: string): PropertyReader | undefined => {
    const value = take(name);
    return value === undefined ? undefined : nested(name, value, `${path}${name}.`);
  };
  const list = (name: string): unknown[] => {
    const value = take(name) ?? [];
    // CloudFormation takes one for a list of one, as does IAM.
    return Array.isArray(value) ? (value as unknown[]) : [value];
  };

  return {
    where,
    fail,
    optionalString,
    string: (name) => required(name, optionalString(name)),
    optionalNumber(name) {
      const value = take(name);
      if (value === undefined) return undefined;
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number !== 'number' || Number.isNaN(number)) throw wrong(name, 'a number');
      return number;
    },
    optionalBoolean(name) {
      const value = take(name);
      if (value === undefined || typeof value === 'boolean') return value;
      if (value !== 'true' && value !== 'false') throw wrong(name, 'true or false');
      return value === 'true';
    },
    strings: (name) =>
      list(name).map((item) => asText(item) ?? raise(wrong(name, 'a list of strings'))),
    stringMap(name) {
      const value = take(name) ?? {};
      if (!isJsonObject(value)) throw wrong(name, 'a map of strings');
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          asText(item) ?? raise(wrong(name, 'a map of strings')),
        ]),
      );
    },
    optionalObject,
    object: (name) => required(name, optionalObject(name)),
    objects: (name) => list(name).map((item, i) => nested(name, item, `${path}${name}[${i}].`)),
    json: take,
    withoutEffect(...names) {
      for (const name of names) read.add(name);
    },
    finish() {
      const unread = Object.keys(properties).find((name) => !read.has(name));
      if (unread !== undefined) {
        throw fail(`has the property ${path}${unread}, which the local AWS does not emulate`);
      }
      for (const reader of inner) reader.finish();
    },
  };
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function raise(error: Error): never {
  throw error;
}
