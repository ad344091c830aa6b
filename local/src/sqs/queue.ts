import { randomUUID } from 'node:crypto';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import { DurableMap } from '../core/durable-map';
import { faultOnReceive } from '../faults/receive-faults';
import {
  describeMessage,
  type NewMessage,
  type ReceivedMessage,
  type StoredMessage,
} from './message';
import { attributesSize } from './message-attributes';
import { MOST_BYTES, type QueueConfig } from './queue-config';
import { decodeReceipt, encodeReceipt } from './receipt-handle';
import { invalidParameter } from './sqs-error';

export interface MessageCounts {
  /** Ready to be received. */
  visible: number;
  /** Received, neither deleted nor visible again. */
  inFlight: number;
  /** Sent with a delay that still runs. */
  delayed: number;
  /** Since the oldest message came to this queue; undefined where the queue is empty. */
  oldestAgeSeconds?: number;
}

export interface Queue {
  config(): QueueConfig;
  /**
   * On disk when it returns. Throws InvalidParameterValue for an empty or too large message,
   * InvalidMessageContents for a character that SQS does not take.
   */
  send(message: NewMessage): StoredMessage;
  /**
   * Up to `limit` visible messages, in the order they came, hidden from others for
   * `visibilityTimeoutSeconds` (the queue's own where absent). One that was received
   * `maxReceiveCount` times moves to the dead-letter queue instead.
   */
  receive(limit: number, visibilityTimeoutSeconds?: number): ReceivedMessage[];
  /**
   * Deletes for good. With the handle of an earlier receive than the last it does nothing, nor
   * where the message is gone. Throws ReceiptHandleIsInvalid for no handle of this queue.
   */
  delete(receiptHandle: string): void;
  /**
   * Makes the message visible `seconds` from now. Throws ReceiptHandleIsInvalid,
   * InvalidParameterValue for a message gone or received again, MessageNotInflight for one that
   * is visible.
   */
  changeVisibility(receiptHandle: string, seconds: number): void;
  /**
   * Returns once a message is visible, which another consumer may be quicker to receive, or
   * after `timeoutMs` of the context's clock, or when `cancelled`.
   */
  waitForMessages(cancelled: AbortSignal, timeoutMs?: number): Promise<void>;
  /** How many consumers wait for messages. */
  waiting(): number;
  /**
   * Hands the oldest visible message to `take`, and deletes it here once that returns.
   * False where none is visible.
   */
  moveOldest(take: (message: StoredMessage) => void): boolean;
  /** Puts in a message out of another queue. */
  add(message: StoredMessage): void;
  purge(): void;
  counts(): MessageCounts;
}

interface Entry {
  message: StoredMessage;
  visibleAt: number;
  /** When it was last received by this process; undefined where it never was. */
  receivedAt?: number;
}

const SECOND = 1000;
const LONGEST_VISIBILITY_SECONDS = 43_200;

// https://www.w3.org/TR/REC-xml/#charsets; with the u flag a lone surrogate is a character too.
const REFUSED_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/**
 * A standard queue over one file a message in `folder`. Everything but visibility timeouts
 * survives a restart: where AWS keeps a message hidden whatever becomes of its consumer, a restart
 * makes it visible at once, because the consumers, functions of this very process, are gone.
 *
 * Retention is enforced on messages as they come up, not by a timer.
 */
export function openQueue(
  context: AwsContext,
  folder: string,
  config: () => QueueConfig,
  queueOf: (arn: string) => Queue | undefined,
): Queue {
  const { clock } = context;
  const stored = new DurableMap<StoredMessage>(folder);
  // In the order of arrival, as Map and DurableMap both keep it.
  const entries = new Map<string, Entry>();
  for (const [key, message] of stored.entries()) {
    entries.set(key, { message, visibleAt: message.deliverableAt });
  }
  let sequence = Number([...entries.keys()].at(-1)?.split('-', 1)[0] ?? 0);

  const waiters = new Set<() => void>();
  let cancelAlarm: (() => void) | undefined;

  function add(message: StoredMessage): void {
    sequence += 1;
    const key = `${String(sequence).padStart(16, '0')}-${message.messageId}`;
    stored.set(key, message);
    entries.set(key, { message, visibleAt: message.deliverableAt });
    wake();
  }

  function remove(key: string): void {
    stored.delete(key);
    entries.delete(key);
  }

  function send(sent: NewMessage): StoredMessage {
    const { body, attributes = {}, senderId, traceHeader, groupId } = sent;
    checkMessage(config(), body, messageSize(sent));
    const now = clock.now();
    const delaySeconds = sent.delaySeconds ?? config().delaySeconds;
    const message: StoredMessage = {
      messageId: randomUUID(),
      body,
      attributes,
      senderId,
      sentAt: now,
      arrivedAt: now,
      deliverableAt: now + delaySeconds * SECOND,
      receiveCount: 0,
      receiveCountOnArrival: 0,
      traceHeader,
      groupId,
    };
    add(message);
    const subject = config().name;
    const detail = `${message.messageId}, ${messageSize(sent)} bytes`;
    context.tell({ service: 'sqs', what: 'message sent', subject, detail, level: 'debug' });
    return message;
  }

  /** Visible messages, oldest first; deletes on the way what outlived the retention period. */
  function* visible(): Generator<[string, Entry]> {
    const now = clock.now();
    const retention = config().messageRetentionSeconds * SECOND;
    for (const [key, entry] of entries) {
      if (entry.message.sentAt + retention <= now) remove(key);
      else if (entry.visibleAt <= now) yield [key, entry];
    }
  }

  function receive(limit: number, visibilityTimeoutSeconds?: number): ReceivedMessage[] {
    const hiddenFor = (visibilityTimeoutSeconds ?? config().visibilityTimeoutSeconds) * SECOND;
    const received: ReceivedMessage[] = [];
    const again: StoredMessage[] = [];
    for (const [key, entry] of visible()) {
      if (moveToDeadLetterQueue(key, entry.message)) continue;
      const receivedAt = clock.now();
      const fault = faultOnReceive(context.faults, config().name);
      if (fault.hideMs > 0) {
        entry.visibleAt = receivedAt + fault.hideMs;
        continue;
      }
      const message: StoredMessage = {
        ...entry.message,
        receiveCount: entry.message.receiveCount + 1,
        firstReceivedAt: entry.message.firstReceivedAt ?? receivedAt,
      };
      // The count goes to disk first: a restart must not grant the message more receives.
      stored.set(key, message);
      entries.set(key, { message, visibleAt: receivedAt + hiddenFor, receivedAt });
      const { messageId, body, attributes, receiveCount } = message;
      received.push({
        messageId,
        receiptHandle: encodeReceipt({ queueName: config().name, key, receiveCount }),
        body,
        attributes,
        systemAttributes: describeMessage(message),
      });
      if (fault.duplicate) again.push(message);
      if (received.length === limit) break;
    }
    // A standard queue delivers at least once: whatever becomes of the first.
    for (const message of again) add(message);
    // What became invisible now may be visible again before anything that waiters wait for.
    if (received.length > 0) wake();
    return received;
  }

  function moveToDeadLetterQueue(key: string, message: StoredMessage): boolean {
    const { redrive, name, arn } = config();
    const receives = message.receiveCount - message.receiveCountOnArrival;
    if (!redrive || receives < redrive.maxReceiveCount) return false;
    const { messageId } = message;
    const activity = { service: 'sqs', subject: name, level: 'error' } as const;
    const target = queueOf(redrive.deadLetterTargetArn);
    if (!target) {
      const detail = `${messageId} stays: there is no queue ${redrive.deadLetterTargetArn}`;
      context.tell({ ...activity, what: 'no dead-letter queue', detail });
      return false;
    }
    const now = clock.now();
    // There first: a kill in between leaves the message twice, never not at all.
    target.add({
      ...message,
      arrivedAt: now,
      deliverableAt: now,
      receiveCountOnArrival: message.receiveCount,
      deadLetterSourceArn: arn,
    });
    remove(key);
    const detail = `${messageId} to ${target.config().name} after ${receives} receives`;
    context.tell({ ...activity, what: 'dead letter', detail });
    return true;
  }

  function moveOldest(take: (message: StoredMessage) => void): boolean {
    for (const [key, entry] of visible()) {
      take(entry.message);
      remove(key);
      return true;
    }
    return false;
  }

  function deleteMessage(receiptHandle: string): void {
    const { key, receiveCount } = decodeReceipt(config().name, receiptHandle);
    const message = entries.get(key)?.message;
    if (message?.receiveCount !== receiveCount) return;
    remove(key);
    const subject = config().name;
    const detail = message.messageId;
    context.tell({ service: 'sqs', what: 'message deleted', subject, detail, level: 'debug' });
  }

  function changeVisibility(receiptHandle: string, seconds: number): void {
    const { key, receiveCount } = decodeReceipt(config().name, receiptHandle);
    const entry = entries.get(key);
    if (entry?.message.receiveCount !== receiveCount) {
      throw invalidParameter(
        `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not ` +
          'exist or is not available for visibility timeout change.',
      );
    }
    const now = clock.now();
    if (entry.receivedAt === undefined || entry.visibleAt <= now) {
      throw new AwsError(
        'MessageNotInflight',
        `Message ${entry.message.messageId} is not in flight.`,
      );
    }
    const visibleAt = now + seconds * SECOND;
    if (visibleAt > entry.receivedAt + LONGEST_VISIBILITY_SECONDS * SECOND) {
      throw invalidParameter(
        `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total ` +
          `VisibilityTimeout for the message is beyond the limit [${LONGEST_VISIBILITY_SECONDS} seconds].`,
      );
    }
    entry.visibleAt = visibleAt;
    wake();
  }

  function waitForMessages(cancelled: AbortSignal, timeoutMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        waiters.delete(done);
        cancelTimeout?.();
        cancelled.removeEventListener('abort', done);
        // An alarm that nobody waits for would keep the process alive.
        if (waiters.size === 0) silenceAlarm();
        resolve();
      };
      const cancelTimeout = timeoutMs === undefined ? undefined : clock.schedule(done, timeoutMs);
      cancelled.addEventListener('abort', done);
      waiters.add(done);
      if (cancelled.aborted) done();
      wake();
    });
  }

  /** Lets waiters go on if a message is visible, or else sets the alarm for when one will be. */
  function wake(): void {
    silenceAlarm();
    if (waiters.size === 0) return;
    let next = Infinity;
    for (const { visibleAt } of entries.values()) next = Math.min(next, visibleAt);
    const wait = next - clock.now();
    if (wait <= 0) for (const done of [...waiters]) done();
    else if (wait < Infinity) cancelAlarm = clock.schedule(wake, wait);
  }

  function silenceAlarm(): void {
    cancelAlarm?.();
    cancelAlarm = undefined;
  }

  function purge(): void {
    for (const key of [...entries.keys()]) remove(key);
  }

  function counts(): MessageCounts {
    const counted: MessageCounts = { visible: [...visible()].length, inFlight: 0, delayed: 0 };
    const now = clock.now();
    let oldest = Infinity;
    for (const { message, visibleAt, receivedAt } of entries.values()) {
      oldest = Math.min(oldest, message.arrivedAt);
      if (visibleAt > now) counted[receivedAt === undefined ? 'delayed' : 'inFlight'] += 1;
    }
    if (entries.size > 0) counted.oldestAgeSeconds = Math.floor((now - oldest) / SECOND);
    return counted;
  }

  return {
    config,
    send,
    receive,
    delete: deleteMessage,
    changeVisibility,
    waitForMessages,
    waiting: () => waiters.size,
    moveOldest,
    add,
    purge,
    counts,
  };
}

/** What a message counts toward the limits, in bytes. */
export function messageSize(message: Pick<NewMessage, 'body' | 'attributes'>): number {
  return Buffer.byteLength(message.body) + attributesSize(message.attributes ?? {});
}

function checkMessage(config: QueueConfig, body: string, size: number): void {
  if (body === '') {
    throw invalidParameter('MessageBody is empty; the minimum size is one character.');
  }
  const refused = REFUSED_CHARACTER.exec(body)?.[0].codePointAt(0);
  if (refused !== undefined) {
    throw new AwsError(
      'InvalidMessageContents',
      `Invalid character '#x${refused.toString(16)}' was found in the message body, the set of ` +
        'allowed characters is #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | ' +
        '#x10000 to #x10FFFF.',
    );
  }
  const limit = config.maximumMessageSize ?? MOST_BYTES;
  if (size <= limit) return;
  throw invalidParameter(
    `One or more parameters are invalid. Reason: Message must be at most ${limit} bytes; ` +
      `it is ${size}.`,
  );
}
