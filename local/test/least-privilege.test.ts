import { emptyDeployment, type Deployment } from '../src/cloudformation/deployment';
import { planStack } from '../src/cloudformation/plan-stack';
import { openIam, type PolicyStatement } from '../src/iam/iam';
import { bucketNames, LOCAL_ACCOUNT, LOCAL_REGION } from '../src/local-names';
import { packagedServices } from './support/packaged-services';

const { raw, curated } = bucketNames();
let deployment: Deployment;

beforeAll(async () => {
  deployment = emptyDeployment();
  const environment = { accountId: LOCAL_ACCOUNT, region: LOCAL_REGION, endpoint: '' };
  for (const { path, stackName, template, folder } of await packagedServices()) {
    const stack = { label: path, name: stackName, template, packageFolder: folder };
    planStack(stack, environment, deployment);
  }
});

/** Whoever acts in a role: functions, pipes and delivery streams, by kind and name. */
function actors(): { name: string; roleArn: string }[] {
  const { functions, pipes, deliveryStreams } = deployment;
  return [
    ...functions.map(({ name, roleArn }) => ({ name: `function ${name}`, roleArn })),
    ...pipes.map(({ name, roleArn }) => ({ name: `pipe ${name}`, roleArn })),
    ...deliveryStreams.map(({ name, destination: { roleArn } }) => ({
      name: `delivery stream ${name}`,
      roleArn,
    })),
  ];
}

function roleOf(actor: string): Deployment['roles'][number] {
  const roleArn = actors().find(({ name }) => name === actor)?.roleArn;
  const role = deployment.roles.find(({ arn }) => arn === roleArn);
  if (!role) throw new Error(`${actor} has no role. There are: ${JSON.stringify(actors())}`);
  return role;
}

function statementsOf(role: Deployment['roles'][number]): PolicyStatement[] {
  return role.policies.flatMap(({ Statement }) => Statement);
}

/** Whether the actor's role allows an action on a resource. */
function allows(actor: string, action: string, arn: string): boolean {
  const role = roleOf(actor);
  const iam = openIam();
  iam.createRole(role);
  try {
    iam.authorize(iam.credentialsFor(role.arn).accessKeyId, action, arn);
    return true;
  } catch (error) {
    if ((error as Error).name === 'AccessDenied') return false;
    throw error;
  }
}

const object = (bucket: string, key: string): string => `arn:aws:s3:::${bucket}/${key}`;
const arnOf = (service: string, resource: string): string =>
  `arn:aws:${service}:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${resource}`;

const GENERATOR = 'function saleslake-generator-local-generate';
const TRANSFORMER = 'function saleslake-transformer-local-transform';
const ORDERS = 'function saleslake-orders-local-change';
const FIREHOSE_TRANSFORMER = 'function saleslake-firehose-transformer-local-transform';
const RECONCILER = 'function saleslake-reconciler-local-reconcile';
const QUALITY = 'function saleslake-quality-local-check';
const ALERTING = 'function saleslake-alerting-local-alert';
const PIPE = 'pipe saleslake-local-order-changes';
const TRANSACTIONS = 'delivery stream saleslake-local-transactions';
const ORDER_EVENTS = 'delivery stream saleslake-local-order-events';

const ORDERS_TABLE = arnOf('dynamodb', 'table/saleslake-local-orders');
const ORDERS_STREAM = `${ORDERS_TABLE}/stream/2025-01-01T00:00:00.000`;
const CHANGES = arnOf('kinesis', 'stream/saleslake-local-order-changes');
const TRANSFORM = arnOf('lambda', 'function:saleslake-firehose-transformer-local-transform');
const PUT_STREAM = arnOf('firehose', 'deliverystream/saleslake-local-transactions');

const LOG = [
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'logs:TagResource',
];
const DELIVER = [
  'glue:GetTable',
  'glue:GetTableVersion',
  'glue:GetTableVersions',
  'lambda:GetFunctionConfiguration',
  'lambda:InvokeFunction',
  'logs:PutLogEvents',
  's3:AbortMultipartUpload',
  's3:GetBucketLocation',
  's3:GetObject',
  's3:ListBucket',
  's3:ListBucketMultipartUploads',
  's3:PutObject',
];
const READ_KINESIS = [
  'kinesis:DescribeStream',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
];
const READ_CHANGES = [
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
];
const INCIDENTS = arnOf('dynamodb', 'table/saleslake-local-incidents');
const ALERTS = arnOf('sns', 'saleslake-local-alerts');
const queue = (name: string): string => arnOf('sqs', `saleslake-local-${name}`);

const READ_QUEUE = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];

const ACTIONS: Record<string, string[]> = {
  [GENERATOR]: [...LOG, 's3:AbortMultipartUpload', 's3:PutObject', 'sqs:SendMessage'],
  [TRANSFORMER]: [...LOG, 's3:GetObject', 's3:ListBucket', 's3:PutObject', ...READ_QUEUE],
  [ORDERS]: [
    ...LOG,
    'dynamodb:DeleteItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'sqs:SendMessage',
  ],
  [FIREHOSE_TRANSFORMER]: [...LOG, 'firehose:PutRecordBatch', 'kinesis:PutRecords'],
  [RECONCILER]: [
    ...LOG,
    's3:GetObject',
    's3:GetObjectTagging',
    's3:ListBucket',
    's3:PutObject',
    's3:PutObjectTagging',
    'sqs:SendMessage',
  ],
  [QUALITY]: [
    ...LOG,
    'athena:BatchGetNamedQuery',
    'athena:GetQueryExecution',
    'athena:GetQueryResults',
    'athena:ListNamedQueries',
    'athena:StartQueryExecution',
    'athena:StopQueryExecution',
    'glue:GetDatabase',
    'glue:GetTable',
    's3:AbortMultipartUpload',
    's3:GetBucketLocation',
    's3:GetObject',
    's3:ListBucket',
    's3:ListMultipartUploadParts',
    's3:PutObject',
    'sqs:SendMessage',
  ],
  [ALERTING]: [
    ...LOG,
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Scan',
    's3:GetObject',
    's3:ListBucket',
    'sns:Publish',
    'sqs:GetQueueAttributes',
    'sqs:GetQueueUrl',
    'sqs:ReceiveMessage',
    'sqs:SendMessage',
  ],
  [PIPE]: [...READ_CHANGES, 'kinesis:PutRecord', 'kinesis:PutRecords', 'sqs:SendMessage'],
  [TRANSACTIONS]: DELIVER,
  [ORDER_EVENTS]: [...DELIVER, ...READ_KINESIS],
};

describe('a role', () => {
  it('is of one function, one pipe or one delivery stream alone', () => {
    expect(
      actors()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(Object.keys(ACTIONS).sort());
    expect(new Set(actors().map(({ roleArn }) => roleArn)).size).toBe(actors().length);
    expect(deployment.roles).toHaveLength(actors().length);
  });

  it.each(Object.entries(ACTIONS))('of the %s has these actions and no other', (actor, actions) => {
    const allowed = statementsOf(roleOf(actor)).flatMap(({ Action }) => Action);
    expect([...new Set(allowed)].sort()).toEqual([...actions].sort());
  });

  it.each([
    [GENERATOR, 's3:PutObject', object(raw, 'raw/transactions/x.json')],
    [TRANSFORMER, 's3:GetObject', object(raw, 'raw/transactions/x.json')],
    [TRANSFORMER, 's3:PutObject', object(curated, 'processed/transactions/x.parquet')],
    [TRANSFORMER, 's3:PutObject', object(curated, 'quarantine/transactions/x.json')],
    [TRANSFORMER, 's3:PutObject', object(curated, 'manifests/transactions/x.json')],
    [ORDERS, 'dynamodb:UpdateItem', ORDERS_TABLE],
    [FIREHOSE_TRANSFORMER, 'firehose:PutRecordBatch', PUT_STREAM],
    [FIREHOSE_TRANSFORMER, 'kinesis:PutRecords', CHANGES],
    [RECONCILER, 's3:PutObject', object(raw, 'raw/transactions/x.json')],
    [RECONCILER, 's3:PutObject', object(curated, 'reconciliation/latest.json')],
    [RECONCILER, 's3:GetObject', object(curated, 'manifests/transactions/x.json')],
    [QUALITY, 's3:PutObject', object(curated, 'quality/latest.json')],
    [QUALITY, 's3:GetObject', object(curated, 'processed/transactions/x.parquet')],
    [ALERTING, 'dynamodb:PutItem', INCIDENTS],
    [ALERTING, 'sns:Publish', ALERTS],
    [ALERTING, 'sqs:ReceiveMessage', queue('transformer-objects-dlq')],
    [PIPE, 'dynamodb:GetRecords', ORDERS_STREAM],
    [PIPE, 'kinesis:PutRecords', CHANGES],
    [PIPE, 'sqs:SendMessage', arnOf('sqs', 'saleslake-local-order-changes-dlq')],
    [TRANSACTIONS, 's3:PutObject', object(curated, 'processed/transactions/year=2026/x')],
    [TRANSACTIONS, 's3:PutObject', object(raw, 'firehose-backup/transactions/x')],
    [TRANSACTIONS, 'lambda:InvokeFunction', TRANSFORM],
    [ORDER_EVENTS, 'kinesis:GetRecords', CHANGES],
    [ORDER_EVENTS, 'glue:GetTable', arnOf('glue', 'table/saleslake_local/order_events')],
  ])('of the %s allows %s on %s', (actor, action, arn) => {
    expect(allows(actor, action, arn)).toBe(true);
  });

  it.each([
    [GENERATOR, 's3:PutObject', object(raw, 'elsewhere/x.json')],
    [GENERATOR, 's3:PutObject', object(curated, 'processed/transactions/x.parquet')],
    [TRANSFORMER, 's3:PutObject', object(raw, 'raw/transactions/x.json')],
    [TRANSFORMER, 's3:PutObject', object(curated, 'elsewhere/x')],
    [TRANSFORMER, 's3:GetObject', object(raw, 'firehose-backup/transactions/x')],
    [ORDERS, 'dynamodb:PutItem', arnOf('dynamodb', 'table/x')],
    [ORDERS, 'sqs:SendMessage', arnOf('sqs', 'x')],
    [FIREHOSE_TRANSFORMER, 'kinesis:PutRecords', arnOf('kinesis', 'stream/x')],
    [FIREHOSE_TRANSFORMER, 'firehose:PutRecordBatch', arnOf('firehose', 'deliverystream/x')],
    [RECONCILER, 's3:PutObject', object(curated, 'processed/transactions/x.parquet')],
    [RECONCILER, 's3:PutObject', object(curated, 'manifests/transactions/x.json')],
    [RECONCILER, 's3:GetObject', object(raw, 'firehose-backup/transactions/x')],
    [QUALITY, 's3:PutObject', object(curated, 'processed/transactions/x.parquet')],
    [QUALITY, 's3:PutObject', object(curated, 'quality/other.json')],
    [ALERTING, 's3:GetObject', object(raw, 'raw/transactions/x.json')],
    [ALERTING, 's3:GetObject', object(curated, 'processed/transactions/x.parquet')],
    [ALERTING, 'sqs:ReceiveMessage', queue('transformer-objects')],
    [ALERTING, 'sns:Publish', arnOf('sns', 'x')],
    [PIPE, 'dynamodb:GetRecords', ORDERS_TABLE],
    [PIPE, 'kinesis:PutRecords', arnOf('kinesis', 'stream/x')],
    [TRANSACTIONS, 's3:PutObject', object(curated, 'processed/order_events/x')],
    // Raw objects are events of the transformer.
    [TRANSACTIONS, 's3:PutObject', object(raw, 'raw/transactions/x.json')],
    [ORDER_EVENTS, 's3:GetObject', object(curated, 'processed/transactions/x')],
    [ORDER_EVENTS, 'glue:GetTable', arnOf('glue', 'table/saleslake_local/transactions')],
    [ORDER_EVENTS, 'lambda:InvokeFunction', arnOf('lambda', 'function:x')],
  ])('of the %s does not allow %s on %s', (actor, action, arn) => {
    expect(allows(actor, action, arn)).toBe(false);
  });

  it('has a star only for the objects below a prefix and in its own log group', () => {
    const open = deployment.roles.flatMap((role) =>
      statementsOf(role).flatMap(({ Action, Resource = [] }) =>
        [Action, Resource]
          .flat()
          .filter((text) => text?.includes('*'))
          .filter((text) => !/^arn:aws:s3:::[^/*]+\/[^*]+\/\*$/.test(text!))
          // Serverless names a log group with `:*` for its streams.
          .filter((text) => !/:log-group:\/aws\/[a-z]+\/saleslake-[^*]+\*?:/.test(text!))
          .map((text) => `${role.name}: ${text}`),
      ),
    );
    expect(open).toEqual([]);
  });
});
