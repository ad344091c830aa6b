import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  type Message,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { logsOf, saleslake } from './commands';
import { readDeadLetter, type DeadLetter } from './dead-letter';
import { count, SHOWN, utc, type Evidence, type FindEvidence } from './evidence';

/** What stands in a queue of failures, of which a few messages are looked at. */
export const findDeadLetters: FindEvidence = async ({ metric, since }, { sqs, stage, signal }) => {
  const queue = metric.dimensions['QueueName'] ?? '';
  const { depth, messages } = await peek(sqs, queue, signal);
  const letters = messages.map(readDeadLetter);
  const sent = messages.map(({ Attributes }) => Number(Attributes?.SentTimestamp)).filter(Boolean);
  const functionName = letters.find((letter) => letter.functionName)?.functionName;
  const oldest = sent.length > 0 ? `, the oldest seen is of ${utc(Math.min(...sent))}` : '';
  const are = count(depth, 'message');
  return {
    headline: count(depth, 'dead letter'),
    facts: [`${are} in the queue ${queue}${oldest}`, ...described(letters, depth)],
    whereabouts: [...new Set(letters.map((letter) => letter.whereabouts))],
    show: [
      saleslake(stage, `dlq list --queue ${queue}`),
      ...(functionName === undefined ? [] : [logsOf(stage, functionName, since)]),
    ],
    replay: [saleslake(stage, `dlq redrive --queue ${queue}`)],
    afterwards: `The queue ${queue} is empty again.`,
    mark: String(depth),
  } satisfies Evidence;
};

/** What the letters are about, those of the same together, and how many more there are. */
function described(letters: readonly DeadLetter[], depth: number): string[] {
  const times = new Map<string, number>();
  for (const { description } of letters) {
    times.set(description, (times.get(description) ?? 0) + 1);
  }
  const shown = [...times].slice(0, SHOWN);
  const more = depth - shown.reduce((sum, [, of]) => sum + of, 0);
  const lines = shown.map(([text, of]) => (of === 1 ? `- ${text}` : `- ${of} times ${text}`));
  return more > 0 ? [...lines, `… and ${count(more, 'more', 'more')}`] : lines;
}

const RECEIVES = 3;

/** Looks at a few messages, which every other receiver may have at the same time. */
async function peek(
  sqs: SQSClient,
  QueueName: string,
  abortSignal: AbortSignal,
): Promise<{ depth: number; messages: Message[] }> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }), { abortSignal });
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
    { abortSignal },
  );
  const depth =
    Number(Attributes?.ApproximateNumberOfMessages) +
    Number(Attributes?.ApproximateNumberOfMessagesNotVisible);
  // One receive asks a few of a queue's servers, and may find nothing on them.
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
  const seen = new Map<string, Message>();
  for (let i = 0; i < RECEIVES && seen.size < Math.min(depth, MOST_LOOKED_AT); i++) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: MOST_LOOKED_AT,
        VisibilityTimeout: 0,
        MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount'],
        MessageAttributeNames: ['ERROR_CODE'],
      }),
      { abortSignal },
    );
    for (const message of Messages) seen.set(message.MessageId ?? '', message);
  }
  return { depth, messages: [...seen.values()] };
}

const MOST_LOOKED_AT = 10;
