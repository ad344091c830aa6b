/** A rule on the default bus, as a template or PutRule and PutTargets declare it. */
export interface RuleConfig {
  name: string;
  arn: string;
  state: 'ENABLED' | 'DISABLED';
  /** At least one of the two. */
  eventPattern?: object;
  /** `rate(…)` or `cron(…)`. */
  scheduleExpression?: string;
  targets: RuleTarget[];
}

/** Where a matching event goes; at most one of the three inputs replaces the event itself. */
export interface RuleTarget {
  id: string;
  arn: string;
  /** JSON text sent instead of the event. */
  input?: string;
  /** The part of the event that is sent, such as `$.detail`. */
  inputPath?: string;
  inputTransformer?: { inputPathsMap?: Record<string, string>; inputTemplate: string };
  deadLetterArn?: string;
  /**
   * Shown to who asks and otherwise without effect: here a delivery either succeeds at once, or
   * there is no such target, which AWS does not retry either.
   */
  retryPolicy?: { maximumRetryAttempts?: number; maximumEventAgeSeconds?: number };
}
