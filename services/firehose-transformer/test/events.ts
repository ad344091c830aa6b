import type {
  FirehoseTransformationEvent,
  FirehoseTransformationEventRecord,
  FirehoseTransformationResultRecord,
} from 'aws-lambda';

export const PREFIX = 'saleslake-test-';
const ARN = `arn:aws:firehose:us-east-1:000000000000:deliverystream/${PREFIX}`;

export type StreamName = 'transactions' | 'order-events';

export function base64(data: string | Uint8Array): string {
  return Buffer.from(data as string).toString('base64');
}

/** An id of the form and length that Firehose's have. */
export function recordId(index: number): string {
  return `4954698668313554428650745793632162567570019247${String(index).padStart(10, '0')}000000`;
}

/** The event of a batch, as Firehose invokes a function with it; each of `data` is base64. */
export function batch(stream: StreamName, data: readonly string[]): FirehoseTransformationEvent {
  const records = data.map((data, index): FirehoseTransformationEventRecord => ({
    recordId: recordId(index),
    approximateArrivalTimestamp: 1772366400000 + index,
    data,
    ...(stream === 'order-events' && {
      kinesisRecordMetadata: {
        shardId: 'shardId-000000000000',
        partitionKey: `order-${index}`,
        approximateArrivalTimestamp: 1772366400000 + index,
        sequenceNumber: `4957000000000000000000000000000000000000000000000000${index}`,
        subsequenceNumber: '0',
      },
    }),
  }));
  return {
    invocationId: '7f6c5b1a-3a6e-4e0e-9a0e-7d0c1c1f0a55',
    deliveryStreamArn: ARN + stream,
    region: 'us-east-1',
    ...(stream === 'order-events' && {
      sourceKinesisStreamArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${PREFIX}order-changes`,
    }),
    records,
  };
}

/** What Firehose would deliver of an answer: its rows; null where there are none. */
export function rowsOf({ data }: FirehoseTransformationResultRecord): unknown[] | null {
  if (data === undefined) return null;
  const text = Buffer.from(data, 'base64').toString('utf8');
  const lines = text.split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line) as unknown);
}

/** A valid transaction; a change of `undefined` leaves a member out. */
export function sale(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    transaction_id: 't-1',
    timestamp: '2026-03-01T22:15:30.250Z',
    customer_id: 'C00001',
    product_id: 'P0001',
    product_name: 'Desk lamp',
    category: 'Home',
    quantity: 3,
    price: 19.99,
    total_amount: 59.97,
    ...change,
  };
}

const IMAGE = {
  quantity: { N: '1' },
  orderId: { S: '921' },
  price: { N: '146.37' },
  product_name: { S: 'Laptop' },
};

/** A record of a DynamoDB stream as it was captured, with changes. */
export function orderChange(
  change: Record<string, unknown> = {},
  dynamodb: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    eventID: 'c199a649301a602afc9f5e6332f3d9f7',
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: 1752158591,
      Keys: { orderId: { S: '921' } },
      NewImage: IMAGE,
      SequenceNumber: '149600003405850623541670',
      SizeBytes: 57,
      StreamViewType: 'NEW_IMAGE',
      ...dynamodb,
    },
    eventSourceARN:
      'arn:aws:dynamodb:us-east-1:692018623807:table/GadgetOrders/stream/2025-07-10T14:05:24.903',
    ...change,
  };
}

/** An INSERT with attributes of its own. */
export function inserted(attributes: Record<string, unknown>): Record<string, unknown> {
  return orderChange({}, { NewImage: { ...IMAGE, ...attributes } });
}
