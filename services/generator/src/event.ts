import { parseDate, parseTimestamp } from '@saleslake/shared/contract/timestamp';
import { EventError } from '@saleslake/shared/runtime/errors';
import { transactions } from '@saleslake/shared/tables/transactions';
import { DAY_MS } from './rhythm';
import { TICK_INTERVAL_MS } from './tick';

/** What the generator is asked for. Times are in milliseconds since the epoch. */
export type GeneratorEvent =
  | { kind: 'tick'; time: number }
  | { kind: 'backfill'; from: number; to: number; count: number; seed: string | undefined };

/** More than any function's time is enough for; ask for them in several ranges or seeds. */
const MOST_TRANSACTIONS = 10_000_000;

type Fields = Record<string, unknown>;

/**
 * Decodes either a scheduled event of EventBridge, of which `time`, cut to the second, is a tick's;
 * or a backfill `{"from", "to", "count", "seed"}`: `from` inclusive and `to` exclusive, each an
 * ISO 8601 date (its midnight, UTC) or timestamp; `seed`, a string or whole number, may be absent.
 * https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-scheduled.html
 * @throws EventError naming the field, its value and what was expected.
 */
export function decodeEvent(event: unknown): GeneratorEvent {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw new EventError(`The event is ${shown(event)}; expected a JSON object.`);
  }
  const fields = event as Fields;
  return 'detail-type' in fields ? decodeTick(fields) : decodeBackfill(fields);
}

function decodeTick(fields: Fields): GeneratorEvent {
  if (fields['detail-type'] !== 'Scheduled Event') {
    throw unexpected(fields, 'detail-type', '"Scheduled Event"');
  }
  const moment = momentOf(fields, 'time', 'an ISO 8601 timestamp with an offset');
  const time = Math.floor(moment / 1000) * 1000;
  requireProjected(fields, 'time', time - TICK_INTERVAL_MS, time);
  return { kind: 'tick', time };
}

const BACKFILL_FIELDS = ['from', 'to', 'count', 'seed'];

function decodeBackfill(fields: Fields): GeneratorEvent {
  const unknown = Object.keys(fields).find((field) => !BACKFILL_FIELDS.includes(field));
  if (unknown !== undefined) {
    throw unexpected(
      fields,
      unknown,
      `only ${BACKFILL_FIELDS.join(', ')} of a backfill, or a scheduled event of EventBridge`,
    );
  }
  const form = 'an ISO 8601 date or a timestamp with an offset';
  const from = momentOf(fields, 'from', form);
  const to = momentOf(fields, 'to', form);
  if (to <= from) throw unexpected(fields, 'to', `a moment after from, ${shown(fields['from'])}`);
  requireProjected(fields, 'from', from, from + 1);
  requireProjected(fields, 'to', from, to);
  const count = fields['count'];
  if (
    typeof count !== 'number' ||
    !Number.isInteger(count) ||
    count < 1 ||
    count > MOST_TRANSACTIONS
  ) {
    throw unexpected(fields, 'count', `a whole number from 1 to ${MOST_TRANSACTIONS}`);
  }
  return { kind: 'backfill', from, to, count, seed: seedOf(fields) };
}

function seedOf(fields: Fields): string | undefined {
  const seed = fields['seed'];
  if (seed === undefined) return undefined;
  if (typeof seed === 'string' && seed.trim() !== '') return seed;
  if (typeof seed === 'number' && Number.isSafeInteger(seed)) return String(seed);
  throw unexpected(fields, 'seed', 'a string that is not blank, a whole number, or no seed at all');
}

function momentOf(fields: Fields, field: string, form: string): number {
  const value = fields[field];
  if (typeof value === 'string') {
    const timestamp = parseTimestamp(value);
    if (timestamp !== undefined) return timestamp;
    const days = field === 'time' ? undefined : parseDate(value);
    if (days !== undefined) return days * DAY_MS;
  }
  throw unexpected(fields, field, form);
}

/** Rows outside of the years that the table projects would only be rejected later. */
function requireProjected(fields: Fields, field: string, from: number, to: number): void {
  const { firstYear, lastYear } = transactions.partitioning;
  if (from < Date.UTC(firstYear, 0) || to > Date.UTC(lastYear + 1, 0)) {
    throw unexpected(fields, field, `a moment in the years ${firstYear} to ${lastYear}, UTC`);
  }
}

function unexpected(fields: Fields, field: string, expected: string): EventError {
  return new EventError(`The event's ${field} is ${shown(fields[field])}; expected ${expected}.`);
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 100);
}
