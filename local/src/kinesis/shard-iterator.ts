import { AwsError } from '../core/aws-error';
import { invalidArgument } from './kinesis-error';

/** Where a consumer reads on. */
export interface ShardIterator {
  streamName: string;
  /** Tells a stream from an earlier one of its name. */
  streamCreatedAt: number;
  shardId: string;
  position: number;
  /** Milliseconds since the epoch. */
  issuedAt: number;
}

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html
const LIFETIME_MS = 300_000;

/** An iterator as a consumer holds it. It survives a restart. */
export function encodeIterator(iterator: ShardIterator): string {
  return Buffer.from(JSON.stringify(iterator)).toString('base64');
}

/** Throws InvalidArgumentException for no iterator, ExpiredIteratorException after 5 minutes. */
export function decodeIterator(text: string, now: number): ShardIterator {
  const iterator = parse(text);
  if (now - iterator.issuedAt <= LIFETIME_MS) return iterator;
  throw new AwsError(
    'ExpiredIteratorException',
    `The iterator was issued ${Math.floor((now - iterator.issuedAt) / 1000)} seconds ago; ` +
      `it is valid for ${LIFETIME_MS / 1000}.`,
  );
}

function parse(text: string): ShardIterator {
  try {
    const iterator = JSON.parse(Buffer.from(text, 'base64').toString()) as ShardIterator;
    if (typeof iterator.shardId === 'string' && typeof iterator.position === 'number') {
      return iterator;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw invalidArgument('Invalid ShardIterator.');
}
