import { emptyDeployment } from '../../src/cloudformation/deployment';
import { planStack } from '../../src/cloudformation/plan-stack';
import type { TemplateResource } from '../../src/cloudformation/template';
import compiled from './compiled-template.json';
import { ENVIRONMENT, plan, planned } from './fixture';

const sqs = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;

describe('a template that sls has compiled', () => {
  const deployment = emptyDeployment();
  planStack(
    { label: 'services/svc', name: 'svc-local', template: compiled, packageFolder: '/package' },
    ENVIRONMENT,
    deployment,
  );

  it('declares buckets', () => {
    expect(deployment.buckets).toEqual([
      {
        name: expect.stringMatching(
          /^svc-local-serverlessdeploymentbucket-[0-9a-f]{12}$/,
        ) as string,
        eventBridge: false,
      },
      { name: 'saleslake-000000000000-raw', eventBridge: true },
    ]);
  });

  it('declares queues, a dead-letter queue before the queue that names it', () => {
    expect(deployment.queues).toEqual([
      {
        name: 'dlq',
        arn: sqs('dlq'),
        visibilityTimeoutSeconds: 30,
        delaySeconds: 0,
        messageRetentionSeconds: 1_209_600,
        receiveWaitTimeSeconds: 0,
      },
      {
        name: 'q',
        arn: sqs('q'),
        visibilityTimeoutSeconds: 360,
        delaySeconds: 0,
        messageRetentionSeconds: 345_600,
        receiveWaitTimeSeconds: 0,
        redrive: { deadLetterTargetArn: sqs('dlq'), maxReceiveCount: 3 },
      },
    ]);
  });

  it('declares functions with their package, role, environment and limits', () => {
    const transform = deployment.functions.find(({ name }) => name.endsWith('-transform'));
    expect(transform).toEqual({
      name: 'saleslake-svc-local-transform',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:saleslake-svc-local-transform',
      handler: 'src/handler.handler',
      code: { zip: '/package/transform.zip' },
      memoryMb: 512,
      timeoutSeconds: 60,
      environment: { RAW: 'saleslake-000000000000-raw' },
      roleArn: 'arn:aws:iam::000000000000:role/saleslake-svc-local-us-east-1-lambdaRole',
      reservedConcurrency: 5,
      async: { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 },
    });
  });

  it('gives a function the settings of its EventInvokeConfig', () => {
    const generate = deployment.functions.find(({ name }) => name.endsWith('-generate'));
    expect(generate?.async).toEqual({
      maximumRetryAttempts: 1,
      maximumEventAgeSeconds: 3600,
      onFailure: sqs('dlq'),
    });
  });

  it('declares event source mappings', () => {
    expect(deployment.eventSourceMappings).toEqual([
      expect.objectContaining({
        queueArn: sqs('q'),
        functionName: 'saleslake-svc-local-transform',
        batchSize: 10,
        maximumBatchingWindowSeconds: 5,
        reportBatchItemFailures: true,
        maximumConcurrency: 2,
        enabled: true,
      }),
    ]);
  });

  it('declares rules with schedule or pattern, and their targets', () => {
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:saleslake-svc-local-generate';
    expect(deployment.rules).toMatchObject([
      {
        scheduleExpression: 'rate(5 minutes)',
        state: 'ENABLED',
        targets: [{ id: 'generateSchedule', arn, input: '{"count":10}' }],
      },
      {
        name: 'saleslake-svc-local-generate-rule-2',
        eventPattern: { source: ['aws.s3'], 'detail-type': ['Object Created'] },
        targets: [
          {
            arn,
            deadLetterArn: sqs('dlq'),
            retryPolicy: { maximumEventAgeSeconds: 3600, maximumRetryAttempts: 2 },
          },
        ],
      },
      {
        eventPattern: {
          source: ['aws.s3'],
          detail: {
            bucket: { name: ['saleslake-000000000000-raw'] },
            object: { key: [{ prefix: 'raw/' }] },
          },
        },
        targets: [{ id: 'q', arn: sqs('q') }],
      },
    ]);
  });

  it('declares roles with their policies', () => {
    expect(deployment.roles).toMatchObject([
      { arn: 'arn:aws:iam::000000000000:role/saleslake-svc-local-us-east-1-lambdaRole' },
    ]);
    expect(JSON.stringify(deployment.roles[0]?.policies)).toContain(
      '"Resource":"arn:aws:s3:::saleslake-000000000000-raw/raw/*"',
    );
  });

  it('has outputs, and exports for other stacks', () => {
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:saleslake-svc-local-transform:1';
    expect(deployment.outputs['svc-local']?.TransformLambdaFunctionQualifiedArn).toBe(arn);
    expect(
      deployment.exports.get('sls-saleslake-svc-local-TransformLambdaFunctionQualifiedArn'),
    ).toEqual({ stackName: 'svc-local', value: arn });
  });
});

describe('the catalog', () => {
  it('has databases, tables, crawlers and workgroups', () => {
    const { catalog } = planned({
      Database: {
        Type: 'AWS::Glue::Database',
        Properties: { CatalogId: '1', DatabaseInput: { Name: 'lake', Description: 'Sales.' } },
      },
      Table: {
        Type: 'AWS::Glue::Table',
        Properties: {
          CatalogId: '1',
          DatabaseName: { Ref: 'Database' },
          TableInput: {
            Name: 'sales',
            TableType: 'EXTERNAL_TABLE',
            Parameters: { 'projection.enabled': true },
            PartitionKeys: [{ Name: 'year', Type: 'int' }],
            StorageDescriptor: {
              Columns: [{ Name: 'price', Type: 'decimal(10,2)', Comment: 'Of one.' }],
              Location: 's3://curated/sales/',
              SerdeInfo: { SerializationLibrary: 'parquet', Parameters: { a: 1 } },
            },
          },
        },
      },
      Crawler: {
        Type: 'AWS::Glue::Crawler',
        Properties: {
          Name: 'c',
          Role: 'r',
          DatabaseName: { Ref: 'Database' },
          Targets: { S3Targets: [{ Path: 's3://curated/' }] },
        },
      },
      Workgroup: {
        Type: 'AWS::Athena::WorkGroup',
        Properties: {
          Name: 'w',
          WorkGroupConfiguration: {
            BytesScannedCutoffPerQuery: 10_000_000_000,
            ResultConfiguration: { OutputLocation: 's3://results/' },
          },
        },
      },
    });
    expect(catalog).toEqual({
      databases: [{ name: 'lake', description: 'Sales.' }],
      tables: [
        {
          databaseName: 'lake',
          name: 'sales',
          tableType: 'EXTERNAL_TABLE',
          parameters: { 'projection.enabled': 'true' },
          partitionKeys: [{ name: 'year', type: 'int' }],
          columns: [{ name: 'price', type: 'decimal(10,2)', comment: 'Of one.' }],
          location: 's3://curated/sales/',
          serde: { library: 'parquet', parameters: { a: '1' } },
        },
      ],
      crawlers: [{ name: 'c', databaseName: 'lake', s3Paths: ['s3://curated/'] }],
      workgroups: [
        {
          name: 'w',
          state: 'ENABLED',
          outputLocation: 's3://results/',
          bytesScannedCutoff: 10_000_000_000,
          enforceConfiguration: true,
        },
      ],
    });
  });
});

describe('several stacks', () => {
  const exporting = { Outputs: { Name: { Value: 'raw', Export: { Name: 'lake-raw' } } } };

  it('import what others export', () => {
    const deployment = emptyDeployment();
    plan(deployment, {}, exporting, 'lake');
    const BucketName = { 'Fn::Sub': ['${raw}-2', { raw: { 'Fn::ImportValue': 'lake-raw' } }] };
    plan(deployment, { B: { Type: 'AWS::S3::Bucket', Properties: { BucketName } } }, {}, 'other');
    expect(deployment.buckets).toEqual([{ name: 'raw-2', eventBridge: false }]);
  });

  it('may not export the same name', () => {
    const deployment = emptyDeployment();
    plan(deployment, {}, exporting, 'lake');
    expect(() => plan(deployment, {}, exporting, 'other')).toThrow(
      'services/other: output Name exports lake-raw, as lake-local does already',
    );
  });
});

describe('a role', () => {
  it('has the policies that stand apart from it', () => {
    const PolicyDocument = { Statement: [] };
    const { roles } = planned({
      Policy: {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyName: 'p', PolicyDocument, Roles: [{ Ref: 'Role' }] },
      },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: { RoleName: 'r', Path: '/x/', AssumeRolePolicyDocument: {} },
      },
    });
    expect(roles).toEqual([
      { name: 'r', arn: 'arn:aws:iam::000000000000:role/x/r', policies: [PolicyDocument] },
    ]);
  });
});

describe('a resource without a name', () => {
  it('has the same made-up name each time, and another in another stack', () => {
    const queue = { Q: { Type: 'AWS::SQS::Queue' } };
    const first = planned(queue).queues[0]?.name;
    const deployment = emptyDeployment();
    plan(deployment, queue, {}, 'other');
    expect(first).toMatch(/^x-local-Q-[0-9a-f]{12}$/);
    expect(planned(queue).queues[0]?.name).toBe(first);
    expect(deployment.queues[0]?.name).toMatch(/^other-local-Q-/);
  });
});

describe('what cannot be deployed here', () => {
  const queue = (Properties: Record<string, unknown>): TemplateResource => ({
    Type: 'AWS::SQS::Queue',
    Properties,
  });
  const lambda = (Properties: Record<string, unknown>): TemplateResource => ({
    Type: 'AWS::Lambda::Function',
    Properties: {
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: 'r',
      Code: { ZipFile: '' },
      ...Properties,
    },
  });

  it.each<[string, Record<string, TemplateResource>, RegExp]>([
    [
      'an unknown type',
      { Topic: { Type: 'AWS::IoT::TopicRule' } },
      /^services\/x: resource Topic has type AWS::IoT::TopicRule, which the local AWS does not know; it knows: .*AWS::SQS::Queue/,
    ],
    [
      'a property without emulation',
      { B: { Type: 'AWS::S3::Bucket', Properties: { WebsiteConfiguration: {} } } },
      /resource B \(AWS::S3::Bucket\) has the property WebsiteConfiguration, which/,
    ],
    ['a FIFO queue', { Q: queue({ FifoQueue: true }) }, /resource Q .* is a FIFO queue/],
    [
      'a versioned bucket',
      {
        B: {
          Type: 'AWS::S3::Bucket',
          Properties: { VersioningConfiguration: { Status: 'Enabled' } },
        },
      },
      /enables versioning/,
    ],
    ['another runtime', { F: lambda({ Runtime: 'python3.13' }) }, /Runtime python3\.13/],
    ['layers', { F: lambda({ Layers: ['l'] }) }, /the property Layers/],
    [
      'a stream as event source',
      {
        F: lambda({ FunctionName: 'f' }),
        M: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: { EventSourceArn: 'arn:aws:kinesis:::s', FunctionName: { Ref: 'F' } },
        },
      },
      /source arn:aws:kinesis:::s; the local AWS maps SQS queues only/,
    ],
    [
      'a filter on an event source',
      {
        F: lambda({ FunctionName: 'f' }),
        Q: queue({}),
        M: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: {
            EventSourceArn: { 'Fn::GetAtt': ['Q', 'Arn'] },
            FunctionName: { Ref: 'F' },
            FilterCriteria: {},
          },
        },
      },
      /the property FilterCriteria/,
    ],
    [
      'another bus',
      { R: { Type: 'AWS::Events::Rule', Properties: { EventBusName: 'sales' } } },
      /event bus sales/,
    ],
    [
      'a managed policy',
      {
        R: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: {},
            ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
          },
        },
      },
      /managed policy .*AdministratorAccess/,
    ],
    [
      'a circle',
      {
        A: queue({ QueueName: { Ref: 'B' } }),
        B: { ...queue({}), DependsOn: ['C'] },
        C: queue({ QueueName: { 'Fn::GetAtt': ['A', 'QueueName'] } }),
      },
      /^services\/x: depends on itself in a circle: A → B → C → A$/,
    ],
  ])('%s', (_, resources, message) => {
    expect(() => planned(resources)).toThrow(message);
  });

  it('a section such as Transform', () => {
    expect(() => planned({}, { Transform: 'AWS::Serverless' } as object)).toThrow(
      'services/x has the section Transform',
    );
  });
});

describe('a condition', () => {
  it('keeps a resource and an output from being deployed', () => {
    const deployment = planned(
      { Q: { Type: 'AWS::SQS::Queue', Condition: 'Never' } },
      {
        Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
        Outputs: { Url: { Value: { Ref: 'Q' }, Condition: 'Never' } },
      },
    );
    expect(deployment.queues).toEqual([]);
    expect(deployment.outputs).toEqual({ 'x-local': {} });
  });
});
