import { AwsError } from '../core/aws-error';

/** One receive of one message. Made of what is on disk, so that it outlives a restart. */
export interface Receipt {
  queueName: string;
  key: string;
  /** The message's receive count when it was handed out. */
  receiveCount: number;
}

export function encodeReceipt({ queueName, key, receiveCount }: Receipt): string {
  return Buffer.from(JSON.stringify([queueName, key, receiveCount])).toString('base64');
}

/** Throws ReceiptHandleIsInvalid for anything but a handle of this queue. */
export function decodeReceipt(queueName: string, handle: string): Receipt {
  try {
    const parts = JSON.parse(Buffer.from(handle, 'base64').toString()) as unknown;
    if (Array.isArray(parts)) {
      const [ofQueue, key, receiveCount] = parts as unknown[];
      if (ofQueue === queueName && typeof key === 'string' && typeof receiveCount === 'number') {
        return { queueName, key, receiveCount };
      }
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new AwsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle of queue ${queueName}.`,
    404,
  );
}
