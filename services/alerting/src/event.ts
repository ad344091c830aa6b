import { EventError } from '@saleslake/shared/runtime/errors';
import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import type { AlarmChange, AlarmMetric, StateReason } from './alarm';

/** What the function is asked: to take a change of state in, or to look at all open incidents. */
export type AlertRequest = { kind: 'change'; change: AlarmChange } | { kind: 'tick' };

/**
 * Decodes an event of EventBridge: a `CloudWatch Alarm State Change`, or a `Scheduled Event`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 * @throws EventError naming the field, its value and what was expected.
 */
export function decodeEvent(event: unknown): AlertRequest {
  if (!isJsonObject(event)) throw unexpected('The event', event, 'a JSON object');
  switch (event['detail-type']) {
    case 'Scheduled Event':
      return { kind: 'tick' };
    case 'CloudWatch Alarm State Change':
      return { kind: 'change', change: decodeChange(event['detail']) };
    default:
      throw unexpected(
        "The event's detail-type",
        event['detail-type'],
        '"CloudWatch Alarm State Change" or "Scheduled Event"',
      );
  }
}

function decodeChange(detail: unknown): AlarmChange {
  if (!isJsonObject(detail)) throw unexpected("The event's detail", detail, 'a JSON object');
  const name = detail['alarmName'];
  if (typeof name !== 'string' || name === '') {
    throw unexpected("The event's detail.alarmName", name, "an alarm's name");
  }
  const { value, timestamp, reason, reasonData } = objectAt(detail, 'state');
  if (value !== 'ALARM' && value !== 'OK' && value !== 'INSUFFICIENT_DATA') {
    throw unexpected("The event's detail.state.value", value, 'ALARM, OK or INSUFFICIENT_DATA');
  }
  const at = typeof timestamp === 'string' ? Date.parse(timestamp) : NaN;
  if (Number.isNaN(at)) {
    throw unexpected("The event's detail.state.timestamp", timestamp, 'an ISO 8601 timestamp');
  }
  const { description, metrics } = objectAt(detail, 'configuration');
  const metric = decodeMetric(metrics);
  return {
    alarm: {
      name,
      ...(typeof description === 'string' && { description }),
      ...(metric && { metric }),
    },
    state: value,
    at,
    reason: decodeReason(reason, reasonData),
  };
}

function decodeMetric(metrics: unknown): AlarmMetric | undefined {
  if (!Array.isArray(metrics) || metrics.length !== 1) return undefined;
  const { metric, period } = objectAt(objectAt(metrics as unknown[], 0), 'metricStat');
  if (!isJsonObject(metric)) return undefined;
  const { namespace, name, dimensions } = metric;
  if (typeof namespace !== 'string' || typeof name !== 'string') return undefined;
  return {
    namespace,
    name,
    dimensions: isJsonObject(dimensions)
      ? Object.fromEntries(Object.entries(dimensions).map(([key, value]) => [key, String(value)]))
      : {},
    periodSeconds: typeof period === 'number' ? period : 60,
  };
}

/** `reasonData` is JSON, and not there for each alarm: then the words must do. */
function decodeReason(reason: unknown, reasonData: unknown): StateReason {
  const text = typeof reason === 'string' ? reason : '';
  let data: unknown;
  try {
    data = JSON.parse(String(reasonData));
  } catch {
    return { text };
  }
  if (!isJsonObject(data)) return { text };
  const { recentDatapoints, threshold } = data;
  const value: unknown = Array.isArray(recentDatapoints) ? recentDatapoints.at(-1) : undefined;
  return {
    text,
    ...(typeof value === 'number' && { value }),
    ...(typeof threshold === 'number' && { threshold }),
  };
}

/** The member as an object; an empty one where it is none. */
function objectAt(owner: object, name: string | number): Record<string, unknown> {
  const value = (owner as Record<string | number, unknown>)[name];
  return isJsonObject(value) ? value : {};
}

function unexpected(what: string, value: unknown, expected: string): EventError {
  const shown = value === undefined ? 'missing' : JSON.stringify(value).slice(0, 100);
  return new EventError(`${what} is ${shown}; expected ${expected}.`);
}
