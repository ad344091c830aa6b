import { randomUUID } from 'node:crypto';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { StoredMessage } from './message';
import type { Queue } from './queue';
import { invalidParameter, queryCode, queueDoesNotExist } from './sqs-error';

export interface MessageMoveTask {
  handle: string;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  sourceArn: string;
  /** Where absent, each message goes back to the queue it came from. */
  destinationArn?: string;
  maxMessagesPerSecond?: number;
  moved: number;
  toMove: number;
  failureReason?: string;
  startedAt: number;
}

export interface MessageMoveTasks {
  /** Throws ResourceNotFoundException or InvalidParameterValue. */
  start(
    order: Pick<MessageMoveTask, 'sourceArn' | 'destinationArn' | 'maxMessagesPerSecond'>,
  ): MessageMoveTask;
  /** Throws ResourceNotFoundException where no such task runs. */
  get(handle: string): MessageMoveTask;
  cancel(task: MessageMoveTask): void;
  /** Of one queue, the latest first. */
  list(sourceArn: string): MessageMoveTask[];
}

/**
 * Redrive out of dead-letter queues: messages move as new ones, with an id, a time and a receive
 * count of their own. A restart ends a task; what it has not moved stays in the dead-letter queue.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
export function openMessageMoveTasks(
  context: AwsContext,
  queues: ReadonlyMap<string, Queue>,
): MessageMoveTasks {
  const tasks: MessageMoveTask[] = [];

  function moveSome(task: MessageMoveTask): void {
    if (task.status !== 'RUNNING') return;
    const most = task.maxMessagesPerSecond ?? Infinity;
    try {
      for (let step = 0; step < most && task.moved < task.toMove; step += 1) {
        const found = sourceOf(task).moveOldest((message) =>
          resend(context, queues, task, message),
        );
        // Fewer than there were: a consumer received some, or they expired.
        if (!found) task.toMove = task.moved;
        else task.moved += 1;
      }
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      task.status = 'FAILED';
      task.failureReason = queryCode(error.code);
      const detail = `${task.moved} of ${task.toMove}: ${error.message}`;
      tell(task, 'redrive failed', 'error', detail);
      return;
    }
    if (task.moved < task.toMove) {
      context.clock.schedule(() => moveSome(task), 1000);
      return;
    }
    task.status = 'COMPLETED';
    tell(task, 'redrive completed', 'info', `${task.moved} messages`);
  }

  function sourceOf(task: MessageMoveTask): Queue {
    const source = queues.get(task.sourceArn);
    if (!source) throw queueDoesNotExist(task.sourceArn);
    return source;
  }

  function tell(
    task: MessageMoveTask,
    what: string,
    level: 'info' | 'error',
    detail: string,
  ): void {
    const subject = task.sourceArn.slice(task.sourceArn.lastIndexOf(':') + 1);
    context.tell({ service: 'sqs', what, subject, detail, level });
  }

  return {
    start(order) {
      const source = queues.get(order.sourceArn);
      if (!source) throw missing('SourceArn', order.sourceArn);
      if (order.destinationArn !== undefined && !queues.has(order.destinationArn)) {
        throw missing('DestinationArn', order.destinationArn);
      }
      const isDeadLetterQueue = [...queues.values()].some(
        (queue) => queue.config().redrive?.deadLetterTargetArn === order.sourceArn,
      );
      if (!isDeadLetterQueue) {
        throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
      }
      if (tasks.some((task) => task.sourceArn === order.sourceArn && task.status === 'RUNNING')) {
        throw invalidParameter(
          'There is already a task running. Only one active task is allowed for a source queue ' +
            'arn at a given time.',
        );
      }
      const task: MessageMoveTask = {
        ...order,
        handle: randomUUID(),
        status: 'RUNNING',
        moved: 0,
        toMove: source.counts().visible,
        startedAt: context.clock.now(),
      };
      tasks.unshift(task);
      context.clock.schedule(() => moveSome(task), 0);
      return task;
    },

    get(handle) {
      const task = tasks.find((candidate) => candidate.handle === handle);
      if (task?.status !== 'RUNNING') {
        throw new AwsError('ResourceNotFoundException', `No task ${handle} is running.`, 404);
      }
      return task;
    },

    cancel(task) {
      task.status = 'CANCELLED';
    },

    list(sourceArn) {
      if (!queues.has(sourceArn)) throw missing('SourceArn', sourceArn);
      return tasks.filter((task) => task.sourceArn === sourceArn);
    },
  };
}

function resend(
  context: AwsContext,
  queues: ReadonlyMap<string, Queue>,
  task: MessageMoveTask,
  message: StoredMessage,
): void {
  const arn = task.destinationArn ?? message.deadLetterSourceArn;
  if (arn === undefined) {
    throw new AwsError(
      'CouldNotDetermineMessageSource',
      `Message ${message.messageId} was sent straight to the dead-letter queue.`,
    );
  }
  const destination = queues.get(arn);
  if (!destination) throw queueDoesNotExist(arn);
  const now = context.clock.now();
  destination.add({
    messageId: randomUUID(),
    body: message.body,
    attributes: message.attributes,
    senderId: message.senderId,
    traceHeader: message.traceHeader,
    groupId: message.groupId,
    sentAt: now,
    arrivedAt: now,
    deliverableAt: now,
    receiveCount: 0,
    receiveCountOnArrival: 0,
  });
}

function missing(parameter: string, arn: string): AwsError {
  return new AwsError(
    'ResourceNotFoundException',
    `The resource that you specified for the ${parameter} parameter doesn't exist: ${arn}.`,
    404,
  );
}
