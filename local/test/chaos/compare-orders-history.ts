import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { clientConfig } from '../../src/local-names';
import { localTarget } from '../../src/query/query-target';
import { runQuery } from '../../src/query/run-query';
import { compareBags } from './compare-bags';

/** How the view orders_history differs from the stream of the orders' table, change by change. */
export async function compareOrdersHistory(endpoint: string): Promise<string[]> {
  const target = localTarget(endpoint);
  const { rows } = await runQuery(target, 'SELECT order_id, sequence_number FROM orders_history');
  return compareBags(
    'orders_history',
    await changesOf(endpoint, 'saleslake-local-orders'),
    rows.map(([order, sequence]) => `${order} ${sequence}`),
  );
}

async function changesOf(endpoint: string, TableName: string): Promise<string[]> {
  const client = new DynamoDBStreamsClient(clientConfig(endpoint));
  const { Streams: [stream] = [] } = await client.send(new ListStreamsCommand({ TableName }));
  const StreamArn = stream?.StreamArn;
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn }));
  const changes: string[] = [];
  for (const { ShardId } of StreamDescription?.Shards ?? []) {
    let { ShardIterator } = await client.send(
      new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    while (ShardIterator) {
      const answer = await client.send(new GetRecordsCommand({ ShardIterator }));
      const { Records = [] } = answer;
      if (Records.length === 0) break;
      for (const { dynamodb } of Records) {
        changes.push(`${dynamodb?.Keys?.['orderId']?.S} ${dynamodb?.SequenceNumber}`);
      }
      ShardIterator = answer.NextShardIterator;
    }
  }
  return changes;
}
