/** The one metric that an alarm watches. */
export interface AlarmMetric {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  periodSeconds: number;
}

/** An alarm as its events describe it. */
export interface Alarm {
  /** `saleslake-<stage>-<service>-<what>`. */
  name: string;
  /** One sentence of what it means. */
  description?: string;
  /** Undefined where it watches an expression over several. */
  metric?: AlarmMetric;
}

/** Why an alarm is in its state. */
export interface StateReason {
  /** In CloudWatch's words, which quote nothing but numbers and times. */
  text: string;
  /** The last value that was judged. */
  value?: number;
  threshold?: number;
}

/** An alarm has gone from one state to another. */
export interface AlarmChange {
  alarm: Alarm;
  state: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA';
  /** When, by CloudWatch's clock: milliseconds since the epoch. */
  at: number;
  reason: StateReason;
}

// Services' names have hyphens too, so that a name alone does not tell where the service ends.
const SERVICES = [
  'alerting',
  'firehose-transformer',
  'generator',
  'lake',
  'orders',
  'quality',
  'reconciler',
  'transformer',
];

/** The parts of an alarm's name: the service it watches, and what of it; the same where it has one. */
export function partsOfName(name: string, stage: string): { service: string; what: string } {
  const prefix = `saleslake-${stage}-`;
  const rest = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  const service = SERVICES.find((known) => rest.startsWith(`${known}-`)) ?? rest.split('-', 1)[0]!;
  return { service, what: rest.slice(service.length + 1) || rest };
}
