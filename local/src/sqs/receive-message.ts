import type { Clock } from '../core/clock';
import { AwsError } from '../core/aws-error';
import { SYSTEM_ATTRIBUTES, type ReceivedMessage } from './message';
import { md5, md5OfAttributes, selectAttributes } from './message-attributes';
import { optionalInteger, stringList, type Input } from './parameters';
import type { Queue } from './queue';

/**
 * ReceiveMessage: short polling, or up to 20 s of long polling, which ends when the receiver is
 * `gone`: a message received for nobody would stay hidden until its visibility timeout.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
export async function receiveMessage(
  clock: Clock,
  queue: Queue,
  input: Input,
  gone: AbortSignal,
): Promise<object> {
  const limit = optionalInteger(input, 'MaxNumberOfMessages', 1, 10) ?? 1;
  const visibilityTimeout = optionalInteger(input, 'VisibilityTimeout', 0, 43_200);
  const waitSeconds =
    optionalInteger(input, 'WaitTimeSeconds', 0, 20) ?? queue.config().receiveWaitTimeSeconds;
  const present = presenter(input);
  const deadline = clock.now() + waitSeconds * 1000;
  for (;;) {
    const messages = gone.aborted ? [] : queue.receive(limit, visibilityTimeout);
    if (messages.length > 0) return { Messages: messages.map(present) };
    const left = deadline - clock.now();
    if (left <= 0 || gone.aborted) return {};
    await queue.waitForMessages(gone, left);
  }
}

/** Gives a message the form of the API, with the attributes that the request selects. */
function presenter(input: Input): (message: ReceivedMessage) => object {
  const selectors = stringList(input, 'MessageAttributeNames');
  // The first is the older name of the second.
  const systemNames = [
    ...stringList(input, 'AttributeNames'),
    ...stringList(input, 'MessageSystemAttributeNames'),
  ];
  const unknown = systemNames.find((name) => !SYSTEM_ATTRIBUTES.includes(name));
  if (unknown !== undefined) {
    throw new AwsError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  }
  return (message) => {
    const attributes = selectAttributes(message.attributes, selectors);
    const systemAttributes = Object.entries(message.systemAttributes).filter(
      ([name]) => systemNames.includes('All') || systemNames.includes(name),
    );
    return {
      MessageId: message.messageId,
      ReceiptHandle: message.receiptHandle,
      MD5OfBody: md5(message.body),
      Body: message.body,
      ...(systemAttributes.length > 0 && { Attributes: Object.fromEntries(systemAttributes) }),
      ...(Object.keys(attributes).length > 0 && {
        MD5OfMessageAttributes: md5OfAttributes(attributes),
        MessageAttributes: attributes,
      }),
    };
  };
}
