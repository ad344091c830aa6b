import { md5, md5OfAttributes } from '../sqs/message-attributes';
import type { ReceivedMessage } from '../sqs/sqs';

/**
 * A message as a record of the event that Lambda hands to a function.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
 */
export function sqsRecord(queueArn: string, message: ReceivedMessage): object {
  const { attributes } = message;
  const messageAttributes = Object.entries(attributes).map(([name, attribute]) => [
    name,
    {
      stringValue: attribute.StringValue,
      binaryValue: attribute.BinaryValue,
      stringListValues: [],
      binaryListValues: [],
      dataType: attribute.DataType,
    },
  ]);
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: message.systemAttributes,
    messageAttributes: Object.fromEntries(messageAttributes) as object,
    md5OfBody: md5(message.body),
    md5OfMessageAttributes: md5OfAttributes(attributes),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3],
  };
}
