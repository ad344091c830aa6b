export type JsonObject = Record<string, unknown>;

/** Whether a JSON value is an object: no array, and not null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
