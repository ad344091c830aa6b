import { randomUUID } from 'node:crypto';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { LogEntry } from '../core/shard-log';
import { MAX_SYNC_PAYLOAD_BYTES } from '../lambda/limits';
import type { DeliveryStreamConfig, S3DestinationConfig } from './delivery-stream-config';
import type { FirehoseConnections } from './connections';
import { readResponse, type Outcome } from './lambda-response';
import { recordIdOf, type SourceRecord } from './record';
import { streamMeter } from './stream-meter';

export type LambdaConfig = NonNullable<S3DestinationConfig['lambda']>;

export interface InvocationOutcome {
  /** One for each record, in order. */
  outcomes: Outcome[];
  attemptsMade: number;
}

/** What an event has around its records. */
const ENVELOPE_BYTES = 2048;

/** The most that the records of one event may weigh. */
export const MAX_EVENT_WEIGHT = MAX_SYNC_PAYLOAD_BYTES - ENVELOPE_BYTES;

const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 30_000;

/** How many bytes a record takes of the event. */
export function eventWeight(entry: LogEntry<SourceRecord>): number {
  const { data, ...rest } = eventRecord(entry);
  return Buffer.byteLength(JSON.stringify(rest)) + data.length + ',"data":"",'.length;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-kinesisfirehose.html */
function eventRecord({ position, value: { data, arrivedAt, kinesis } }: LogEntry<SourceRecord>) {
  return {
    recordId: recordIdOf(position),
    approximateArrivalTimestamp: arrivedAt,
    data,
    ...(kinesis && {
      kinesisRecordMetadata: {
        sequenceNumber: kinesis.sequenceNumber,
        subsequenceNumber: String(kinesis.subSequence ?? ''),
        partitionKey: kinesis.partitionKey,
        shardId: kinesis.shardId,
        approximateArrivalTimestamp: arrivedAt,
      },
    }),
  };
}

/**
 * Has a function transform records. An invocation that fails is repeated `numberOfRetries` times;
 * then all the records have failed.
 * https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html
 *
 * @param pause waits between attempts; undefined is returned where it says to give up
 */
export async function invokeTransformer(
  context: Pick<AwsContext, 'region' | 'tell'>,
  connections: Pick<FirehoseConnections, 'authorizeRole' | 'invokeFunction' | 'measure'>,
  { name, arn, source, destination }: DeliveryStreamConfig,
  lambda: LambdaConfig,
  batch: LogEntry<SourceRecord>[],
  pause: (ms: number) => Promise<'go on' | 'give up'>,
): Promise<InvocationOutcome | undefined> {
  const event = {
    invocationId: randomUUID(),
    ...(source.kind === 'Kinesis' && { sourceKinesisStreamArn: source.streamArn }),
    deliveryStreamArn: arn,
    region: context.region,
    records: batch.map(eventRecord),
  };
  const recordIds = event.records.map(({ recordId }) => recordId);
  const meter = streamMeter(connections.measure, name);
  let backoff = FIRST_BACKOFF_MS;
  for (let attemptsMade = 1; ; attemptsMade++) {
    const begunAt = performance.now();
    const failure = await attempt();
    meter.put('ExecuteProcessing.Success', 'errorCode' in failure ? 0 : 1);
    meter.put('ExecuteProcessing.Duration', performance.now() - begunAt, 'Milliseconds');
    if (!('errorCode' in failure)) {
      return { outcomes: readResponse(failure.payload, recordIds), attemptsMade };
    }
    const last = attemptsMade > lambda.numberOfRetries;
    context.tell({
      service: 'firehose',
      what: 'transformation failed',
      subject: name,
      detail:
        `${batch.length} records, attempt ${attemptsMade} of ${lambda.numberOfRetries + 1}: ` +
        `${failure.errorCode}: ${failure.detail}` +
        (last ? '; they go to the error output' : `; again in ${backoff / 1000} s`),
      level: last ? 'error' : 'warn',
    });
    if (last) {
      const { errorCode, errorMessage } = failure;
      const outcome: Outcome = { result: 'Failed', errorCode, errorMessage };
      return { outcomes: batch.map(() => outcome), attemptsMade };
    }
    if ((await pause(backoff)) === 'give up') return undefined;
    backoff = Math.min(backoff * 2, LONGEST_BACKOFF_MS);
  }

  async function attempt(): Promise<{ payload: unknown } | InvocationFailure> {
    try {
      connections.authorizeRole(destination.roleArn, 'lambda:InvokeFunction', lambda.functionArn);
      const { functionError, payload } = await connections.invokeFunction(
        lambda.functionArn,
        event,
      );
      if (functionError === undefined) return { payload };
      return {
        errorCode: 'Lambda.FunctionError',
        errorMessage:
          'The Lambda function was successfully invoked but it returned an error result.',
        detail: JSON.stringify(payload),
      };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const known = INVOCATION_ERRORS[error.code] ?? 'Lambda.InvokeFailed';
      return { errorCode: known, errorMessage: error.message, detail: error.message };
    }
  }
}

interface InvocationFailure {
  errorCode: string;
  errorMessage: string;
  detail: string;
}

/** https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html#monitoring-lambda-errors */
const INVOCATION_ERRORS: Record<string, string> = {
  AccessDenied: 'Lambda.InvokeAccessDenied',
  ResourceNotFoundException: 'Lambda.ResourceNotFound',
  TooManyRequestsException: 'Lambda.InvokeLimitExceeded',
};
