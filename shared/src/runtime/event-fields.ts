import { EventError } from './errors';
import { isJsonObject, type JsonObject } from './json-object';

/**
 * The members of a function's event, by their names.
 * @throws EventError where it is no JSON object.
 */
export function eventFields(event: unknown): JsonObject {
  if (isJsonObject(event)) return event;
  throw new EventError(`The event is ${shownValue(event)}; expected a JSON object.`);
}

/**
 * What to throw where a field of an event has another value than it may.
 * @param expected in words, such as `a whole number from 1 to 9`
 * @param within the path of these fields, such as `detail.state.`, where they are not the event's own
 */
export function unexpectedField(
  fields: JsonObject,
  name: string,
  expected: string,
  within = '',
): EventError {
  const found = shownValue(fields[name]);
  return new EventError(`The event's ${within}${name} is ${found}; expected ${expected}.`);
}

/** A value in a sentence: as JSON, cut where it is long. */
export function shownValue(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 100);
}
