import {
  catalogTable,
  closeAll,
  openLocalFirehose,
  PASS,
  ROLE,
  streamConfig,
  type Options,
} from './local-firehose';
import { checkConfig } from '../../src/firehose/check-config';
import { checkRoles } from '../../src/firehose/check-roles';
import { contextOf, rolesAllowing } from './roles';

afterEach(closeAll);

const openX = {
  kind: 'OpenXJson' as const,
  caseInsensitive: true,
  convertDotsToUnderscores: false,
};
const conversion = {
  databaseName: 'saleslake',
  tableName: 'transactions',
  roleArn: ROLE,
  deserializer: openX,
  parquetCompression: 'SNAPPY' as const,
};
const partitioned = {
  prefix: 'data/!{partitionKeyFromLambda:key}/',
  bufferSizeMb: 64,
  bufferIntervalSeconds: 60,
  dynamicPartitioning: { enabled: true, retryDurationSeconds: 300 },
};

type Destination = NonNullable<Options['destination']>;

function check(destination: Destination, transformer?: string): void {
  const table = { ...catalogTable('transactions') };
  checkConfig(streamConfig({ destination, transformer }).destination, {
    glueTable: (_, name) =>
      name === 'transactions'
        ? table
        : name === 'odd'
          ? { ...table, name, columns: [{ name: 'total', type: 'bigint' }] }
          : undefined,
  });
}

describe('CreateDeliveryStream refuses', () => {
  it.each<[string, Destination, string]>([
    // https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html
    ['a buffer of 0 MB', { bufferSizeMb: 0 }, 'SizeInMBs is 0'],
    ['a buffer of 129 MB', { bufferSizeMb: 129 }, 'SizeInMBs is 129'],
    ['an interval of 901 s', { bufferIntervalSeconds: 901 }, 'IntervalInSeconds is 901'],
    ['an interval of half a second', { bufferIntervalSeconds: 0.5 }, 'a whole number'],
    // https://docs.aws.amazon.com/firehose/latest/dev/enable-record-format-conversion.html
    ['conversion with a buffer of 63 MB', { conversion, bufferSizeMb: 63 }, 'at least 64'],
    [
      'conversion with GZIP',
      { conversion, bufferSizeMb: 64, compression: 'GZIP' },
      'must be UNCOMPRESSED',
    ],
    [
      'conversion by a table that is not there',
      { conversion: { ...conversion, tableName: 'none' }, bufferSizeMb: 64 },
      'There is no table saleslake.none',
    ],
    [
      'conversion by a column that the local AWS does not write',
      { conversion: { ...conversion, tableName: 'odd' }, bufferSizeMb: 64 },
      'column total of the table odd is a bigint',
    ],
    // https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html#prefix-rules
    [
      'an error type in the prefix',
      { prefix: '!{firehose:error-output-type}/' },
      'cannot have !{firehose:error-output-type}',
    ],
    [
      'expressions in the prefix and no error prefix',
      { prefix: '!{timestamp:yyyy}/', errorOutputPrefix: '' },
      'ErrorOutputPrefix cannot be empty',
    ],
    [
      'expressions in the error prefix without the error type',
      { errorOutputPrefix: 'errors/!{timestamp:yyyy}/' },
      'must have !{firehose:error-output-type}',
    ],
    [
      'partition keys in the error prefix',
      { errorOutputPrefix: '!{firehose:error-output-type}/!{partitionKeyFromLambda:a}/' },
      'cannot have partition keys',
    ],
    [
      'partition keys where partitioning is off',
      { prefix: '!{partitionKeyFromLambda:a}/' },
      'when Dynamic Partitioning is enabled',
    ],
    ['a prefix of more than 512 characters', { prefix: 'p'.repeat(510) }, 'at most 512'],
    ['a time zone that is none', { customTimeZone: 'Europe/Atlantis' }, 'no known time zone'],
    ['an extension without a period', { fileExtension: 'json' }, 'expected a period'],
  ])('%s', (_, destination, message) => {
    expect(() => check(destination)).toThrow(message);
  });

  // https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning.html
  it.each<[string, Destination, string]>([
    ['a prefix without partition keys', { prefix: 'data/' }, 'should contain'],
    ['a buffer of 63 MB', { bufferSizeMb: 63 }, 'at least 64'],
    ['an interval of 59 s', { bufferIntervalSeconds: 59 }, 'at least 60 seconds'],
    ['no error prefix', { errorOutputPrefix: '' }, 'ErrorOutputPrefix'],
  ])('partitioning with %s', (_, destination, message) => {
    expect(() => check({ ...partitioned, ...destination }, PASS)).toThrow(message);
  });

  it('partitioning without a function that gives the keys', () => {
    expect(() => check(partitioned)).toThrow('A Lambda processor must give the partition keys');
  });

  it('nothing of a stream that is as it should be', () => {
    expect(() => check(partitioned, PASS)).not.toThrow();
    expect(() => check({ conversion, bufferSizeMb: 64 })).not.toThrow();
  });

  it('a second stream of the same name', async () => {
    const { firehose } = await openLocalFirehose();
    expect(() => firehose.createDeliveryStream(streamConfig())).toThrow('exists already');
  });
});

// https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
describe('a stream needs in its role', () => {
  const lakeOnly = [
    's3:GetBucketLocation',
    's3:ListBucket',
    's3:ListBucketMultipartUploads',
    's3:PutObject',
    's3:AbortMultipartUpload',
  ];
  const streamArn = 'arn:aws:kinesis:us-east-1:123456789012:stream/orders';

  it.each<[string, string[], Options]>([
    ['s3:PutObject on arn:aws:s3:::lake/data/', lakeOnly.filter((a) => a !== 's3:PutObject'), {}],
    ['s3:AbortMultipartUpload', lakeOnly.filter((a) => a !== 's3:AbortMultipartUpload'), {}],
    ['lambda:InvokeFunction', lakeOnly, { transformer: PASS }],
    ['glue:GetTable', lakeOnly, { destination: { conversion, bufferSizeMb: 64 } }],
    ['kinesis:DescribeStream', lakeOnly, { source: { kind: 'Kinesis', streamArn, roleArn: ROLE } }],
  ])('%s', (needed, allowed, options) => {
    expect(() => checkRoles(contextOf(), rolesAllowing(allowed), streamConfig(options))).toThrow(
      `the role ${ROLE} needs ${needed}`,
    );
  });

  it('no more than that to put objects', () => {
    expect(() => checkRoles(contextOf(), rolesAllowing(lakeOnly), streamConfig())).not.toThrow();
  });
});
