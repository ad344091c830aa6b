import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { Queue, ReceivedMessage } from '../sqs/sqs';
import { gatherBatches, type Batch } from './batch-gatherer';
import { readBatchResponse } from './batch-response';
import { checkConfig, type EventSourceMappingConfig } from './event-source-mapping-config';

export type { EventSourceMappingConfig } from './event-source-mapping-config';

/** Invokes the function and waits for its answer. Rejects only where the invocation is throttled. */
export type InvokeFunction = (
  payload: object,
) => Promise<{ functionError?: 'Unhandled' | 'Handled'; payload: unknown }>;

export interface EventSourceMapping {
  /**
   * Takes no more messages, waits for the invocations under way, and lets go of the messages it
   * holds for later ones. Rejects with what went wrong in the mapping itself, if anything did.
   */
  stop(): Promise<void>;
  /** Whether it holds no message: neither in an invocation nor for one to come. */
  idle(): boolean;
}

// Lambda starts with five batches at a time and scales up to 1,000 where messages keep coming. The
// workers of a laptop share a few cores: five keep them busy, and more would only hold messages in
// flight for longer.
const USUAL_CONCURRENCY = 5;

const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 30_000;

/**
 * Polls a queue and invokes a function with batches of its messages, as a Lambda event source
 * mapping does. Messages are deleted when the function has succeeded; others come back after the
 * visibility timeout, so that the queue's redrive policy counts their receives.
 * Throws InvalidParameterValueException for a configuration that Lambda would refuse.
 *
 * A throttled invocation is repeated with a growing pause until the messages would be visible
 * again. Meanwhile it counts toward the concurrency, so that throttling slows the polling.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function startEventSourceMapping(
  context: AwsContext,
  config: EventSourceMappingConfig,
  queue: Queue,
  invoke: InvokeFunction,
): EventSourceMapping {
  checkConfig(config);
  const { clock } = context;
  const stopping = new AbortController();
  const batches = gatherBatches(clock, queue, config, stopping.signal);
  const underWay = new Set<Promise<void>>();
  const faults: unknown[] = [];
  const concurrency = config.maximumConcurrency ?? USUAL_CONCURRENCY;

  const tell = (level: 'warn' | 'error', what: string, detail: string): void => {
    context.tell({ service: 'lambda', what, subject: config.functionName, detail, level });
  };

  async function poll(): Promise<void> {
    for (;;) {
      const batch = await batches.next();
      if (!batch) return;
      const processing: Promise<void> = process(batch)
        .catch(broke)
        .finally(() => underWay.delete(processing));
      underWay.add(processing);
      if (underWay.size >= concurrency) await Promise.race(underWay);
    }
  }

  /** For what should not happen, such as a full disk. */
  function broke(error: unknown): void {
    faults.push(error);
    tell('error', 'event source mapping broke', messageOf(error));
    stopping.abort();
  }

  async function process(batch: Batch): Promise<void> {
    const answer = await invokeUnthrottled(batch);
    if (!answer) return;
    const { messages } = batch;
    const size = `${messages.length} messages`;
    if (answer.functionError !== undefined) {
      return tell('warn', 'batch failed', `${size} come back: ${JSON.stringify(answer.payload)}`);
    }
    const outcome = config.reportBatchItemFailures
      ? readBatchResponse(answer.payload, new Set(messages.map(({ messageId }) => messageId)))
      : { failed: new Set<string>() };
    if ('malformed' in outcome) {
      return tell('error', 'malformed batch response', `${size} come back: ${outcome.malformed}`);
    }
    for (const { messageId, receiptHandle } of messages) {
      if (!outcome.failed.has(messageId)) queue.delete(receiptHandle);
    }
    if (outcome.failed.size > 0) {
      tell('warn', 'batch failed in part', `${outcome.failed.size} of ${size} come back`);
    }
  }

  /** Undefined where the batch was given up. */
  async function invokeUnthrottled(
    batch: Batch,
  ): Promise<Awaited<ReturnType<InvokeFunction>> | undefined> {
    const payload = { Records: batch.records };
    for (let backoff = FIRST_BACKOFF_MS; ; backoff = Math.min(backoff * 2, LONGEST_BACKOFF_MS)) {
      try {
        return await invoke(payload);
      } catch (error) {
        const detail = `${batch.messages.length} messages wait: ${messageOf(error)}`;
        tell('warn', 'invocation throttled', detail);
      }
      if (clock.now() + backoff >= batch.visibleAgainAt) return undefined;
      await pause(backoff);
      if (stopping.signal.aborted) {
        letGo(batch.messages);
        return undefined;
      }
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        stopping.signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = clock.schedule(done, ms);
      stopping.signal.addEventListener('abort', done);
      if (stopping.signal.aborted) done();
    });
  }

  function letGo(messages: ReceivedMessage[]): void {
    for (const { receiptHandle } of messages) {
      try {
        queue.changeVisibility(receiptHandle, 0);
      } catch (error) {
        // Visible again already, or received by another: no longer ours to let go of.
        if (!(error instanceof AwsError)) throw error;
      }
    }
  }

  const polling = config.enabled ? poll().catch(broke) : Promise.resolve();
  return {
    async stop() {
      stopping.abort();
      await polling;
      await Promise.all(underWay);
      letGo(batches.pending());
      if (faults.length > 0) throw faults[0];
    },
    idle: () => underWay.size === 0 && batches.pending().length === 0,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
