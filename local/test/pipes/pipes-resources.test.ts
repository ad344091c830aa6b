import { planned } from '../cloudformation/fixture';

const SOURCE = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2025';
const KINESIS = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
const ROLE = 'arn:aws:iam::000000000000:role/pipe';
const DLQ = 'arn:aws:sqs:us-east-1:000000000000:dlq';

const pipe = (Properties: Record<string, unknown>) =>
  planned({ Pipe: { Type: 'AWS::Pipes::Pipe', Properties } }).pipes;

const required = {
  Name: 'orders',
  RoleArn: ROLE,
  Source: SOURCE,
  SourceParameters: { DynamoDBStreamParameters: { StartingPosition: 'TRIM_HORIZON' } },
  Target: KINESIS,
  TargetParameters: { KinesisStreamParameters: { PartitionKey: '$.dynamodb.Keys.orderId.S' } },
};

// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-pipes-pipe.html
describe('AWS::Pipes::Pipe', () => {
  it('has what AWS defaults to', () => {
    expect(pipe(required)).toEqual([
      {
        where: 'services/x: resource Pipe (AWS::Pipes::Pipe)',
        name: 'orders',
        arn: 'arn:aws:pipes:us-east-1:000000000000:pipe/orders',
        roleArn: ROLE,
        desiredState: 'RUNNING',
        sourceArn: SOURCE,
        filters: [],
        batchSize: 100,
        maximumBatchingWindowSeconds: 0,
        startingPosition: 'TRIM_HORIZON',
        maximumRetryAttempts: -1,
        maximumRecordAgeSeconds: -1,
        bisectBatchOnFunctionError: false,
        parallelizationFactor: 1,
        deadLetterArn: undefined,
        targetArn: KINESIS,
        partitionKey: '$.dynamodb.Keys.orderId.S',
        inputTemplate: undefined,
      },
    ]);
  });

  it('has what the template says', () => {
    const properties = {
      ...required,
      DesiredState: 'STOPPED',
      Source: KINESIS,
      SourceParameters: {
        FilterCriteria: { Filters: [{ Pattern: '{"data":{"a":[1]}}' }] },
        KinesisStreamParameters: {
          StartingPosition: 'LATEST',
          BatchSize: 5,
          MaximumBatchingWindowInSeconds: 3,
          MaximumRetryAttempts: 2,
          MaximumRecordAgeInSeconds: 600,
          OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          ParallelizationFactor: 2,
          DeadLetterConfig: { Arn: DLQ },
        },
      },
      Target: DLQ,
      TargetParameters: { InputTemplate: '<$.data>' },
      LogConfiguration: { Level: 'ERROR' },
    };

    expect(pipe(properties)).toMatchObject([
      {
        desiredState: 'STOPPED',
        filters: ['{"data":{"a":[1]}}'],
        startingPosition: 'LATEST',
        batchSize: 5,
        maximumBatchingWindowSeconds: 3,
        maximumRetryAttempts: 2,
        maximumRecordAgeSeconds: 600,
        bisectBatchOnFunctionError: true,
        parallelizationFactor: 2,
        deadLetterArn: DLQ,
        inputTemplate: '<$.data>',
      },
    ]);
  });

  it('has batches that its target takes where it names no size', () => {
    const toQueue = { ...required, Target: DLQ, TargetParameters: {} };

    expect(pipe(toQueue)).toMatchObject([{ batchSize: 10 }]);
  });

  it('has its name for Ref and an Arn', () => {
    const { outputs } = planned(
      { Pipe: { Type: 'AWS::Pipes::Pipe', Properties: required } },
      {
        Outputs: {
          Name: { Value: { Ref: 'Pipe' } },
          Arn: { Value: { 'Fn::GetAtt': ['Pipe', 'Arn'] } },
        },
      },
    );

    expect(outputs['x-local']).toEqual({
      Name: 'orders',
      Arn: 'arn:aws:pipes:us-east-1:000000000000:pipe/orders',
    });
  });

  const invoked = { LambdaFunctionParameters: { InvocationType: 'FIRE_AND_FORGET' } };
  const at = { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: 1 };

  it.each([
    ['an enrichment', { Enrichment: DLQ }, 'Enrichment'],
    ['no starting position', { SourceParameters: { DynamoDBStreamParameters: {} } }, 'StartingPos'],
    ['a starting time', { SourceParameters: { DynamoDBStreamParameters: at } }, 'AT_TIMESTAMP'],
    ['parameters of another source', { Source: KINESIS }, 'KinesisStreamParameters'],
    ['an asynchronous target', { TargetParameters: invoked }, 'FIRE_AND_FORGET'],
    ['a target that is not emulated', { Target: 'arn:aws:sns:us-east-1:0:t' }, 'arn:aws:sns'],
  ])('is refused with %s', (_, changed, named) => {
    expect(() => pipe({ ...required, ...changed })).toThrow(named);
  });
});
