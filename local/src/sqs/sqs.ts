import type { AwsContext } from '../core/aws-context';
import type { ServiceHandler } from '../core/aws-request';
import type { MessageAttributes } from './message-attributes';
import { openMessageMoveTasks } from './message-move-tasks';
import { sqsHandler } from './operations';
import type { MessageCounts, Queue } from './queue';
import type { QueueConfig } from './queue-config';
import { openQueueRegistry } from './queue-registry';

export type { ReceivedMessage } from './message';
export type { MessageAttributes } from './message-attributes';
export type { MessageCounts, Queue } from './queue';
export type { QueueConfig } from './queue-config';

export interface Sqs {
  /** AWS JSON 1.0, `X-Amz-Target: AmazonSQS.<operation>`. */
  handler: ServiceHandler;
  /**
   * Makes a standard queue, or takes over what changed in the configuration of the one there is.
   * The dead-letter queue may come later. Throws where SQS would refuse the configuration, and
   * UnsupportedOperation for a FIFO queue.
   */
  createQueue(config: QueueConfig): void;
  /**
   * Sends for another service; on disk when it returns. Throws QueueDoesNotExist, or what
   * `Queue.send` throws.
   */
  send(queueArn: string, body: string, attributes?: MessageAttributes): void;
  /** Throws QueueDoesNotExist. */
  queue(queueArn: string): Queue;
  /** Every queue, by name. */
  queues(): ({ name: string; arn: string } & MessageCounts)[];
}

/** Opens SQS over `<stateDir>/sqs`, with the queues and messages that are there. */
export function openSqs(context: AwsContext): Sqs {
  const registry = openQueueRegistry(context);
  const tasks = openMessageMoveTasks(context, registry.queues);
  return {
    handler: sqsHandler(context, registry, tasks),
    createQueue: (config) => registry.put(config),
    send(queueArn, body, attributes) {
      registry.get(queueArn).send({ body, attributes, senderId: context.accountId });
    },
    queue: (queueArn) => registry.get(queueArn),
    queues: () =>
      [...registry.queues.values()]
        .map((queue) => ({ name: queue.config().name, arn: queue.config().arn, ...queue.counts() }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}
