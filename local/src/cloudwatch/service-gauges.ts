import type { MetricDatum } from './metric-datum';

/** What a queue holds. */
export interface QueueGauge {
  name: string;
  visible: number;
  inFlight: number;
  delayed: number;
  /** Undefined where the queue is empty. */
  oldestAgeSeconds?: number;
}

/**
 * What SQS measures of each queue every minute.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function queueGauges(queues: QueueGauge[]): MetricDatum[] {
  return queues.flatMap(({ name: QueueName, visible, inFlight, delayed, oldestAgeSeconds }) => {
    const gauge = (name: string, value: number, unit = 'Count'): MetricDatum => ({
      namespace: 'AWS/SQS',
      name,
      dimensions: { QueueName },
      values: [value],
      unit,
    });
    return [
      gauge('ApproximateNumberOfMessagesVisible', visible),
      gauge('ApproximateNumberOfMessagesNotVisible', inFlight),
      gauge('ApproximateNumberOfMessagesDelayed', delayed),
      gauge('ApproximateAgeOfOldestMessage', oldestAgeSeconds ?? 0, 'Seconds'),
    ];
  });
}
