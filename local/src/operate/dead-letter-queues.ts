import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  paginateListQueues,
  ReceiveMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import type { Stage } from '../stage';
import { readDeadMessage, type DeadMessage } from './letter';

/** A queue that holds what failed. */
export interface DeadLetterQueue {
  name: string;
  url: string;
  arn: string;
  /** About how many there are to be received. */
  messages: number;
  /** The queue that gives up messages to this one; undefined where none does. */
  source?: { name: string; url: string; arn: string; maxReceiveCount: number };
}

interface QueueAttributes {
  url: string;
  name: string;
  attributes: Partial<Record<string, string>>;
}

const MOST_AT_ONCE = 10;
// Long enough to look at what was received, short for whoever wants it next.
const LOOKING_SECONDS = 30;

/**
 * The stage's queues of what failed: dead-letter queues of others, and those that are named as
 * such, in the order of their names.
 */
export async function listDeadLetterQueues(stage: Stage): Promise<DeadLetterQueue[]> {
  const client = new SQSClient(stage.clientConfig);
  const queues: QueueAttributes[] = [];
  const pages = paginateListQueues({ client }, { QueueNamePrefix: stage.prefix, MaxResults: 1000 });
  for await (const { QueueUrls = [] } of pages) {
    queues.push(...(await Promise.all(QueueUrls.map((url) => describe(client, url)))));
  }
  const sources = new Map(
    queues.flatMap((queue): [string, QueueAttributes][] => {
      const target = redrivePolicy(queue).deadLetterTargetArn;
      return target === undefined ? [] : [[target, queue]];
    }),
  );
  return queues
    .map(({ name, url, attributes }): DeadLetterQueue => {
      const arn = attributes['QueueArn'] ?? '';
      const source = sources.get(arn);
      return {
        name,
        url,
        arn,
        messages: Number(attributes['ApproximateNumberOfMessages'] ?? 0),
        ...(source && {
          source: {
            name: source.name,
            url: source.url,
            arn: source.attributes['QueueArn'] ?? '',
            maxReceiveCount: Number(redrivePolicy(source).maxReceiveCount),
          },
        }),
      };
    })
    .filter(({ name, source }) => source !== undefined || /-(dlq|failures)$/.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The queue of that name, in full or without the stage's prefix.
 * @throws SaleslakeError naming those that there are.
 */
export function findQueue(
  queues: readonly DeadLetterQueue[],
  { prefix }: Pick<Stage, 'prefix'>,
  name: string,
): DeadLetterQueue {
  const found = queues.find((queue) => queue.name === name || queue.name === prefix + name);
  if (found) return found;
  const names = queues.map((queue) => queue.name).join(', ');
  throw new SaleslakeError(
    'NoSuchQueue',
    `There is no dead-letter or failure queue ${name}; there is: ${names || 'none'}.`,
  );
}

/**
 * Looks at messages, up to `most`, and leaves them where they are. For that they are received, and
 * hidden from others for as long as it takes.
 */
export async function lookAtMessages(
  { clientConfig }: Stage,
  { url, messages, source }: DeadLetterQueue,
  most: number,
): Promise<DeadMessage[]> {
  const client = new SQSClient(clientConfig);
  const received: Message[] = [];
  try {
    while (received.length < Math.min(most, messages)) {
      const some = await receive(client, url, most - received.length, LOOKING_SECONDS);
      if (some.length === 0) break;
      received.push(...some);
    }
  } finally {
    await release(client, url, received);
  }
  return received
    .map((message) => readDeadMessage(message, source?.maxReceiveCount))
    .sort((a, b) => a.sentAt.getTime() - b.sentAt.getTime() || (a.id < b.id ? -1 : 1));
}

/** Receives up to ten messages with all that is known of them, and hides them for so long. */
export async function receive(
  client: SQSClient,
  url: string,
  most: number,
  hiddenSeconds: number,
): Promise<Message[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: Math.min(most, MOST_AT_ONCE),
      VisibilityTimeout: hiddenSeconds,
      // A short poll asks some of SQS's servers, a long one all.
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages;
}

/** Shows messages to others again. */
export async function release(
  client: SQSClient,
  url: string,
  messages: readonly Message[],
): Promise<void> {
  for (let at = 0; at < messages.length; at += MOST_AT_ONCE) {
    await client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: url,
        // Where one fails it is visible again after a while, by itself.
        Entries: messages.slice(at, at + MOST_AT_ONCE).map(({ ReceiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle,
          VisibilityTimeout: 0,
        })),
      }),
    );
  }
}

async function describe(client: SQSClient, url: string): Promise<QueueAttributes> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  return { url, name: url.slice(url.lastIndexOf('/') + 1), attributes: Attributes };
}

function redrivePolicy({ attributes }: QueueAttributes): {
  deadLetterTargetArn?: string;
  maxReceiveCount?: number | string;
} {
  return JSON.parse(attributes['RedrivePolicy'] ?? '{}') as ReturnType<typeof redrivePolicy>;
}
