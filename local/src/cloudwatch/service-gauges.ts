import type { MetricDatum } from './metric-datum';

/** What waits in a delivery stream. */
export interface DeliveryStreamGauge {
  name: string;
  /** When the oldest record came that is not delivered; undefined where there is none. */
  oldestArrivedAt?: number;
}

/**
 * What Firehose measures of each delivery stream as time goes on, at `now`.
 * https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
 */
export function deliveryStreamGauges(streams: DeliveryStreamGauge[], now: number): MetricDatum[] {
  return streams.map(({ name: DeliveryStreamName, oldestArrivedAt = now }) => ({
    namespace: 'AWS/Firehose',
    name: 'DeliveryToS3.DataFreshness',
    dimensions: { DeliveryStreamName },
    values: [Math.max(0, now - oldestArrivedAt) / 1000],
    unit: 'Seconds',
  }));
}

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
