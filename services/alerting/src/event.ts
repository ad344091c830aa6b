import { eventFields, unexpectedField } from '@saleslake/shared/runtime/event-fields';
import { isJsonObject, type JsonObject } from '@saleslake/shared/runtime/json-object';
import type { AlarmChange, AlarmMetric, StateReason } from './alarm';

/** What the function is asked: to take a change of state in, or to look at all open incidents. */
export type AlertRequest = { kind: 'change'; change: AlarmChange } | { kind: 'tick' };

/**
 * Decodes an event of EventBridge: a `CloudWatch Alarm State Change`, or a `Scheduled Event`.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 * @throws EventError naming the field, its value and what was expected.
 */
export function decodeEvent(event: unknown): AlertRequest {
  const fields = eventFields(event);
  switch (fields['detail-type']) {
    case 'Scheduled Event':
      return { kind: 'tick' };
    case 'CloudWatch Alarm State Change':
      return { kind: 'change', change: decodeChange(fields) };
    default:
      throw unexpectedField(
        fields,
        'detail-type',
        '"CloudWatch Alarm State Change" or "Scheduled Event"',
      );
  }
}

function decodeChange(fields: JsonObject): AlarmChange {
  const detail = fields['detail'];
  if (!isJsonObject(detail)) throw unexpectedField(fields, 'detail', 'a JSON object');
  const name = detail['alarmName'];
  if (typeof name !== 'string' || name === '') {
    throw unexpectedField(detail, 'alarmName', "an alarm's name", 'detail.');
  }
  const state = objectAt(detail, 'state');
  const { value, timestamp, reason, reasonData } = state;
  if (value !== 'ALARM' && value !== 'OK' && value !== 'INSUFFICIENT_DATA') {
    throw unexpectedField(state, 'value', 'ALARM, OK or INSUFFICIENT_DATA', 'detail.state.');
  }
  const at = typeof timestamp === 'string' ? Date.parse(timestamp) : NaN;
  if (Number.isNaN(at)) {
    throw unexpectedField(state, 'timestamp', 'an ISO 8601 timestamp', 'detail.state.');
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
function objectAt(owner: object, name: string | number): JsonObject {
  const value = (owner as Record<string | number, unknown>)[name];
  return isJsonObject(value) ? value : {};
}
