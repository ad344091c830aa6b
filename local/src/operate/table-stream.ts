import { createHash } from 'node:crypto';
import {
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-firehose';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import type { Stage } from '../stage';
import { firehoseSink, kinesisSink, type RecordSink } from './put-records';

/**
 * Where records for a table are put that come by Firehose: the Kinesis stream that the table's
 * delivery stream reads, or else that delivery stream itself.
 * @throws SaleslakeError where the table has no delivery stream.
 */
export async function streamOfTable(stage: Stage, table: string): Promise<RecordSink> {
  const name = stage.prefix + table.replaceAll('_', '-');
  const firehose = new FirehoseClient(stage.clientConfig);
  try {
    const { DeliveryStreamDescription } = await firehose.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }),
    );
    const source = DeliveryStreamDescription?.Source?.KinesisStreamSourceDescription;
    return source?.KinesisStreamARN === undefined
      ? firehoseSink(stage, name)
      : kinesisSink(stage, source.KinesisStreamARN);
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    throw new SaleslakeError(
      'NoSuchStream',
      `The table ${table} has no delivery stream: there is none named ${name}.`,
    );
  }
}

/**
 * The partition key that a pipe gives a change of an item: the item's own, so that its changes stay
 * in order. What is no such change is by its bytes somewhere, and the same each time.
 */
export function partitionKeyOf(data: Uint8Array): string {
  const key = itemKeyOf(data);
  if (key !== undefined && key !== '') return key;
  return createHash('sha256').update(data).digest('hex').slice(0, 32);
}

function itemKeyOf(data: Uint8Array): string | undefined {
  try {
    const change = JSON.parse(Buffer.from(data).toString('utf8')) as {
      dynamodb?: { Keys?: Record<string, { S?: string; N?: string }> };
    } | null;
    const [key] = Object.values(change?.dynamodb?.Keys ?? {});
    return key?.S ?? key?.N;
  } catch {
    return undefined;
  }
}
