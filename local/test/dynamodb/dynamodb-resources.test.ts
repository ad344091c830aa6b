import type { TemplateResource } from '../../src/cloudformation/template';
import { planned } from '../cloudformation/fixture';

const KEYED_BY_ID = {
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
};

const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';

function table(properties: Record<string, unknown> = {}): TemplateResource {
  return {
    Type: 'AWS::DynamoDB::Table',
    Properties: { TableName: 'orders', ...KEYED_BY_ID, ...properties },
  };
}

describe('AWS::DynamoDB::Table', () => {
  it('is planned as CreateTable takes it', () => {
    expect(planned({ Orders: table() }).dynamoDbTables).toEqual([
      { name: 'orders', arn: ARN, definition: KEYED_BY_ID },
    ]);
  });

  it('has a stream of the same ARN at each start', () => {
    const StreamSpecification = { StreamViewType: 'NEW_AND_OLD_IMAGES' };
    const deployment = planned({ Orders: table({ StreamSpecification }) });
    expect(deployment.dynamoDbTables[0]?.stream).toEqual({
      arn: `${ARN}/stream/2025-01-01T00:00:00.000`,
      viewType: 'NEW_AND_OLD_IMAGES',
    });
  });

  it('has secondary indexes and throughput', () => {
    const key = [{ AttributeName: 'id', KeyType: 'HASH' }];
    const throughput = { ReadCapacityUnits: 5, WriteCapacityUnits: 6 };
    const global = {
      IndexName: 'by-status',
      KeySchema: key,
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['total'] },
      ProvisionedThroughput: throughput,
    };
    const local = { IndexName: 'local', KeySchema: key, Projection: { ProjectionType: 'ALL' } };
    const indexes = { GlobalSecondaryIndexes: [global], LocalSecondaryIndexes: [local] };
    const properties = {
      ...indexes,
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: throughput,
    };
    expect(planned({ Orders: table(properties) }).dynamoDbTables[0]?.definition).toMatchObject(
      properties,
    );
  });

  it('gives its name by Ref, and its ARNs as attributes', () => {
    const Outputs = {
      Name: { Value: { Ref: 'Orders' } },
      Arn: { Value: { 'Fn::GetAtt': ['Orders', 'Arn'] } },
      StreamArn: { Value: { 'Fn::GetAtt': ['Orders', 'StreamArn'] } },
    };
    const StreamSpecification = { StreamViewType: 'KEYS_ONLY' };
    const { outputs } = planned({ Orders: table({ StreamSpecification }) }, { Outputs });
    expect(outputs['x-local']).toEqual({
      Name: 'orders',
      Arn: ARN,
      StreamArn: `${ARN}/stream/2025-01-01T00:00:00.000`,
    });
  });

  it('may have what makes no difference here', () => {
    const properties = {
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      DeletionProtectionEnabled: true,
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    };
    expect(planned({ Orders: table(properties) }).dynamoDbTables).toHaveLength(1);
  });

  it.each([
    [
      'an unknown view type',
      { StreamSpecification: { StreamViewType: 'ALL' } },
      /expected KEYS_ONLY/,
    ],
    ['a Kinesis stream', { KinesisStreamSpecification: {} }, /KinesisStreamSpecification.*emulate/],
  ])('is refused with %s', (_, properties, message) => {
    expect(() => planned({ Orders: table(properties) })).toThrow(message);
  });
});
