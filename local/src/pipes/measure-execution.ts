import type { Measure } from '../cloudwatch/metric-datum';
import type { AwsError } from '../core/aws-error';

const THROTTLES = ['TooManyRequestsException', 'ProvisionedThroughputExceededException'];

export function isThrottle({ code }: AwsError): boolean {
  return THROTTLES.includes(code);
}

/**
 * Measures one execution of a pipe: one attempt to deliver a batch of `events`, `failed` of which
 * were not delivered.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-monitoring.html
 */
export function measureExecution(
  measure: Measure | undefined,
  PipeName: string,
  events: number,
  failed: number,
  throttled: boolean,
): void {
  const put = (name: string, value: number): void =>
    measure?.({
      namespace: 'AWS/EventBridge/Pipes',
      name,
      dimensions: { PipeName },
      values: [value],
      unit: 'Count',
    });
  put('Invocations', 1);
  put('EventCount', events);
  put('ExecutionThrottled', throttled ? 1 : 0);
  put('ExecutionFailed', failed === events && !throttled ? 1 : 0);
  put('ExecutionPartiallyFailed', failed > 0 && failed < events ? 1 : 0);
}
