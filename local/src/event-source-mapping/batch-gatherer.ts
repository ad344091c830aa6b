import type { Clock } from '../core/clock';
import type { Queue, ReceivedMessage } from '../sqs/sqs';
import type { EventSourceMappingConfig } from './event-source-mapping-config';
import { sqsRecord } from './sqs-event';

export interface Batch {
  messages: ReceivedMessage[];
  /** Each as the event has it. */
  records: object[];
  /** From here on the first of the messages may be visible to others again. */
  visibleAgainAt: number;
}

export interface BatchGatherer {
  /** The next batch, once it is complete; undefined once `stopped`. */
  next(): Promise<Batch | undefined>;
  /** Messages received and not yet handed out in a batch. */
  pending(): ReceivedMessage[];
}

interface PendingMessage {
  message: ReceivedMessage;
  record: object;
  /** What it adds to the payload. */
  bytes: number;
  receivedAt: number;
}

// The payload limit of a synchronous invocation.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const MOST_PAYLOAD_BYTES = 6 * 1024 * 1024;
const ENVELOPE_BYTES = Buffer.byteLength('{"Records":[]}');
const MOST_A_RECEIVE = 10;

/**
 * Gathers batches from a queue: one is complete when it has `batchSize` messages, when the next
 * message would make the payload larger than 6 MB, or when the window, counted from its first
 * message, is over. Without a window it is whatever one receive gives.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching
 */
export function gatherBatches(
  clock: Clock,
  queue: Queue,
  config: EventSourceMappingConfig,
  stopped: AbortSignal,
): BatchGatherer {
  const windowMs = config.maximumBatchingWindowSeconds * 1000;
  let pending: PendingMessage[] = [];

  function receive(): void {
    const limit = Math.min(MOST_A_RECEIVE, config.batchSize - pending.length);
    const receivedAt = clock.now();
    for (const message of queue.receive(limit)) {
      const record = sqsRecord(config.queueArn, message);
      const bytes = Buffer.byteLength(JSON.stringify(record)) + 1;
      pending.push({ message, record, bytes, receivedAt });
    }
  }

  /** How many of the pending messages make up a batch that cannot grow; 0 if it still can. */
  function complete(): number {
    let payload = ENVELOPE_BYTES;
    for (const [index, { bytes }] of pending.entries()) {
      payload += bytes;
      if (payload > MOST_PAYLOAD_BYTES && index > 0) return index;
    }
    return pending.length >= config.batchSize ? pending.length : 0;
  }

  function take(count: number): Batch {
    const taken = pending.slice(0, count);
    // What did not fit stays in flight, for the next batch: putting it back would cost a receive.
    pending = pending.slice(count);
    const receivedAt = taken[0]?.receivedAt ?? clock.now();
    return {
      messages: taken.map(({ message }) => message),
      records: taken.map(({ record }) => record),
      visibleAgainAt: receivedAt + queue.config().visibilityTimeoutSeconds * 1000,
    };
  }

  async function next(): Promise<Batch | undefined> {
    while (!stopped.aborted) {
      if (complete() === 0) receive();
      const first = pending[0];
      if (!first) {
        await queue.waitForMessages(stopped);
        continue;
      }
      const left = first.receivedAt + windowMs - clock.now();
      const count = complete();
      if (count > 0) return take(count);
      if (left <= 0) return take(pending.length);
      await queue.waitForMessages(stopped, left);
    }
    return undefined;
  }

  return { next, pending: () => pending.map(({ message }) => message) };
}
