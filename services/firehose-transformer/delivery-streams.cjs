// A delivery stream for each table that is fed by one, and all that it needs: they differ in names
// and source alone.

const { alarms, metric, ownMetric } = require('../alarm.cjs');
const { pascalCase } = require('../logical-id.cjs');

/** By table; `kinesis` is the source's name behind the stage's prefix, `put` by producers without. */
const SOURCES = {
  transactions: { kind: 'put' },
  order_events: { kind: 'kinesis', stream: 'order-changes' },
};

const SERVICE = 'firehose-transformer';
const PREFIX = '${self:custom.streamPrefix}';
const RAW = 'arn:${AWS::Partition}:s3:::${self:custom.names.raw}';
const CURATED = 'arn:${AWS::Partition}:s3:::${self:custom.names.curated}';
const DATABASE = '${self:custom.names.database}';
const FUNCTION = { 'Fn::GetAtt': ['TransformLambdaFunction', 'Arn'] };
const BACKUP_LOG = 'backup';
const DELIVERY_LOG = 'destination';
const DATE = 'date=!{timestamp:yyyy-MM-dd}/';

module.exports = () => ({
  Resources: Object.assign({}, ...Object.entries(SOURCES).map(resourcesOf), failedRecords()),
});

function failedRecords() {
  const meaning = 'Streamed records could not be used and are kept under firehose-errors/.';
  return alarms(SERVICE, { 'failed-records': ownMetric(SERVICE, 'RecordsFailed', meaning) })
    .Resources;
}

function resourcesOf([table, source]) {
  const id = pascalCase(table);
  const name = PREFIX + table.replaceAll('_', '-');
  const role = { 'Fn::GetAtt': [`${id}FirehoseRole`, 'Arn'] };
  const logging = (stream) => ({
    Enabled: true,
    LogGroupName: { Ref: `${id}LogGroup` },
    LogStreamName: { Ref: `${id}${pascalCase(stream)}LogStream` },
  });
  const keys = {
    processed: `processed/${table}/`,
    errors: `firehose-errors/${table}/`,
    backup: `firehose-backup/${table}/`,
    backupErrors: `firehose-backup-errors/${table}/`,
  };
  return {
    [`${id}DeliveryStream`]: {
      Type: 'AWS::KinesisFirehose::DeliveryStream',
      Properties: {
        DeliveryStreamName: name,
        ...sourceOf(source, role),
        ExtendedS3DestinationConfiguration: {
          RoleARN: role,
          BucketARN: sub(CURATED),
          // The lake's layout; the keys are of the row's own day, not of its arrival.
          // https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-s3bucketprefix.html
          Prefix:
            keys.processed +
            ['year', 'month', 'day']
              .map((key) => `${key}=!{partitionKeyFromLambda:${key}}/`)
              .join(''),
          ErrorOutputPrefix: `${keys.errors}!{firehose:error-output-type}/${DATE}`,
          // Few large files: as much as there may be. Conversion wants at least 64.
          BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 60 },
          // Parquet compresses by itself.
          CompressionFormat: 'UNCOMPRESSED',
          DynamicPartitioningConfiguration: {
            Enabled: true,
            RetryOptions: { DurationInSeconds: 300 },
          },
          ProcessingConfiguration: {
            Enabled: true,
            Processors: [
              {
                Type: 'Lambda',
                Parameters: parameters({
                  LambdaArn: FUNCTION,
                  NumberOfRetries: '3',
                  RoleArn: role,
                  // Rows in base64 with ids and keys are at most three times their records, and
                  // a response has 6 MB. (src/put-back.ts is for what is compressed.)
                  BufferSizeInMBs: '1',
                  BufferIntervalInSeconds: '60',
                }),
              },
            ],
          },
          DataFormatConversionConfiguration: {
            Enabled: true,
            // Hive's, not OpenX's: it reads a decimal by its digits, not as a double.
            InputFormatConfiguration: { Deserializer: { HiveJsonSerDe: {} } },
            OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } },
            SchemaConfiguration: {
              CatalogId: { Ref: 'AWS::AccountId' },
              Region: { Ref: 'AWS::Region' },
              DatabaseName: DATABASE,
              TableName: table,
              VersionId: 'LATEST',
              RoleARN: role,
            },
          },
          // Source records as they came. Not under raw/, which would have them transformed again.
          S3BackupMode: 'Enabled',
          S3BackupConfiguration: {
            RoleARN: role,
            BucketARN: sub(RAW),
            Prefix: keys.backup + DATE,
            ErrorOutputPrefix: `${keys.backupErrors}!{firehose:error-output-type}/${DATE}`,
            BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 300 },
            CompressionFormat: 'GZIP',
            CloudWatchLoggingOptions: logging(BACKUP_LOG),
          },
          CloudWatchLoggingOptions: logging(DELIVERY_LOG),
        },
      },
    },
    [`${id}FirehoseRole`]: roleOf({ table, name, source, keys }),
    [`${id}LogGroup`]: {
      Type: 'AWS::Logs::LogGroup',
      Properties: { LogGroupName: logGroupOf(name), RetentionInDays: 30 },
    },
    ...Object.fromEntries(
      [DELIVERY_LOG, BACKUP_LOG].map((stream) => [
        `${id}${pascalCase(stream)}LogStream`,
        {
          Type: 'AWS::Logs::LogStream',
          Properties: { LogGroupName: { Ref: `${id}LogGroup` }, LogStreamName: stream },
        },
      ]),
    ),
    ...alarmsOf(table, name),
  };
}

/**
 * Firehose reports each minute in which it did something, and nothing in others. A success is 1 for
 * each attempt that succeeded, 0 for each that did not, so their average is the share of successes.
 * https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
 */
function alarmsOf(table, DeliveryStreamName) {
  const of = (MetricName, Statistic, meaning, more) =>
    metric(meaning, {
      Namespace: 'AWS/Firehose',
      MetricName,
      Dimensions: { DeliveryStreamName },
      Statistic,
      Period: 300,
      ...more,
    });
  const below1 = { ComparisonOperator: 'LessThanThreshold', Threshold: 1 };
  const stream = table.replaceAll('_', '-');
  return alarms(SERVICE, {
    [`${stream}-conversion`]: of(
      'FailedConversion.Records',
      'Sum',
      `Rows of ${table} could not be written as Parquet and are kept under firehose-errors/.`,
    ),
    // All of them, as a retry mends what fails now and then. A batch that was given up while others
    // succeeded is found by the reconciler, under firehose-errors/.
    [`${stream}-transformation`]: of(
      'ExecuteProcessing.Success',
      'Maximum',
      `The function that makes rows of ${table} fails as a whole; after three retries its records are kept under firehose-errors/.`,
      below1,
    ),
    // All of them: Firehose tries again for a day, and what alone stays behind gets old.
    [`${stream}-delivery`]: of(
      'DeliveryToS3.Success',
      'Maximum',
      `Firehose cannot write rows of ${table} to S3 and gives them up after 24 hours.`,
      below1,
    ),
    [`${stream}-backup`]: of(
      'BackupToS3.Success',
      'Maximum',
      `Firehose cannot keep the records of ${table} as they came, and gives that up after 24 hours.`,
      below1,
    ),
    // As old as buffering makes a record, at most.
    [`${stream}-freshness`]: of(
      'DeliveryToS3.DataFreshness',
      'Maximum',
      `Records of ${table} have been waiting in Firehose for more than 15 minutes.`,
      { Threshold: 900 },
    ),
  }).Resources;
}

function sourceOf(source, role) {
  if (source.kind === 'put') {
    return {
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
    };
  }
  // What is on its way from Kinesis is encrypted by that stream's key.
  return {
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: { KinesisStreamARN: streamArn(source), RoleARN: role },
  };
}

/** https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html */
function roleOf({ table, name, source, keys }) {
  const glue = (resource) => sub(`${arn('glue')}:${resource}`);
  const statements = [
    {
      Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
      Resource: [
        sub(`${CURATED}/${keys.processed}*`),
        sub(`${CURATED}/${keys.errors}*`),
        sub(`${RAW}/${keys.backup}*`),
        sub(`${RAW}/${keys.backupErrors}*`),
      ],
    },
    {
      Action: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      Resource: [sub(CURATED), sub(RAW)],
    },
    {
      Action: ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
      Resource: [glue('catalog'), glue(`database/${DATABASE}`), glue(`table/${DATABASE}/${table}`)],
    },
    { Action: ['lambda:InvokeFunction', 'lambda:GetFunctionConfiguration'], Resource: FUNCTION },
    {
      Action: 'logs:PutLogEvents',
      Resource: sub(`${arn('logs')}:log-group:${logGroupOf(name)}:log-stream:*`),
    },
  ];
  if (source.kind === 'kinesis') {
    statements.push({
      Action: [
        'kinesis:DescribeStream',
        'kinesis:GetShardIterator',
        'kinesis:GetRecords',
        'kinesis:ListShards',
      ],
      Resource: streamArn(source),
    });
  }
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'firehose.amazonaws.com' },
            Action: 'sts:AssumeRole',
          },
        ],
      },
      Policies: [
        {
          PolicyName: 'deliver',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: statements.map((statement) => ({ Effect: 'Allow', ...statement })),
          },
        },
      ],
    },
  };
}

function logGroupOf(name) {
  return `/aws/kinesisfirehose/${name}`;
}

function streamArn({ stream }) {
  return sub(`${arn('kinesis')}:stream/${PREFIX}${stream}`);
}

function arn(service) {
  return `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}`;
}

function parameters(values) {
  return Object.entries(values).map(([ParameterName, ParameterValue]) => ({
    ParameterName,
    ParameterValue,
  }));
}

function sub(text) {
  return { 'Fn::Sub': text };
}
