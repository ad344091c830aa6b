/**
 * An event on an EventBridge bus.
 * https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
 */
export interface AwsEvent {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  /** ISO 8601 in UTC, to the second. */
  time: string;
  region: string;
  resources: string[];
  detail: Record<string, unknown>;
}

/**
 * Puts an event on the default bus. When it returns, the event has durably reached every target
 * of every rule that matches it.
 */
export type PublishEvent = (event: AwsEvent) => void;
