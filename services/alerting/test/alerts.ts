import { RECONCILIATION_REPORT_KEY } from '@saleslake/shared/lake/reconciliation-report';
import {
  ACCOUNT,
  ownMetric,
  RAW,
  REGION,
  sqsMetric,
  STAGE,
  type LocalAlerting,
  type TestAlarm,
} from './local-alerting';

/** An alarm of the suite, and how what raises it comes about and is mended. */
export interface AlertStory {
  title: string;
  alarm: TestAlarm;
  value?: number;
  threshold?: number;
  raise?(local: LocalAlerting): Promise<void> | void;
  /** What changes while it lasts. */
  worsen?(local: LocalAlerting): Promise<void> | void;
  mend?(local: LocalAlerting): Promise<void> | void;
}

const nameOf = (what: string): string => `saleslake-${STAGE}-${what}`;
const RAW_OBJECT = 'raw/transactions/date=2026-03-01/shop-17.json';

const poison = (key = RAW_OBJECT) => ({
  version: '0',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  detail: { bucket: { name: RAW }, object: { key, size: 81_920, etag: 'e', sequencer: '0A' } },
});

const failedEvent = (service: string, name: string) => ({
  version: '1.0',
  timestamp: '2026-03-01T17:58:10.000Z',
  requestContext: {
    requestId: 'd6a1',
    functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:saleslake-${service}-${STAGE}-${name}:$LATEST`,
    condition: 'RetriesExhausted',
    approximateInvokeCount: 3,
  },
  requestPayload: { 'detail-type': 'Scheduled Event', time: '2026-03-01T17:55:00Z', detail: {} },
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
  responsePayload: {
    errorType: 'AccessDenied',
    errorMessage: `User: arn:aws:sts::${ACCOUNT}:assumed-role/x is not authorized to perform: s3:PutObject on resource: y`,
  },
});

const streamPosition = {
  context: {
    partnerResourceArn: `arn:aws:pipes:${REGION}:${ACCOUNT}:pipe/${nameOf('order-changes')}`,
    condition: 'RetryAttemptsExhausted',
  },
  version: '1.0',
  timestamp: '2026-03-01T17:59:00.000Z',
  DDBStreamBatchInfo: {
    shardId: 'shardId-00000001542800000000-abcd',
    startSequenceNumber: '100',
    endSequenceNumber: '900',
    approximateArrivalOfFirstRecord: '2026-03-01T17:40:00.000Z',
    approximateArrivalOfLastRecord: '2026-03-01T17:41:00.000Z',
    batchSize: 9,
    streamArn: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${nameOf('orders')}/stream/x`,
  },
};

function queueStory(
  title: string,
  alarm: string,
  description: string,
  queue: string,
  letter: (i: number) => unknown,
): AlertStory {
  const name = nameOf(queue);
  return {
    title,
    alarm: { name: nameOf(alarm), description, metric: sqsMetric(name) },
    raise(local) {
      local.createQueue(name);
      local.send(name, letter(0));
    },
    worsen(local) {
      for (let i = 1; i < 8; i++) local.send(name, letter(i));
    },
  };
}

const firehoseError = `${JSON.stringify({ attemptsMade: 4, errorCode: 'Lambda.FunctionError', errorMessage: 'x', rawData: 'eyJwcmljZSI6MX0=' })}\n`;
const failedKey = (i: number): string =>
  `firehose-errors/transactions/processing-failed/date=2026-03-01/saleslake-dev-transactions-1-2026-03-01-17-58-0${i}-x`;

const checks = (failing: number) =>
  JSON.stringify({
    at: '2026-03-01T17:59:30.000Z',
    checks: Array.from({ length: 20 }, (_, i) => ({
      name: ['transactions-duplicates', 'orders-reconcile', 'customers-known'][i] ?? `check-${i}`,
      question: 'Are there any?',
      violations: i < failing ? 3 * (i + 1) : 0,
    })),
  });

const reconciliation = (kind: 'missing' | 'mismatched', objects: number) =>
  JSON.stringify({
    at: '2026-03-01T17:59:30.000Z',
    since: '2026-02-22T17:59:30.000Z',
    to: '2026-03-01T17:44:30.000Z',
    checked: 2016,
    counts: { missing: 0, mismatched: 0, drivenAgain: 1, [kind]: objects },
    missing: [],
    mismatched: [],
    drivenAgain: ['raw/transactions/date=2026-03-01/shop-3.json'],
    [kind]: Array.from({ length: objects }, (_, i) => ({
      key: `raw/transactions/date=2026-02-2${7 + i}/shop-1${i}.json`,
      reason: kind === 'missing' ? 'it has no manifest' : '120 good rows, but 119 written',
    })),
  });

/** One for each kind of alert there is. */
export const STORIES: readonly AlertStory[] = [
  queueStory(
    'Objects that could not be transformed',
    'transformer-dead-letters',
    'Raw objects could not be transformed after several attempts, so their rows are missing.',
    'transformer-objects-dlq',
    (i) => poison(RAW_OBJECT.replace('17', String(17 + i))),
  ),
  queueStory(
    'Events on which a function failed',
    'generator-failures',
    'Ticks or backfills of the generator failed for good, so their transactions are missing.',
    'generator-failures',
    () => failedEvent('generator', 'generate'),
  ),
  queueStory(
    'Changes that a pipe gave up',
    'orders-dead-letters',
    'Changes of orders could not be handed on to Kinesis; the stream of the table keeps them for 24 hours.',
    'order-changes-dlq',
    () => streamPosition,
  ),
  {
    title: 'A queue that falls behind',
    alarm: {
      name: nameOf('transformer-backlog'),
      description: 'Raw objects have been waiting for more than half an hour to be transformed.',
      metric: {
        ...sqsMetric(nameOf('transformer-objects')),
        name: 'ApproximateAgeOfOldestMessage',
      },
    },
    value: 2400,
    threshold: 1800,
  },
  {
    title: 'Records in quarantine',
    alarm: {
      name: nameOf('transformer-quarantine'),
      description: 'Records were not valid and were put into quarantine.',
      metric: ownMetric('RowsQuarantined', { service: 'transformer' }),
    },
    value: 3,
    async raise(local) {
      await local.quarantine('transactions', RAW_OBJECT, [
        {
          line: 12,
          violations: [
            { field: 'quantity', value: '0', expected: 'an int32, at least 1' },
            { field: 'total_amount', value: '59.97', expected: '39.98, which is quantity × price' },
          ],
          record: '{"customer_name":"Anna Smith","total_amount":59.97}',
        },
        {
          line: 40,
          violations: [
            {
              field: null,
              value: '{"transaction_id":"7", anna@example.com',
              expected: `a JSON object (Unexpected token 'a', "anna@example.com" is not valid JSON)`,
            },
          ],
          record: '{"transaction_id":"7", anna@example.com',
        },
      ]);
    },
    async worsen(local) {
      await local.quarantine('customers', 'raw/customers/crm export.csv.json', [
        {
          line: null,
          violations: [],
          record: null,
          why: 'not JSON: no record is a JSON value; line 1: expected a JSON object, got "Anna Smith;19.99"',
        },
      ]);
    },
  },
  {
    title: 'Streamed records that could not be used',
    alarm: {
      name: nameOf('firehose-transformer-failed-records'),
      description: 'Streamed records could not be used and are kept under firehose-errors/.',
      metric: ownMetric('RecordsFailed', { service: 'firehose-transformer' }),
    },
    value: 14,
    raise: (local) => local.put(failedKey(1), firehoseError),
    worsen: (local) => local.put(failedKey(2), firehoseError),
  },
  {
    title: 'Streamed records that wait to be replayed',
    alarm: {
      name: nameOf('reconciler-failed-records'),
      description:
        'Records that Firehose could not use wait under firehose-errors/ to be replayed.',
      metric: ownMetric('FailedRecordObjects', { service: 'reconciler' }),
    },
    raise: (local) => local.put(failedKey(1), firehoseError),
  },
  {
    title: 'A delivery stream that cannot deliver',
    alarm: {
      name: nameOf('firehose-transformer-transactions-delivery'),
      description:
        'Firehose cannot write rows of transactions to S3 and gives them up after 24 hours.',
      metric: {
        namespace: 'AWS/Firehose',
        name: 'DeliveryToS3.Success',
        dimensions: { DeliveryStreamName: nameOf('transactions') },
        periodSeconds: 300,
      },
    },
    value: 0,
    threshold: 1,
  },
  {
    title: 'Raw objects without a manifest',
    alarm: {
      name: nameOf('reconciler-missing-objects'),
      description:
        'Raw objects were not transformed, although they were driven again: their rows are missing.',
      metric: ownMetric('MissingObjects', { service: 'reconciler' }),
    },
    raise: (local) => local.put(RECONCILIATION_REPORT_KEY, reconciliation('missing', 1)),
    worsen: (local) => local.put(RECONCILIATION_REPORT_KEY, reconciliation('missing', 2)),
  },
  {
    title: 'Outputs that do not add up',
    alarm: {
      name: nameOf('reconciler-mismatched-objects'),
      description: 'Outputs of raw objects are gone, or have other rows than were written.',
      metric: ownMetric('MismatchedObjects', { service: 'reconciler' }),
    },
    raise: (local) => local.put(RECONCILIATION_REPORT_KEY, reconciliation('mismatched', 1)),
  },
  {
    title: 'Quality checks that fail',
    alarm: {
      name: nameOf('quality-failed-checks'),
      description: 'Quality checks found rows that violate them, or could not be answered.',
      metric: ownMetric('ChecksFailed', { service: 'quality' }),
    },
    raise: (local) => local.put('quality/latest.json', checks(1)),
    worsen: (local) => local.put('quality/latest.json', checks(3)),
  },
  {
    title: 'Nothing arrives',
    alarm: {
      name: nameOf('reconciler-stale-transactions'),
      description: 'No records of transactions have arrived for longer than they should take.',
      metric: ownMetric('MinutesSinceArrival', { service: 'reconciler', table: 'transactions' }),
    },
    value: 135,
    threshold: 60,
  },
  {
    title: 'Too many bytes scanned',
    alarm: {
      name: nameOf('lake-bytes-scanned'),
      description: 'The queries of a day scanned more bytes than is planned for.',
      metric: {
        namespace: 'AWS/Athena',
        name: 'ProcessedBytes',
        dimensions: { WorkGroup: `saleslake-${STAGE}` },
        periodSeconds: 86_400,
      },
    },
    value: 412_000_000_000,
    threshold: 100_000_000_000,
  },
  {
    title: 'Any other alarm',
    alarm: {
      name: nameOf('transformer-throttles'),
      description: 'The transformer is throttled.',
      metric: {
        namespace: 'AWS/Lambda',
        name: 'Throttles',
        dimensions: { FunctionName: `saleslake-transformer-${STAGE}-transform` },
        periodSeconds: 60,
      },
    },
    value: 12,
  },
];
