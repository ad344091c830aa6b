import { planned } from '../cloudformation/fixture';

const stream = (properties: object, destination: object = {}) =>
  planned({
    Stream: {
      Type: 'AWS::KinesisFirehose::DeliveryStream',
      Properties: {
        DeliveryStreamName: 'sales',
        ...properties,
        ExtendedS3DestinationConfiguration: {
          BucketARN: 'arn:aws:s3:::lake',
          RoleARN: 'arn:aws:iam::000000000000:role/firehose',
          ...destination,
        },
      },
    },
  }).deliveryStreams[0];

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesisfirehose-deliverystream.html
describe('AWS::KinesisFirehose::DeliveryStream', () => {
  it('has the defaults of AWS', () => {
    expect(stream({})).toMatchObject({
      name: 'sales',
      arn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/sales',
      source: { kind: 'DirectPut' },
      destination: {
        prefix: '',
        bufferSizeMb: 5,
        bufferIntervalSeconds: 300,
        compression: 'UNCOMPRESSED',
        customTimeZone: 'UTC',
        dynamicPartitioning: { enabled: false },
        appendDelimiter: false,
      },
    });
  });

  it('gives its name by Ref and its ARN by GetAtt', () => {
    const { outputs } = planned(
      {
        Stream: {
          Type: 'AWS::KinesisFirehose::DeliveryStream',
          Properties: {
            DeliveryStreamName: 'sales',
            ExtendedS3DestinationConfiguration: { BucketARN: 'b', RoleARN: 'r' },
          },
        },
      },
      {
        Outputs: {
          Name: { Value: { Ref: 'Stream' } },
          Arn: { Value: { 'Fn::GetAtt': ['Stream', 'Arn'] } },
        },
      },
    );
    expect(outputs['x-local']).toEqual({
      Name: 'sales',
      Arn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/sales',
    });
  });

  it('may read from a data stream', () => {
    const source = { KinesisStreamARN: 'arn:aws:kinesis:x', RoleARN: 'arn:aws:iam:y' };
    expect(
      stream({
        DeliveryStreamType: 'KinesisStreamAsSource',
        KinesisStreamSourceConfiguration: source,
      })?.source,
    ).toEqual({ kind: 'Kinesis', streamArn: 'arn:aws:kinesis:x', roleArn: 'arn:aws:iam:y' });
  });

  it('may transform, partition, convert and back up', () => {
    const serde = { OpenXJsonSerDe: {} };
    const destination = stream(
      {},
      {
        ProcessingConfiguration: {
          Enabled: true,
          Processors: [
            {
              Type: 'Lambda',
              Parameters: [
                { ParameterName: 'LambdaArn', ParameterValue: 'arn:aws:lambda:x' },
                { ParameterName: 'BufferSizeInMBs', ParameterValue: '0.5' },
              ],
            },
            { Type: 'AppendDelimiterToRecord', Parameters: [] },
          ],
        },
        DynamicPartitioningConfiguration: { Enabled: 'true' },
        DataFormatConversionConfiguration: {
          SchemaConfiguration: { DatabaseName: 'd', TableName: 't', RoleARN: 'arn:aws:iam:z' },
          InputFormatConfiguration: { Deserializer: serde },
          OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
        },
        S3BackupMode: 'Enabled',
        S3BackupConfiguration: {
          BucketARN: 'arn:aws:s3:::backup',
          RoleARN: 'arn:aws:iam:r',
          CompressionFormat: 'GZIP',
        },
      },
    )?.destination;
    expect(destination).toMatchObject({
      bufferSizeMb: 128,
      appendDelimiter: true,
      dynamicPartitioning: { enabled: true },
      lambda: {
        functionArn: 'arn:aws:lambda:x',
        numberOfRetries: 3,
        bufferSizeMb: 0.5,
        bufferIntervalSeconds: 60,
      },
      conversion: { databaseName: 'd', parquetCompression: 'SNAPPY' },
      backup: { bucketArn: 'arn:aws:s3:::backup', compression: 'GZIP' },
    });
  });

  it.each<[string, object, object, string]>([
    ['another source', { DeliveryStreamType: 'MSKAsSource' }, {}, 'DeliveryStreamType MSKAsSource'],
    ['another compression', {}, { CompressionFormat: 'Snappy' }, 'CompressionFormat Snappy'],
    ['one buffering hint alone', {}, { BufferingHints: { SizeInMBs: 5 } }, 'without the other'],
    [
      'another processor',
      {},
      { ProcessingConfiguration: { Processors: [{ Type: 'MetadataExtraction' }] } },
      'processor of type MetadataExtraction',
    ],
    ['a property that it does not know', { Colour: 'red' }, {}, 'Colour'],
  ])('refuses %s', (_, properties, destination, message) => {
    expect(() => stream(properties, destination)).toThrow(message);
  });
});
