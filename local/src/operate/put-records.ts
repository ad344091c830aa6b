import { setTimeout } from 'node:timers/promises';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import type { Stage } from '../stage';

/** A record on its way into a stream. */
export interface StreamRecord {
  data: Uint8Array;
  /** Of Kinesis: what has the same one stays in order. */
  partitionKey: string;
}

/** Sends what one request may hold. @returns of each record why it was refused, or undefined. */
type Send = (records: readonly StreamRecord[]) => Promise<(string | undefined)[]>;

/** Somewhere that records are put. */
export interface RecordSink {
  /** For people. */
  name: string;
  send: Send;
}

// The smaller ones of PutRecords and PutRecordBatch:
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
// https://docs.aws.amazon.com/firehose/latest/dev/limits.html
const REQUEST_RECORDS = 500;
const REQUEST_BYTES = 4 * 2 ** 20;
/** Of one that accepts nothing at all; one that accepts some is asked on. */
const ATTEMPTS = 8;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5000;

/** A Kinesis data stream, by its ARN. */
export function kinesisSink({ clientConfig }: Stage, streamArn: string): RecordSink {
  const client = new KinesisClient(clientConfig);
  return {
    name: streamArn.slice(streamArn.lastIndexOf('/') + 1),
    async send(records) {
      const { Records = [] } = await client.send(
        new PutRecordsCommand({
          StreamARN: streamArn,
          Records: records.map(({ data, partitionKey }) => ({
            Data: data,
            PartitionKey: partitionKey,
          })),
        }),
      );
      return Records.map(({ ErrorCode, ErrorMessage }) => reasonOf(ErrorCode, ErrorMessage));
    },
  };
}

/** A delivery stream that producers put into, by its name. */
export function firehoseSink({ clientConfig }: Stage, name: string): RecordSink {
  const client = new FirehoseClient(clientConfig);
  return {
    name,
    async send(records) {
      const { RequestResponses = [] } = await client.send(
        new PutRecordBatchCommand({
          DeliveryStreamName: name,
          Records: records.map(({ data }) => ({ Data: data })),
        }),
      );
      return RequestResponses.map(({ ErrorCode, ErrorMessage }) =>
        reasonOf(ErrorCode, ErrorMessage),
      );
    },
  };
}

/**
 * Puts all records, in order as far as the stream takes them at once; those that are refused, and
 * just those, again, with growing pauses.
 * @throws SaleslakeError where some are refused again and again; the others have been put by then.
 */
export async function putRecords(
  sink: RecordSink,
  records: readonly StreamRecord[],
  progress: (put: number) => void = () => {},
): Promise<void> {
  let done = 0;
  for (const request of requestsOf(records)) {
    let left = request;
    for (let attempt = 0; left.length > 0;) {
      const reasons = await sink.send(left);
      const refused = left.filter((_, index) => reasons[index] !== undefined);
      const reason = reasons.find((found) => found !== undefined);
      attempt = refused.length < left.length ? 1 : attempt + 1;
      done += left.length - refused.length;
      progress(done);
      left = refused;
      if (left.length === 0) break;
      if (attempt >= ATTEMPTS) {
        throw new SaleslakeError(
          'RecordsRefused',
          `${sink.name} refuses ${left.length} of ${records.length} records: ${reason}`,
        );
      }
      const delay = Math.min(FIRST_DELAY_MS * 2 ** (attempt - 1), LONGEST_DELAY_MS);
      await setTimeout(delay * (0.5 + Math.random()));
    }
  }
}

function reasonOf(code: string | undefined, message: string | undefined): string | undefined {
  return code === undefined || code === '' ? undefined : `${code}: ${message ?? ''}`;
}

/** The records in order, cut into what one request may hold. */
function requestsOf(records: readonly StreamRecord[]): StreamRecord[][] {
  const requests: StreamRecord[][] = [];
  let bytes = 0;
  for (const record of records) {
    const size = record.data.length + Buffer.byteLength(record.partitionKey);
    const last = requests.at(-1);
    bytes += size;
    if (last && last.length < REQUEST_RECORDS && bytes <= REQUEST_BYTES) last.push(record);
    else {
      requests.push([record]);
      bytes = size;
    }
  }
  return requests;
}
