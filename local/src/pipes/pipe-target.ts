import { AwsError } from '../core/aws-error';
import { compileJsonPath } from './json-path';
import type { PipeConfig } from './pipe-config';
import type { PipeConnections } from './pipe-connections';
import { invalidPipe } from './pipe-error';
import type { PipeEvent } from './pipe-source';

/** What became of a batch. */
export interface Delivery {
  /** Those to be tried again, in order. */
  failed: PipeEvent[];
  /** Why the first of them failed. */
  reason: string;
}

/**
 * Delivers a batch, and says which of its events failed. Rejects with an AwsError where none was
 * delivered.
 */
export type PipeTarget = (events: PipeEvent[]) => Promise<Delivery>;

/** Which batches the targets take, and which action a pipe's role must be allowed on them. */
const TARGETS = {
  kinesis: { mostInABatch: 500, action: 'kinesis:PutRecords', open: kinesisTarget },
  lambda: { mostInABatch: 10_000, action: 'lambda:InvokeFunction', open: lambdaTarget },
  sqs: { mostInABatch: 10, action: 'sqs:SendMessage', open: sqsTarget },
};

/**
 * The kind of target that an ARN names. Throws ValidationException for one that is not emulated.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
 */
export function targetKind(where: string, targetArn: string) {
  const service = targetArn.split(':')[2] ?? '';
  if (Object.hasOwn(TARGETS, service)) return TARGETS[service as keyof typeof TARGETS];
  const known = Object.keys(TARGETS).join(', ');
  throw invalidPipe(where, `has the target ${targetArn}; the local AWS pipes to: ${known}`);
}

type OpenTarget = (
  config: PipeConfig,
  connections: PipeConnections,
  inputOf: (event: PipeEvent) => string,
) => PipeTarget;

/** One record an event, all in one PutRecords: those that it refuses are tried again. */
function kinesisTarget(...[config, connections, inputOf]: Parameters<OpenTarget>): PipeTarget {
  const partitionKeyOf = compilePartitionKey(config);
  return async (events) => {
    const stream = connections.kinesisStream(config.targetArn);
    const results = stream.put(
      events.map((event) => ({
        partitionKey: partitionKeyOf(event),
        data: Buffer.from(inputOf(event)),
      })),
    );
    const refused = results.find((result) => 'errorCode' in result);
    return Promise.resolve({
      failed: events.filter((_, index) => 'errorCode' in (results[index] ?? {})),
      reason: refused ? `${refused.errorCode}: ${refused.errorMessage}` : '',
    });
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeTargetKinesisStreamParameters.html */
function compilePartitionKey({ where, partitionKey }: PipeConfig): (event: PipeEvent) => string {
  if (partitionKey === undefined) throw invalidPipe(where, 'has no PartitionKey for its target');
  if (!partitionKey.startsWith('$')) return () => partitionKey;
  const read = compileJsonPath(partitionKey);
  if (!read) throw invalidPipe(where, `has the PartitionKey ${partitionKey}, which is no path`);
  return ({ decoded, eventId }) => {
    const value = read(decoded);
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw new AwsError(
      'ValidationException',
      `PartitionKey ${partitionKey} is ${JSON.stringify(value)} in event ${eventId}; ` +
        'expected a string or a number.',
    );
  };
}

/** One message an event. */
function sqsTarget(...[config, connections, inputOf]: Parameters<OpenTarget>): PipeTarget {
  return async (events) => {
    const failed: PipeEvent[] = [];
    let reason = '';
    for (const event of events) {
      try {
        connections.sendToQueue(config.targetArn, inputOf(event));
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        reason ||= `${error.code}: ${error.message}`;
        failed.push(event);
      }
    }
    return Promise.resolve({ failed, reason });
  };
}

/** One invocation with all events, which may answer which of them failed. */
function lambdaTarget(...[config, connections, inputOf]: Parameters<OpenTarget>): PipeTarget {
  return async (events) => {
    const payload = events.map((event) => parseInput(inputOf(event)));
    const answer = await connections.invokeFunction(config.targetArn, payload);
    if (answer.functionError !== undefined) {
      const reason = `${answer.functionError}: ${JSON.stringify(answer.payload)}`;
      return { failed: events, reason };
    }
    return readBatchResponse(events, answer.payload);
  };
}

function parseInput(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new AwsError(
      'ValidationException',
      `A function takes JSON, which the InputTemplate does not give: ${(error as Error).message}.`,
    );
  }
}

/**
 * `{"batchItemFailures": [{"itemIdentifier": "<eventID>"}]}` names those that failed; an
 * identifier that is none of the batch fails all of it.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html#pipes-partial-batch-failure
 */
function readBatchResponse(events: PipeEvent[], response: unknown): Delivery {
  const named = (response as { batchItemFailures?: unknown } | null | undefined)?.batchItemFailures;
  const failures: unknown[] = Array.isArray(named) ? named : [];
  const ids = failures.map(
    (failure) => (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier,
  );
  const stranger = ids.find((id) => !events.some(({ eventId }) => eventId === id));
  if (failures.length > 0 && stranger !== undefined) {
    return { failed: events, reason: `${JSON.stringify(stranger)} is no eventID of the batch` };
  }
  if (ids.includes(undefined)) {
    return { failed: events, reason: 'a batchItemFailure has no itemIdentifier' };
  }
  return {
    failed: events.filter(({ eventId }) => ids.includes(eventId)),
    reason: 'the function answered that they failed',
  };
}
