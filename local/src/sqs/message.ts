import type { MessageAttributes } from './message-attributes';

/** A message as its queue keeps it on disk. Times are milliseconds since the epoch. */
export interface StoredMessage {
  messageId: string;
  body: string;
  attributes: MessageAttributes;
  senderId: string;
  /** When it was first sent; unchanged by a move to a dead-letter queue. */
  sentAt: number;
  /** When it came to this queue. */
  arrivedAt: number;
  /** Before then, delivery is delayed. */
  deliverableAt: number;
  /** Across all queues. */
  receiveCount: number;
  /** How many of those were in queues that it was in before. */
  receiveCountOnArrival: number;
  firstReceivedAt?: number;
  /** The queue whose redrive policy brought it here. */
  deadLetterSourceArn?: string;
  traceHeader?: string;
  groupId?: string;
}

/** What a sender gives. */
export interface NewMessage {
  body: string;
  attributes?: MessageAttributes;
  senderId: string;
  /** The queue's own delay where it is absent. */
  delaySeconds?: number;
  traceHeader?: string;
  groupId?: string;
}

/** A message as a consumer gets it. */
export interface ReceivedMessage {
  messageId: string;
  /** Names this receive: of no use any more once the message is received again. */
  receiptHandle: string;
  body: string;
  attributes: MessageAttributes;
  /** Such as SentTimestamp, as AWS names and writes them. */
  systemAttributes: Record<string, string>;
}

/** The system attributes that a receiver may ask for; the last two are FIFO's and never there. */
export const SYSTEM_ATTRIBUTES = [
  'All',
  'ApproximateFirstReceiveTimestamp',
  'ApproximateReceiveCount',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
  'MessageGroupId',
  'SenderId',
  'SentTimestamp',
  'MessageDeduplicationId',
  'SequenceNumber',
];

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
export function describeMessage(message: StoredMessage): Record<string, string> {
  const { firstReceivedAt, traceHeader, deadLetterSourceArn, groupId } = message;
  return {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ...(firstReceivedAt !== undefined && {
      ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
    }),
    ...(traceHeader !== undefined && { AWSTraceHeader: traceHeader }),
    ...(deadLetterSourceArn !== undefined && { DeadLetterQueueSourceArn: deadLetterSourceArn }),
    ...(groupId !== undefined && { MessageGroupId: groupId }),
  };
}
