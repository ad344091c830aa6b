import { parseTimestamp } from '@saleslake/shared/contract/timestamp';
import { eventFields, unexpectedField } from '@saleslake/shared/runtime/event-fields';
import type { JsonObject } from '@saleslake/shared/runtime/json-object';

/** Objects written when are to be reconciled, in milliseconds since the epoch. */
export interface Window {
  since: number;
  /** Exclusive. */
  to: number;
}

/**
 * Decodes either a scheduled event of EventBridge, which asks for the last `lookbackMs`; or
 * `{"since", "to"}`, ISO 8601 timestamps, each of which may be absent.
 * https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-scheduled.html
 * @throws EventError naming the field, its value and what was expected.
 */
export function decodeEvent(event: unknown, now: number, lookbackMs: number): Window {
  const fields = eventFields(event);
  if ('detail-type' in fields) {
    // Its own time is of no use: a retry is to look at the lake as it is now.
    if (fields['detail-type'] === 'Scheduled Event') return { since: now - lookbackMs, to: now };
    throw unexpectedField(fields, 'detail-type', '"Scheduled Event"');
  }
  const unknown = Object.keys(fields).find((name) => !['since', 'to'].includes(name));
  if (unknown !== undefined) {
    throw unexpectedField(
      fields,
      unknown,
      'only since and to, or a scheduled event of EventBridge',
    );
  }
  const to = timeOf(fields, 'to') ?? now;
  const since = timeOf(fields, 'since') ?? to - lookbackMs;
  if (since < to) return { since, to };
  throw unexpectedField(fields, 'since', `a time before ${new Date(to).toISOString()}`);
}

function timeOf(fields: JsonObject, field: string): number | undefined {
  const text = fields[field];
  if (text === undefined) return undefined;
  const time = typeof text === 'string' ? parseTimestamp(text) : undefined;
  if (time !== undefined) return time;
  throw unexpectedField(fields, field, 'an ISO 8601 timestamp with an offset');
}
