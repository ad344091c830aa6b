import { GetQueueAttributesCommand, paginateListQueues, SQSClient } from '@aws-sdk/client-sqs';
import { bucketNames, LOCAL_CREDENTIALS, LOCAL_REGION } from '../local-names';
import { reconcile, type Reconciliation } from '../reconcile';
import { formatTable } from '../sql/format-result';
import { s3ClientOf } from './local-connection';
import { answer, formatBytes, formatCount } from './terminal';

/** `saleslake status`: what the zones hold, what the queues hold, what failed last. */
export async function status(endpoint: string, failures: string[]): Promise<void> {
  const { raw, curated } = bucketNames();
  answer('Zones\n');
  answer(zonesTable(await reconcile(s3ClientOf(endpoint), raw, curated)));
  answer('\nQueues\n');
  answer(await queuesTable(endpoint));
  answer('\nLast failures\n');
  answer(failures.length === 0 ? 'none\n' : `${failures.join('\n')}\n`);
}

function zonesTable(tables: Reconciliation[]): string {
  const names = ['objects', 'raw', 'pending', 'in', 'good', 'quarantined', 'duplicates'];
  return formatTable({
    columns: [
      { name: 'table', numeric: false },
      ...names.map((name) => ({ name, numeric: true })),
      { name: 'reconciled', numeric: false },
    ],
    rows: tables.map(({ table, objects, bytes, pending, rows, mismatches }) => [
      table,
      formatCount(objects),
      formatBytes(bytes),
      ...[pending.length, rows.in, rows.good, rows.quarantined, rows.duplicates].map(formatCount),
      mismatches.length > 0 ? `no: ${mismatches[0]}` : pending.length > 0 ? 'not yet' : 'yes',
    ]),
  });
}

async function queuesTable(endpoint: string): Promise<string> {
  const client = new SQSClient({
    endpoint,
    region: LOCAL_REGION,
    credentials: LOCAL_CREDENTIALS,
  });
  const rows: string[][] = [];
  for await (const { QueueUrls = [] } of paginateListQueues({ client }, { MaxResults: 1000 })) {
    for (const QueueUrl of QueueUrls) {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
      );
      rows.push([
        QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1),
        Attributes['ApproximateNumberOfMessages'] ?? '',
        Attributes['ApproximateNumberOfMessagesNotVisible'] ?? '',
        Attributes['ApproximateNumberOfMessagesDelayed'] ?? '',
      ]);
    }
  }
  return formatTable({
    columns: ['queue', 'visible', 'in flight', 'delayed'].map((name, i) => ({
      name,
      numeric: i > 0,
    })),
    rows,
  });
}
