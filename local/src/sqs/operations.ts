import { isDeepStrictEqual } from 'node:util';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { ServiceHandler } from '../core/aws-request';
import { jsonProtocol, type JsonOperation } from '../core/json-protocol';
import { readBatch, runBatch } from './batch';
import type { MessageMoveTask, MessageMoveTasks } from './message-move-tasks';
import {
  optionalInteger,
  optionalString,
  requiredInteger,
  requiredString,
  stringList,
  stringMap,
  type Input,
} from './parameters';
import {
  changeConfig,
  defaultConfig,
  describeConfig,
  isKnownAttribute,
  type QueueConfig,
} from './queue-config';
import type { QueueRegistry } from './queue-registry';
import { receiveMessage } from './receive-message';
import { checkBatchSize, sendMessage } from './send-message';
import { invalidParameter, notEmulated, queryCode, queueDoesNotExist } from './sqs-error';

const MOST_LISTED = 1000;
const LONGEST_VISIBILITY_SECONDS = 43_200;
const PURGE_INTERVAL_MS = 60_000;

/** The SQS API. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html */
export function sqsHandler(
  context: AwsContext,
  registry: QueueRegistry,
  tasks: MessageMoveTasks,
): ServiceHandler {
  return async (request, response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const operations = Object.entries(sqsOperations(context, registry, tasks, gone.signal)).map(
      ([name, operation]): [string, JsonOperation] => [
        name,
        async (input, { accessKeyId }) => {
          try {
            return await operation(input, accessKeyId);
          } catch (error) {
            if (error instanceof AwsError) {
              response.setHeader('x-amzn-query-error', `${queryCode(error.code)};Sender`);
            }
            throw error;
          }
        },
      ],
    );
    await jsonProtocol('1.0', Object.fromEntries(operations))(request, response);
  };
}

type Operation = (input: Input, accessKeyId: string | undefined) => Promise<object> | object;

function sqsOperations(
  context: AwsContext,
  registry: QueueRegistry,
  tasks: MessageMoveTasks,
  gone: AbortSignal,
): Record<string, Operation> {
  const { accountId, clock } = context;
  const urlOf = (name: string): string => `${context.endpoint()}/${accountId}/${name}`;

  /** The ARN of the queue at a URL. Its host is not looked at: programs reach us by several names. */
  const arnOfUrl = (url: string): string => {
    const [, account, name] = /\/(\d+)\/([^/]+)\/?$/.exec(url) ?? [];
    if (name === undefined) {
      throw new AwsError('InvalidAddress', `The address ${url} is not valid: no queue URL.`, 404);
    }
    if (account !== accountId) throw queueDoesNotExist(url);
    return registry.arnOf(name);
  };

  /** An operation on the queue that QueueUrl names, for callers allowed `sqs:<action>` on it. */
  const onQueue =
    (
      action: string,
      run: (arn: string, input: Input, accessKeyId: string | undefined) => Promise<object> | object,
    ): Operation =>
    (input, accessKeyId) => {
      const arn = arnOfUrl(requiredString(input, 'QueueUrl'));
      context.authorize(accessKeyId, `sqs:${action}`, arn);
      registry.get(arn);
      return run(arn, input, accessKeyId);
    };

  const page = (input: Input, names: string[]): { urls: string[]; NextToken?: string } => {
    const most = optionalInteger(input, 'MaxResults', 1, MOST_LISTED);
    const after = Buffer.from(optionalString(input, 'NextToken') ?? '', 'base64').toString();
    const rest = names.sort().filter((name) => name > after);
    const listed = rest.slice(0, most ?? MOST_LISTED);
    const more = most !== undefined && rest.length > listed.length;
    return {
      urls: listed.map(urlOf),
      ...(more && { NextToken: Buffer.from(listed.at(-1) ?? '').toString('base64') }),
    };
  };

  const configs = (): QueueConfig[] => [...registry.queues.values()].map((queue) => queue.config());

  const deleteMessage = (arn: string, input: Input): object => {
    registry.get(arn).delete(requiredString(input, 'ReceiptHandle'));
    return {};
  };

  const changeVisibility = (arn: string, input: Input): object => {
    const handle = requiredString(input, 'ReceiptHandle');
    const seconds = requiredInteger(input, 'VisibilityTimeout', 0, LONGEST_VISIBILITY_SECONDS);
    registry.get(arn).changeVisibility(handle, seconds);
    return {};
  };

  const checkDeadLetterQueue = ({ redrive }: QueueConfig): void => {
    if (!redrive || registry.queues.has(redrive.deadLetterTargetArn)) return;
    throw invalidParameter(
      `Value ${JSON.stringify(redrive)} for parameter RedrivePolicy is invalid. ` +
        'Reason: Dead letter target does not exist.',
    );
  };

  return {
    CreateQueue: (input, accessKeyId) => {
      const name = requiredString(input, 'QueueName');
      const arn = registry.arnOf(name);
      context.authorize(accessKeyId, 'sqs:CreateQueue', arn);
      if (input.tags !== undefined) throw notEmulated('CreateQueue with tags');
      const attributes = stringMap(input, 'Attributes');
      const present = registry.queues.get(arn)?.config();
      const config = changeConfig(present ?? defaultConfig(name, arn), attributes);
      checkDeadLetterQueue(config);
      if (present && !isDeepStrictEqual(describeConfig(present), describeConfig(config))) {
        throw new AwsError(
          'QueueNameExists',
          `A queue named ${name} already exists with a different value for an attribute.`,
        );
      }
      if (!present) registry.put(config);
      return { QueueUrl: urlOf(name) };
    },

    DeleteQueue: onQueue('DeleteQueue', (arn) => {
      registry.remove(arn);
      return {};
    }),

    GetQueueUrl: (input, accessKeyId) => {
      const name = requiredString(input, 'QueueName');
      const arn = registry.arnOf(name);
      context.authorize(accessKeyId, 'sqs:GetQueueUrl', arn);
      registry.get(arn);
      return { QueueUrl: urlOf(name) };
    },

    ListQueues: (input, accessKeyId) => {
      context.authorize(accessKeyId, 'sqs:ListQueues', registry.arnOf('*'));
      const prefix = optionalString(input, 'QueueNamePrefix') ?? '';
      const names = configs().map(({ name }) => name);
      const { urls, NextToken } = page(
        input,
        names.filter((name) => name.startsWith(prefix)),
      );
      return { ...(urls.length > 0 && { QueueUrls: urls }), NextToken };
    },

    ListDeadLetterSourceQueues: onQueue('ListDeadLetterSourceQueues', (arn, input) => {
      const sources = configs().filter(({ redrive }) => redrive?.deadLetterTargetArn === arn);
      const { urls, NextToken } = page(
        input,
        sources.map(({ name }) => name),
      );
      return { queueUrls: urls, NextToken };
    }),

    GetQueueAttributes: onQueue('GetQueueAttributes', (arn, input) => {
      const asked = stringList(input, 'AttributeNames');
      const held = describeQueue(registry, arn);
      const unknown = asked.find(
        (name) => name !== 'All' && !Object.hasOwn(held, name) && !isKnownAttribute(name),
      );
      if (unknown !== undefined) {
        throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
      }
      const answered = Object.entries(held).filter(
        ([name]) => asked.includes('All') || asked.includes(name),
      );
      return answered.length > 0 ? { Attributes: Object.fromEntries(answered) } : {};
    }),

    SetQueueAttributes: onQueue('SetQueueAttributes', (arn, input) => {
      const config = changeConfig(registry.get(arn).config(), stringMap(input, 'Attributes'));
      checkDeadLetterQueue(config);
      registry.put(config);
      return {};
    }),

    PurgeQueue: onQueue('PurgeQueue', (arn) => {
      const { config, purgedAt } = registry.record(arn);
      if (purgedAt !== undefined && clock.now() - purgedAt < PURGE_INTERVAL_MS) {
        throw new AwsError(
          'PurgeQueueInProgress',
          `Only one PurgeQueue operation on ${config.name} is allowed every 60 seconds.`,
          403,
        );
      }
      registry.purge(arn);
      return {};
    }),

    SendMessage: onQueue('SendMessage', (arn, input, accessKeyId) =>
      sendMessage(registry.get(arn), input, accessKeyId ?? accountId),
    ),

    SendMessageBatch: onQueue('SendMessage', (arn, input, accessKeyId) => {
      const batch = readBatch(input.Entries);
      checkBatchSize(batch.map(([, entry]) => entry));
      return runBatch(batch, (entry) =>
        sendMessage(registry.get(arn), entry, accessKeyId ?? accountId),
      );
    }),

    ReceiveMessage: onQueue('ReceiveMessage', (arn, input) =>
      receiveMessage(clock, registry.get(arn), input, gone),
    ),

    DeleteMessage: onQueue('DeleteMessage', deleteMessage),

    DeleteMessageBatch: onQueue('DeleteMessage', (arn, input) =>
      runBatch(readBatch(input.Entries), (entry) => deleteMessage(arn, entry)),
    ),

    ChangeMessageVisibility: onQueue('ChangeMessageVisibility', changeVisibility),

    ChangeMessageVisibilityBatch: onQueue('ChangeMessageVisibility', (arn, input) =>
      runBatch(readBatch(input.Entries), (entry) => changeVisibility(arn, entry)),
    ),

    StartMessageMoveTask: (input, accessKeyId) => {
      const sourceArn = requiredString(input, 'SourceArn');
      const destinationArn = optionalString(input, 'DestinationArn');
      // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
      for (const action of ['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage']) {
        context.authorize(accessKeyId, `sqs:${action}`, sourceArn);
      }
      if (destinationArn !== undefined) {
        context.authorize(accessKeyId, 'sqs:SendMessage', destinationArn);
      }
      const maxMessagesPerSecond = optionalInteger(input, 'MaxNumberOfMessagesPerSecond', 1, 500);
      const task = tasks.start({ sourceArn, destinationArn, maxMessagesPerSecond });
      return { TaskHandle: task.handle };
    },

    CancelMessageMoveTask: (input, accessKeyId) => {
      const task = tasks.get(requiredString(input, 'TaskHandle'));
      context.authorize(accessKeyId, 'sqs:CancelMessageMoveTask', task.sourceArn);
      tasks.cancel(task);
      return { ApproximateNumberOfMessagesMoved: task.moved };
    },

    ListMessageMoveTasks: (input, accessKeyId) => {
      const sourceArn = requiredString(input, 'SourceArn');
      context.authorize(accessKeyId, 'sqs:ListMessageMoveTasks', sourceArn);
      const most = optionalInteger(input, 'MaxResults', 1, 10) ?? 1;
      return { Results: tasks.list(sourceArn).slice(0, most).map(describeTask) };
    },
  };
}

function describeQueue(registry: QueueRegistry, arn: string): Record<string, string> {
  const { config, createdAt, modifiedAt } = registry.record(arn);
  const { visible, inFlight, delayed } = registry.get(arn).counts();
  return {
    ...describeConfig(config),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(modifiedAt / 1000)),
  };
}

function describeTask(task: MessageMoveTask): object {
  return {
    // AWS too names a handle only where there is something to cancel.
    TaskHandle: task.status === 'RUNNING' ? task.handle : undefined,
    Status: task.status,
    SourceArn: task.sourceArn,
    DestinationArn: task.destinationArn,
    MaxNumberOfMessagesPerSecond: task.maxMessagesPerSecond,
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    FailureReason: task.failureReason,
    StartedTimestamp: task.startedAt,
  };
}
