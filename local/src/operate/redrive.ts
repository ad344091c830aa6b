import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DeleteMessageCommand,
  ListMessageMoveTasksCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import type { Stage } from '../stage';
import { receive, release, type DeadLetterQueue } from './dead-letter-queues';
import { readDeadMessage } from './letter';
import { putStreamPosition } from './stream-position';

/** What became of the messages of a queue. */
export interface Redriven {
  queue: string;
  /** Handed over, and not in the queue any more. */
  redriven: number;
  /** What stays, and why. */
  failures: { id: string; about: string; reason: string }[];
}

export interface RedriveOptions {
  /** As many as that at most. */
  most?: number;
  progress?: (redriven: number, of: number) => void;
}

// As long as one message may take, times ten.
const HIDDEN_SECONDS = 300;
const BETWEEN_LOOKS_MS = 200;

/**
 * Tries again what is in a queue of failures: a destination record invokes its function again, a
 * stream position has its changes put again, and any other message goes back to the queue whose
 * dead-letter queue this is. A message is deleted once that is done, so what dies in between is
 * done twice.
 */
export async function redriveQueue(
  stage: Stage,
  queue: DeadLetterQueue,
  options: RedriveOptions = {},
): Promise<Redriven> {
  if (queue.messages === 0) return { queue: queue.name, redriven: 0, failures: [] };
  // All that a queue gives up is of one kind, and SQS itself moves it fastest.
  if (queue.source && options.most === undefined) return moveBack(stage, queue, options);
  return redriveOneByOne(stage, queue, options);
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html */
async function moveBack(
  { clientConfig }: Stage,
  { name, arn, source }: DeadLetterQueue,
  { progress }: RedriveOptions,
): Promise<Redriven> {
  const client = new SQSClient(clientConfig);
  await client.send(
    // Named, as what EventBridge sent straight to the dead-letter queue knows no other.
    new StartMessageMoveTaskCommand({ SourceArn: arn, DestinationArn: source?.arn }),
  );
  for (;;) {
    const { Results: [task] = [] } = await client.send(
      new ListMessageMoveTasksCommand({ SourceArn: arn, MaxResults: 1 }),
    );
    const redriven = task?.ApproximateNumberOfMessagesMoved ?? 0;
    const of = task?.ApproximateNumberOfMessagesToMove ?? redriven;
    progress?.(redriven, of);
    if (task?.Status !== 'RUNNING') {
      const left = Math.max(of - redriven, 0);
      const reason = task?.FailureReason ?? `the move is ${task?.Status ?? 'not known'}`;
      const failures =
        task?.Status === 'COMPLETED' ? [] : [{ id: '', about: `${left} messages`, reason }];
      return { queue: name, redriven, failures };
    }
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
  }
}

async function redriveOneByOne(
  stage: Stage,
  queue: DeadLetterQueue,
  { most = Infinity, progress }: RedriveOptions,
): Promise<Redriven> {
  const client = new SQSClient(stage.clientConfig);
  // What comes while this goes on may be what it redrove itself.
  const of = Math.min(most, queue.messages);
  const redriven: Redriven = { queue: queue.name, redriven: 0, failures: [] };
  const held = new Set<Message>();
  try {
    while (redriven.redriven + held.size < of) {
      const left = of - redriven.redriven - held.size;
      const messages = await receive(client, queue.url, left, HIDDEN_SECONDS);
      if (messages.length === 0) break;
      for (const message of messages) held.add(message);
      for (const message of messages) {
        const reason = await handOver(stage, client, queue, message);
        if (reason === undefined) {
          const { ReceiptHandle } = message;
          await client.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle }));
          held.delete(message);
          redriven.redriven += 1;
        } else {
          const { id, about } = readDeadMessage(message);
          redriven.failures.push({ id, about, reason });
        }
        progress?.(redriven.redriven, of);
      }
    }
  } finally {
    await release(client, queue.url, [...held]);
  }
  return redriven;
}

/** @returns why it could not be, or undefined. */
async function handOver(
  stage: Stage,
  sqs: SQSClient,
  { source }: DeadLetterQueue,
  message: Message,
): Promise<string | undefined> {
  const { letter } = readDeadMessage(message);
  try {
    switch (letter.kind) {
      case 'invocation':
        await new LambdaClient(stage.clientConfig).send(
          new InvokeCommand({
            FunctionName: letter.functionArn,
            InvocationType: 'Event',
            Payload: JSON.stringify(letter.payload),
          }),
        );
        return undefined;
      case 'stream position':
        await putStreamPosition(stage, letter.position);
        return undefined;
      case 'queued':
        if (!source) return 'it is of no form that is known here, and of no other queue';
        await sqs.send(
          new SendMessageCommand({
            QueueUrl: source.url,
            MessageBody: message.Body,
            MessageAttributes: message.MessageAttributes,
          }),
        );
        return undefined;
    }
  } catch (error) {
    // It stays, is named, and the others go on.
    if (!isService(error) && !(error instanceof SaleslakeError)) throw error;
    return `${error.name}: ${error.message}`;
  }
}

/** What a service answers, whichever it is: each client has its own class for it. */
function isService(error: unknown): error is Error {
  return error instanceof Error && '$fault' in error;
}
