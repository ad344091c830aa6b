import type { AttributeValue, _Record } from '@aws-sdk/client-dynamodb-streams';
import {
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import type { StreamPosition } from '@saleslake/shared/lake/dead-letter';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { orderEvents } from '@saleslake/shared/tables/order-events';
import type { Stage } from '../stage';
import { putRecords, type StreamRecord } from './put-records';
import { partitionKeyOf, streamOfTable } from './table-stream';

/** An end that is not found within so many empty answers is not there. */
const EMPTY_ANSWERS = 20;

/**
 * Reads the changes between two positions of a DynamoDB stream, both of them too, and puts them
 * into the data stream as the pipe would have.
 * @throws SaleslakeError where the stream does not have all of them any more: it keeps a change for
 * 24 hours.
 */
export async function putStreamPosition(stage: Stage, position: StreamPosition): Promise<void> {
  const records = await readChanges(stage, position);
  await putRecords(await streamOfTable(stage, orderEvents.name), records);
}

async function readChanges(
  { clientConfig }: Stage,
  { streamArn, shardId, startSequenceNumber, endSequenceNumber }: StreamPosition,
): Promise<StreamRecord[]> {
  const client = new DynamoDBStreamsClient(clientConfig);
  const records: StreamRecord[] = [];
  try {
    let { ShardIterator: iterator } = await client.send(
      new GetShardIteratorCommand({
        StreamArn: streamArn,
        ShardId: shardId,
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        SequenceNumber: startSequenceNumber,
      }),
    );
    for (let empty = 0; iterator !== undefined && empty < EMPTY_ANSWERS;) {
      const { Records = [], NextShardIterator } = await client.send(
        new GetRecordsCommand({ ShardIterator: iterator }),
      );
      for (const record of Records) {
        const sequenceNumber = record.dynamodb?.SequenceNumber ?? '';
        if (BigInt(sequenceNumber) > BigInt(endSequenceNumber)) return records;
        const data = Buffer.from(JSON.stringify(pipeEvent(record, streamArn)));
        records.push({ data, partitionKey: partitionKeyOf(data) });
        if (sequenceNumber === endSequenceNumber) return records;
      }
      empty = Records.length === 0 ? empty + 1 : 0;
      iterator = NextShardIterator;
    }
  } catch (error) {
    if (
      !(error instanceof TrimmedDataAccessException) &&
      !(error instanceof ResourceNotFoundException)
    ) {
      throw error;
    }
  }
  throw new SaleslakeError(
    'ChangesGone',
    `the stream ${streamArn} does not have the changes up to ${endSequenceNumber} any more; it ` +
      'keeps them for 24 hours. The orders themselves are in the table.',
  );
}

/**
 * A change as the stream's consumers are handed it, which is not quite as the SDK reads it.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-dynamodb.html
 */
function pipeEvent(record: _Record, streamArn: string): object {
  const { dynamodb = {} } = record;
  const { ApproximateCreationDateTime: at, Keys, NewImage, OldImage } = dynamodb;
  return {
    ...record,
    dynamodb: {
      ...dynamodb,
      ...(at && { ApproximateCreationDateTime: at.getTime() / 1000 }),
      ...(Keys && { Keys: wireItem(Keys) }),
      ...(NewImage && { NewImage: wireItem(NewImage) }),
      ...(OldImage && { OldImage: wireItem(OldImage) }),
    },
    eventSourceARN: streamArn,
  };
}

function wireItem(item: Record<string, AttributeValue>): object {
  return JSON.parse(
    JSON.stringify(item, (_name, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ),
  ) as object;
}
