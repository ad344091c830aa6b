import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, paginateListQueues, SQSClient } from '@aws-sdk/client-sqs';
import { INTERNAL_PREFIX, type StreamsState } from '../composition/internal-api';
import { bucketNames, clientConfig } from '../local-names';
import { reconcile, type Reconciliation } from '../reconcile';
import { formatTable } from '../query/format-result';
import { activityLine } from './activity-line';
import { lastFailures } from './failure-log';
import { s3ClientOf, withLocalAws } from './local-connection';
import type { Project } from './project';
import { answer, formatBytes, formatCount } from './terminal';

const SHOWN_FAILURES = 10;

/** `saleslake status`: what zones, queues and streams hold, which alarms are raised, what failed last. */
export async function status(project: Project): Promise<void> {
  await withLocalAws(project, show, { working: false });
  const failures = lastFailures(project.stateDir, SHOWN_FAILURES);
  answer('\nLast failures\n');
  for (const failure of failures) answer(`${activityLine(failure, new Date(failure.at))}\n`);
  if (failures.length === 0) answer('none\n');
}

async function show(endpoint: string): Promise<void> {
  const { raw, curated } = bucketNames();
  answer('Zones\n');
  answer(zonesTable(await reconcile(s3ClientOf(endpoint), raw, curated)));
  answer('\nQueues\n');
  answer(await queuesTable(endpoint));
  const response = await fetch(`${endpoint}${INTERNAL_PREFIX}streams`);
  const { pipes, deliveryStreams } = (await response.json()) as StreamsState;
  answer('\nPipes\n');
  answer(pipesTable(pipes));
  answer('\nDelivery streams\n');
  answer(deliveryStreamsTable(deliveryStreams));
  answer('\nAlarms\n');
  answer(await alarmsTable(endpoint));
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
  const client = new SQSClient(clientConfig(endpoint));
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

/** The alarms that are raised. */
async function alarmsTable(endpoint: string): Promise<string> {
  const client = new CloudWatchClient(clientConfig(endpoint));
  const rows: string[][] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms(
    { client },
    { StateValue: 'ALARM' },
  )) {
    for (const {
      AlarmName = '',
      AlarmDescription = '',
      StateTransitionedTimestamp,
    } of MetricAlarms) {
      rows.push([AlarmName, StateTransitionedTimestamp?.toISOString() ?? '', AlarmDescription]);
    }
  }
  if (rows.length === 0) return 'none is raised\n';
  const columns = ['alarm', 'since', 'meaning'].map((name) => ({ name, numeric: false }));
  return formatTable({ columns, rows });
}

function pipesTable(pipes: StreamsState['pipes']): string {
  return formatTable({
    columns: [
      { name: 'pipe', numeric: false },
      { name: 'behind', numeric: true },
    ],
    rows: pipes.map(({ name, behind }) => [name, formatCount(behind)]),
  });
}

function deliveryStreamsTable(streams: StreamsState['deliveryStreams']): string {
  return formatTable({
    columns: ['delivery stream', 'source', 'behind', 'buffered', 'bytes'].map((name, i) => ({
      name,
      numeric: i > 1,
    })),
    rows: streams.map(({ name, source, behind, buffered, bufferedBytes }) => [
      name,
      source,
      formatCount(behind),
      formatCount(buffered),
      formatBytes(bufferedBytes),
    ]),
  });
}
