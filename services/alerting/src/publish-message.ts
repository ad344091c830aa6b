import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Message } from './render-message';

/** Sends a message to a topic; its attributes are strings, by which subscriptions can filter. */
export async function publishMessage(
  sns: SNSClient,
  TopicArn: string,
  { subject, body, attributes }: Message,
): Promise<void> {
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [
      name,
      { DataType: 'String', StringValue },
    ]),
  );
  await sns.send(
    new PublishCommand({ TopicArn, Subject: subject, Message: body, MessageAttributes }),
  );
}
