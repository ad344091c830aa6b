import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import { readBatch, runBatch } from '../sqs/batch';
import { readStructure, type NewMessage } from './message';
import { readMessageAttributes } from './message-attributes';
import {
  members,
  optionalString,
  requiredString,
  type QueryInput,
  type QueryOperation,
} from './query-protocol';
import { invalidParameter, notEmulated } from './sns-error';

const LARGEST_BATCH_BYTES = 262_144;

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html and PublishBatch. */
export function publishOperations(
  context: AwsContext,
  /** Throws NotFound where there is no such topic. */
  requireTopic: (topicArn: string) => void,
  /** Returns the message's id. Throws InvalidParameter. */
  publish: (topicArn: string, message: NewMessage) => string,
): Record<string, QueryOperation> {
  return {
    Publish(input, accessKeyId) {
      const arn = destination(input);
      context.authorize(accessKeyId, 'sns:Publish', arn);
      requireTopic(arn);
      return { MessageId: publish(arn, readMessage(input)) };
    },

    PublishBatch(input, accessKeyId) {
      const arn = requiredString(input, 'TopicArn');
      context.authorize(accessKeyId, 'sns:Publish', arn);
      requireTopic(arn);
      const batch = readBatch(members(input, 'PublishBatchRequestEntries'));
      const size = batch.reduce(
        (sum, [, entry]) =>
          sum + Buffer.byteLength(optionalString(entry as QueryInput, 'Message') ?? ''),
        0,
      );
      if (size > LARGEST_BATCH_BYTES) {
        throw new AwsError(
          'BatchRequestTooLong',
          `The messages have ${size} bytes; expected at most ${LARGEST_BATCH_BYTES}`,
        );
      }
      const { Successful = [], Failed = [] } = runBatch(batch, (entry) => ({
        MessageId: publish(arn, readMessage(entry as QueryInput)),
      }));
      return {
        Successful: { member: Successful as { Id: string; MessageId: string }[] },
        Failed: { member: Failed },
      };
    },
  };
}

function destination(input: QueryInput): string {
  if (input.PhoneNumber !== undefined) throw notEmulated('PhoneNumber');
  const arn = optionalString(input, 'TopicArn') ?? optionalString(input, 'TargetArn');
  if (arn === undefined || arn === '')
    throw invalidParameter('TopicArn or TargetArn Reason: no value');
  if (!/^arn:aws:sns:[^:]*:\d+:[^:/]+$/.test(arn)) {
    throw invalidParameter(`TopicArn or TargetArn Reason: ${arn}; expected a topic's ARN`);
  }
  return arn;
}

function readMessage(input: QueryInput): NewMessage {
  for (const name of ['MessageDeduplicationId', 'MessageGroupId']) {
    if (input[name] !== undefined) throw notEmulated(`${name}, which is for FIFO topics,`);
  }
  const structure = optionalString(input, 'MessageStructure');
  if (structure !== undefined && structure !== 'json') {
    throw invalidParameter(`MessageStructure Reason: ${structure}; expected json`);
  }
  const message = optionalString(input, 'Message') ?? '';
  return {
    subject: optionalString(input, 'Subject'),
    message,
    attributes: readMessageAttributes(input),
    ...(structure === 'json' && message !== '' && { byProtocol: readStructure(message) }),
  };
}
