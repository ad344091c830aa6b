import { createHash } from 'node:crypto';
import { DurableMap } from '../core/durable-map';

/**
 * Things by name, of which those of templates are not written: the template is their source, and
 * what people change of them lasts until the next start.
 */
export interface NamedStore<T> {
  get(key: string): T | undefined;
  /** By key. */
  all(): T[];
  put(value: T): void;
  delete(key: string): void;
}

export function openNamedStore<T>(
  folder: string,
  declared: readonly T[],
  keyOf: (value: T) => string,
): NamedStore<T> {
  const stored = new DurableMap<T>(folder);
  const values = new Map(stored.entries().map(([, value]) => [keyOf(value), value]));
  const declaredKeys = new Set(declared.map(keyOf));
  for (const value of declared) {
    values.set(keyOf(value), value);
    stored.delete(fileOf(keyOf(value)));
  }
  return {
    get: (key) => values.get(key),
    all: () => [...values].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value),
    put(value) {
      const key = keyOf(value);
      if (!declaredKeys.has(key)) stored.set(fileOf(key), value);
      values.set(key, value);
    },
    delete(key) {
      stored.delete(fileOf(key));
      values.delete(key);
    },
  };
}

/** Names are a user's text, so files are named by their hash. */
function fileOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}
