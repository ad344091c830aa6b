import { planned } from '../cloudformation/fixture';

const stream = (Properties: Record<string, unknown>) =>
  planned({ Orders: { Type: 'AWS::Kinesis::Stream', Properties } });

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html
describe('AWS::Kinesis::Stream', () => {
  it('is provisioned with its shards', () => {
    const properties = {
      Name: 'orders',
      ShardCount: '2',
      RetentionPeriodHours: 48,
      StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
      Tags: [{ Key: 'a', Value: 'b' }],
    };

    expect(stream(properties).kinesisStreams).toEqual([
      {
        name: 'orders',
        arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/orders',
        shardCount: 2,
        onDemand: false,
        retentionHours: 48,
      },
    ]);
  });

  it('has four shards and a day of retention on demand', () => {
    const properties = { StreamModeDetails: { StreamMode: 'ON_DEMAND' } };

    expect(stream(properties).kinesisStreams).toMatchObject([
      { shardCount: 4, onDemand: true, retentionHours: 24 },
    ]);
  });

  it('has its name for Ref and an Arn', () => {
    const { outputs } = planned(
      { Orders: { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'orders', ShardCount: 1 } } },
      {
        Outputs: {
          Name: { Value: { Ref: 'Orders' } },
          Arn: { Value: { 'Fn::GetAtt': ['Orders', 'Arn'] } },
        },
      },
    );

    expect(outputs['x-local']).toEqual({
      Name: 'orders',
      Arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/orders',
    });
  });

  it.each([
    [
      'a shard count on demand',
      { ShardCount: 1, StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
      'ShardCount',
    ],
    ['no shard count', {}, 'ShardCount'],
    ['an unknown mode', { ShardCount: 1, StreamModeDetails: { StreamMode: 'FAST' } }, 'FAST'],
    ['an unknown property', { ShardCount: 1, MaxRecordSizeInKiB: 2048 }, 'MaxRecordSizeInKiB'],
  ])('is refused with %s', (_, properties, named) => {
    expect(() => stream(properties)).toThrow(named);
  });
});
