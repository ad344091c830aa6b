import { setTimeout } from 'node:timers/promises';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { FirehoseTransformationEvent, FirehoseTransformationEventRecord } from 'aws-lambda';
import type { Logger } from '@saleslake/shared/runtime/logger';
import type { PutBack } from './transform-batch';

// Of PutRecordBatch, the smaller ones: https://docs.aws.amazon.com/firehose/latest/dev/limits.html
const REQUEST_RECORDS = 500;
const REQUEST_BYTES = 4 * 2 ** 20;
const ATTEMPTS = 5;
const FIRST_DELAY_MS = 100;

type SourceRecord = FirehoseTransformationEventRecord;

/** Sends one request. @returns of each record whether it was refused. */
type Send = (records: readonly SourceRecord[]) => Promise<boolean[]>;

/**
 * Puts records back into the Kinesis stream that the delivery stream reads, under the partition
 * keys that they had, or into the delivery stream itself. Those that were refused, and just those,
 * are tried again a few times.
 */
export function openPutBack(logger: Logger): PutBack {
  const firehose = new FirehoseClient();
  const kinesis = new KinesisClient();

  return async (event, records) => {
    const send = event.sourceKinesisStreamArn
      ? toKinesis(kinesis, event.sourceKinesisStreamArn)
      : toFirehose(firehose, event);
    const taken: boolean[] = [];
    for (const request of requestsOf(records)) taken.push(...(await put(request, send)));
    return taken;
  };

  async function put(records: readonly SourceRecord[], send: Send): Promise<boolean[]> {
    const taken = records.map(() => false);
    let left = records.map((_record, index) => index);
    for (let attempt = 0; left.length > 0 && attempt < ATTEMPTS; attempt++) {
      if (attempt > 0) await setTimeout(FIRST_DELAY_MS * 2 ** (attempt - 1) * (1 + Math.random()));
      try {
        const refused = await send(left.map((index) => records[index]!));
        left = left.filter((index, position) => {
          taken[index] = refused[position] === false;
          return !taken[index];
        });
      } catch (error) {
        // The SDK itself has tried again by now. What was not put is answered as failed.
        logger.error('records not put back', error as Error);
        break;
      }
    }
    return taken;
  }
}

function toKinesis(client: KinesisClient, streamArn: string): Send {
  return async (records) => {
    const { Records = [] } = await client.send(
      new PutRecordsCommand({
        StreamARN: streamArn,
        Records: records.map(({ recordId, data, kinesisRecordMetadata }) => ({
          Data: Buffer.from(data, 'base64'),
          PartitionKey: kinesisRecordMetadata?.partitionKey ?? recordId,
        })),
      }),
    );
    return Records.map(({ ErrorCode }) => ErrorCode !== undefined);
  };
}

function toFirehose(client: FirehoseClient, event: FirehoseTransformationEvent): Send {
  const name = event.deliveryStreamArn.replace(/^.*\//, '');
  return async (records) => {
    const { RequestResponses = [] } = await client.send(
      new PutRecordBatchCommand({
        DeliveryStreamName: name,
        Records: records.map(({ data }) => ({ Data: Buffer.from(data, 'base64') })),
      }),
    );
    return RequestResponses.map(({ ErrorCode }) => ErrorCode !== undefined);
  };
}

/** The records in order, cut into what one request may hold. */
function requestsOf(records: readonly SourceRecord[]): SourceRecord[][] {
  const requests: SourceRecord[][] = [];
  let bytes = 0;
  for (const record of records) {
    // Its base64 is larger than it is, with its partition key and frame.
    const last = requests.at(-1);
    bytes += record.data.length;
    if (last && last.length < REQUEST_RECORDS && bytes <= REQUEST_BYTES) last.push(record);
    else {
      requests.push([record]);
      bytes = record.data.length;
    }
  }
  return requests;
}
