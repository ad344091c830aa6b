// What the suite does, on one page: a row each for what comes in, what fails, and what it costs.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html

const STAGE = 'saleslake-${sls:stage}-';
const OWN = 'saleslake/${sls:stage}';
const REGION = '${AWS::Region}';

const FUNCTIONS = {
  generator: 'generate',
  transformer: 'transform',
  'firehose-transformer': 'transform',
  orders: 'change',
  reconciler: 'reconcile',
  quality: 'check',
  alerting: 'alert',
};
const DELIVERY_STREAMS = ['transactions', 'order-events'];
/** What stands in one of these needs a person. */
const DEAD_LETTER_QUEUES = [
  'transformer-objects-dlq',
  'order-changes-dlq',
  'generator-failures',
  'orders-failures',
  'reconciler-failures',
  'quality-failures',
  'alerting-failures',
];
const ALARMS = [
  'alerting-failures',
  'firehose-transformer-failed-records',
  ...DELIVERY_STREAMS.flatMap((stream) =>
    ['backup', 'conversion', 'delivery', 'freshness', 'transformation'].map(
      (what) => `firehose-transformer-${stream}-${what}`,
    ),
  ),
  'generator-failures',
  'lake-bytes-scanned',
  'orders-dead-letters',
  'orders-failures',
  'quality-failed-checks',
  'quality-failures',
  'reconciler-failed-records',
  'reconciler-failures',
  'reconciler-mismatched-objects',
  'reconciler-missing-objects',
  'reconciler-stale-order-events',
  'reconciler-stale-transactions',
  'transformer-backlog',
  'transformer-dead-letters',
  'transformer-quarantine',
];

const own = (service, names) => names.map((name) => [OWN, name, 'service', service]);
const ofFunctions = (name) =>
  Object.entries(FUNCTIONS).map(([service, fn]) => [
    'AWS/Lambda',
    name,
    'FunctionName',
    `saleslake-${service}-\${sls:stage}-${fn}`,
    { label: `${service} ${fn}` },
  ]);
const ofQueues = (name, queues) =>
  queues.map((queue) => ['AWS/SQS', name, 'QueueName', STAGE + queue, { label: queue }]);
const ofStreams = (names) =>
  DELIVERY_STREAMS.flatMap((stream) =>
    names.map((name) => [
      'AWS/Firehose',
      name,
      'DeliveryStreamName',
      STAGE + stream,
      { label: `${stream} ${name}` },
    ]),
  );
/** A metric's row with a statistic of its own. */
const as = (stat, label, [namespace, name, ...dimensions]) => [
  namespace,
  name,
  ...dimensions,
  { stat, label },
];

const graph = (title, stat, metrics, options = {}) => ({
  type: 'metric',
  properties: { title, region: REGION, view: 'timeSeries', stat, period: 300, metrics, ...options },
});

const SECONDS_TO_PUBLISH = [OWN, 'SecondsToPublish', 'service', 'transformer'];
const ROWS = [
  {
    height: 3,
    widgets: [
      {
        type: 'alarm',
        properties: {
          title: 'Alarms',
          sortBy: 'stateUpdatedTimestamp',
          alarms: ALARMS.map(
            (name) =>
              `arn:\${AWS::Partition}:cloudwatch:${REGION}:\${AWS::AccountId}:alarm:${STAGE}${name}`,
          ),
        },
      },
    ],
  },
  {
    height: 6,
    widgets: [
      graph(
        'Throughput: rows',
        'Sum',
        own('transformer', ['RowsIn', 'RowsGood', 'RowsDuplicate', 'ObjectsPublished']),
      ),
      graph('Latency: raw to queryable, seconds', 'p50', [
        as('p50', 'p50', SECONDS_TO_PUBLISH),
        as('p99', 'p99', SECONDS_TO_PUBLISH),
      ]),
      graph('Freshness: oldest record in Firehose, seconds', 'Maximum', [
        ...ofStreams(['DeliveryToS3.DataFreshness']),
      ]),
    ],
  },
  {
    height: 6,
    widgets: [
      graph('Failures: errors of functions', 'Sum', ofFunctions('Errors')),
      graph(
        'Dead letters',
        'Maximum',
        ofQueues('ApproximateNumberOfMessagesVisible', DEAD_LETTER_QUEUES),
      ),
      graph('Quarantine: records', 'Sum', [
        ...own('transformer', ['RowsQuarantined']),
        ...own('firehose-transformer', ['RecordsFailed']),
      ]),
    ],
  },
  {
    height: 6,
    widgets: [
      graph('Queue age: oldest object, seconds', 'Maximum', [
        ...ofQueues('ApproximateAgeOfOldestMessage', ['transformer-objects']),
      ]),
      graph('Reconciliation', 'Maximum', [
        ...own('reconciler', ['MissingObjects', 'MismatchedObjects', 'DrivenAgain']),
      ]),
      graph('Quality: checks', 'Maximum', own('quality', ['ChecksRun', 'ChecksFailed']), {
        period: 86400,
      }),
    ],
  },
  {
    height: 6,
    widgets: [
      graph('Cost: bytes scanned by Athena', 'Sum', [
        ['AWS/Athena', 'ProcessedBytes', 'WorkGroup', '${self:custom.names.workgroup}'],
      ]),
      graph('Cost: milliseconds of functions', 'Sum', ofFunctions('Duration')),
      graph('Cost: bytes into Firehose', 'Sum', ofStreams(['IncomingBytes'])),
    ],
  },
];

const WIDTH = 24;

/** The rows' widgets side by side, each row below the one before. */
function placed(rows) {
  let y = 0;
  return rows.flatMap(({ height, widgets }) => {
    const width = WIDTH / widgets.length;
    const row = widgets.map((widget, i) => ({ x: i * width, y, width, height, ...widget }));
    y += height;
    return row;
  });
}

module.exports = {
  Resources: {
    Dashboard: {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: {
        DashboardName: 'saleslake-${sls:stage}',
        DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets: placed(ROWS) }) },
      },
    },
  },
};
