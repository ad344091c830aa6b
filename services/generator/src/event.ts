import { parseDate, parseTimestamp } from '@saleslake/shared/contract/timestamp';
import { eventFields, shownValue, unexpectedField } from '@saleslake/shared/runtime/event-fields';
import type { JsonObject } from '@saleslake/shared/runtime/json-object';
import { transactions } from '@saleslake/shared/tables/transactions';
import { DAY_MS } from './rhythm';
import { TICK_INTERVAL_MS } from './tick';

/** What the generator is asked for. Times are in milliseconds since the epoch. */
export type GeneratorEvent =
  | { kind: 'tick'; time: number }
  | { kind: 'backfill'; from: number; to: number; count: number; seed: string | undefined };

/** More than any function's time is enough for; ask for them in several ranges or seeds. */
const MOST_TRANSACTIONS = 10_000_000;

/**
 * Decodes either a scheduled event of EventBridge, of which `time`, cut to the second, is a tick's;
 * or a backfill `{"from", "to", "count", "seed"}`: `from` inclusive and `to` exclusive, each an
 * ISO 8601 date (its midnight, UTC) or timestamp; `seed`, a string or whole number, may be absent.
 * https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-scheduled.html
 * @throws EventError naming the field, its value and what was expected.
 */
export function decodeEvent(event: unknown): GeneratorEvent {
  const fields = eventFields(event);
  return 'detail-type' in fields ? decodeTick(fields) : decodeBackfill(fields);
}

function decodeTick(fields: JsonObject): GeneratorEvent {
  if (fields['detail-type'] !== 'Scheduled Event') {
    throw unexpectedField(fields, 'detail-type', '"Scheduled Event"');
  }
  const moment = momentOf(fields, 'time', 'an ISO 8601 timestamp with an offset');
  const time = Math.floor(moment / 1000) * 1000;
  requireProjected(fields, 'time', time - TICK_INTERVAL_MS, time);
  return { kind: 'tick', time };
}

const BACKFILL_FIELDS = ['from', 'to', 'count', 'seed'];

function decodeBackfill(fields: JsonObject): GeneratorEvent {
  const unknown = Object.keys(fields).find((field) => !BACKFILL_FIELDS.includes(field));
  if (unknown !== undefined) {
    throw unexpectedField(
      fields,
      unknown,
      `only ${BACKFILL_FIELDS.join(', ')} of a backfill, or a scheduled event of EventBridge`,
    );
  }
  const form = 'an ISO 8601 date or a timestamp with an offset';
  const from = momentOf(fields, 'from', form);
  const to = momentOf(fields, 'to', form);
  if (to <= from)
    throw unexpectedField(fields, 'to', `a moment after from, ${shownValue(fields['from'])}`);
  requireProjected(fields, 'from', from, from + 1);
  requireProjected(fields, 'to', from, to);
  const count = fields['count'];
  if (
    typeof count !== 'number' ||
    !Number.isInteger(count) ||
    count < 1 ||
    count > MOST_TRANSACTIONS
  ) {
    throw unexpectedField(fields, 'count', `a whole number from 1 to ${MOST_TRANSACTIONS}`);
  }
  return { kind: 'backfill', from, to, count, seed: seedOf(fields) };
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

function momentOf(fields: JsonObject, field: string, form: string): number {
  const value = fields[field];
  if (typeof value === 'string') {
    const timestamp = parseTimestamp(value);
    if (timestamp !== undefined) return timestamp;
    const days = field === 'time' ? undefined : parseDate(value);
    if (days !== undefined) return days * DAY_MS;
  }
  throw unexpectedField(fields, field, form);
}

/** Rows outside of the years that the table projects would only be rejected later. */
function requireProjected(fields: JsonObject, field: string, from: number, to: number): void {
  const { firstYear, lastYear } = transactions.partitioning;
  if (from < Date.UTC(firstYear, 0) || to > Date.UTC(lastYear + 1, 0)) {
    throw unexpectedField(fields, field, `a moment in the years ${firstYear} to ${lastYear}, UTC`);
  }
}
