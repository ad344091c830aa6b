import { parseTimestamp } from '@saleslake/shared/contract/timestamp';
import { eventFields, unexpectedField } from '@saleslake/shared/runtime/event-fields';
import type { JsonObject } from '@saleslake/shared/runtime/json-object';
import type { PlanSize } from './order-plan';

/** What the function is asked for. */
export interface ChangeRequest {
  /** With the seed it decides which orders: a repeat of the event has the same name. */
  name: string[];
  size: PlanSize;
  /** Undefined where the event has none. */
  seed: string | undefined;
}

/** As many as fit a function's time with room to spare. */
const MOST_CHANGES = 50_000;
/** Changes for each order, where the event does not say how many orders. */
const CHANGES_AN_ORDER = 3;

/**
 * Decodes either a scheduled event of EventBridge, which asks for `changesPerTick` changes of
 * orders that are its own; or `{"changes", "orders", "seed"}`: how many changes, of how many
 * orders, which are among them as they are placed (by default a third), and a string or whole
 * number as seed; each may be absent.
 * https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-scheduled.html
 * @throws EventError naming the field, its value and what was expected.
 */
export function decodeEvent(event: unknown, changesPerTick: number): ChangeRequest {
  const fields = eventFields(event);
  if ('detail-type' in fields) {
    return { name: ['tick', timeOf(fields)], size: sizeOf({}, changesPerTick), seed: undefined };
  }
  const unknown = Object.keys(fields).find((name) => !['changes', 'orders', 'seed'].includes(name));
  if (unknown !== undefined) {
    throw unexpectedField(
      fields,
      unknown,
      'only changes, orders and seed, or a scheduled event of EventBridge',
    );
  }
  const size = sizeOf(fields, changesPerTick);
  return { name: ['changes', `${size.changes}`, `${size.orders}`], size, seed: seedOf(fields) };
}

function timeOf(fields: JsonObject): string {
  if (fields['detail-type'] !== 'Scheduled Event') {
    throw unexpectedField(fields, 'detail-type', '"Scheduled Event"');
  }
  const time = fields['time'];
  if (typeof time === 'string' && parseTimestamp(time) !== undefined) return time;
  throw unexpectedField(fields, 'time', 'an ISO 8601 timestamp with an offset');
}

function sizeOf(fields: JsonObject, changesPerTick: number): PlanSize {
  const changes = countOf(fields, 'changes', MOST_CHANGES) ?? changesPerTick;
  const orders = countOf(fields, 'orders', changes) ?? Math.ceil(changes / CHANGES_AN_ORDER);
  return { changes, orders };
}

function countOf(fields: JsonObject, field: string, most: number): number | undefined {
  const count = fields[field];
  if (count === undefined) return undefined;
  if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= most) {
    return count;
  }
  throw unexpectedField(fields, field, `a whole number from 1 to ${most}`);
}

function seedOf(fields: JsonObject): string | undefined {
  const seed = fields['seed'];
  if (seed === undefined) return undefined;
  if (typeof seed === 'string' && seed.trim() !== '') return seed;
  if (typeof seed === 'number' && Number.isSafeInteger(seed)) return String(seed);
  throw unexpectedField(
    fields,
    'seed',
    'a string that is not blank, a whole number, or no seed at all',
  );
}
