import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import { AwsError } from '../core/aws-error';
import type { NewMessage } from './message';
import { md5, md5OfAttributes, readMessageAttributes } from './message-attributes';
import { optionalInteger, optionalString, requiredString, type Input } from './parameters';
import { messageSize, type Queue } from './queue';
import { MOST_BYTES } from './queue-config';
import { invalidParameter } from './sqs-error';

const TRACE_HEADER = 'AWSTraceHeader';

/**
 * SendMessage, or an entry of SendMessageBatch.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function sendMessage(queue: Queue, input: Input, senderId: string): object {
  const fifoParameter = optionalString(input, 'MessageDeduplicationId');
  if (fifoParameter !== undefined) {
    throw invalidParameter(
      `Value ${fifoParameter} for parameter MessageDeduplicationId is invalid. ` +
        'Reason: The request includes a parameter that is not valid for this queue type.',
    );
  }
  const attributes = readMessageAttributes(input.MessageAttributes);
  const systemAttributes = readMessageAttributes(input.MessageSystemAttributes);
  const unknown = Object.keys(systemAttributes).find((name) => name !== TRACE_HEADER);
  if (unknown !== undefined) {
    throw invalidParameter(
      `Message system attribute name '${unknown}' is invalid; only ${TRACE_HEADER} can be sent.`,
    );
  }
  const message: NewMessage = {
    body: requiredString(input, 'MessageBody'),
    attributes,
    senderId,
    delaySeconds: optionalInteger(input, 'DelaySeconds', 0, 900),
    traceHeader: systemAttributes[TRACE_HEADER]?.StringValue,
    groupId: optionalString(input, 'MessageGroupId'),
  };
  return {
    MessageId: queue.send(message).messageId,
    MD5OfMessageBody: md5(message.body),
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    MD5OfMessageSystemAttributes: md5OfAttributes(systemAttributes),
  };
}

/** Throws BatchRequestTooLong where the messages of a batch together are larger than one may be. */
export function checkBatchSize(entries: Input[]): void {
  const size = entries.reduce((sum, { MessageBody, MessageAttributes }) => {
    if (typeof MessageBody !== 'string') return sum;
    // An entry whose attributes are no good fails by itself.
    const attributes = isJsonObject(MessageAttributes) ? readable(MessageAttributes) : {};
    return sum + messageSize({ body: MessageBody, attributes });
  }, 0);
  if (size <= MOST_BYTES) return;
  throw new AwsError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${MOST_BYTES} bytes. You have sent ${size} bytes.`,
  );
}

function readable(input: Input): NewMessage['attributes'] {
  try {
    return readMessageAttributes(input);
  } catch (error) {
    if (error instanceof AwsError) return {};
    throw error;
  }
}
