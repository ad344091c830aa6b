import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Template } from '../src/cloudformation/template';
import type { Activity } from '../src/core/aws-context';
import { ManualClock, realClock } from '../src/core/clock';
import { startLocalAws, type LocalAws, type LocalAwsOptions } from '../src/local-aws';
import { freshStateDir } from './support/state-dir';
import { openBrokenEndpoint } from './support/broken-endpoint';

// What arrives in the inbox is copied to the outbox, by a request that only its role signs.
const COPY = `
exports.handler = async ({ Records }) => {
  for (const { body } of Records) {
    const { detail } = JSON.parse(body);
    const response = await fetch(process.env.AWS_ENDPOINT_URL + '/outbox/' + detail.object.key, {
      method: 'PUT',
      body: 'copied ' + detail.object.size + ' bytes',
      headers: {
        authorization:
          'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID +
          '/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0',
      },
    });
    if (!response.ok) throw new Error(await response.text());
  }
};`;

// Tells of itself as services do, a while after it was called to work.
const MEASURE = `
exports.handler = async ({ work }) => {
  if (!work) return;
  await new Promise((resolve) => setTimeout(resolve, 300));
  const CloudWatchMetrics = [{ Namespace: 'test', Dimensions: [[]], Metrics: [{ Name: 'Worked' }] }];
  const document = { _aws: { Timestamp: Date.now(), CloudWatchMetrics }, Worked: 1 };
  // console.log would put time and request in front of it.
  process.stdout.write(JSON.stringify(document) + '\\n');
};`;

const arn = (id: string): object => ({ 'Fn::GetAtt': [id, 'Arn'] });

const TEMPLATE: Template = {
  Resources: {
    Inbox: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketName: 'inbox',
        NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      },
    },
    Outbox: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'outbox' } },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['aws.s3'], detail: { bucket: { name: [{ Ref: 'Inbox' }] } } },
        Targets: [{ Id: 'objects', Arn: arn('Objects') }],
      },
    },
    Objects: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'objects' } },
    ObjectsPolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Objects' }],
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: arn('Objects'),
              Condition: { ArnEquals: { 'aws:SourceArn': arn('Rule') } },
            },
          ],
        },
      },
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'copy',
        AssumeRolePolicyDocument: {},
        Policies: [
          {
            PolicyName: 'copy',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
                  Resource: arn('Objects'),
                },
                {
                  Effect: 'Allow',
                  Action: 's3:PutObject',
                  Resource: { 'Fn::Sub': '${Outbox.Arn}/*' },
                },
              ],
            },
          },
        ],
      },
    },
    Copy: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'copy',
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Timeout: 10,
        Role: arn('Role'),
        Code: { ZipFile: COPY },
      },
    },
    Measure: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'measure',
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Timeout: 10,
        Role: arn('Role'),
        Code: { ZipFile: MEASURE },
      },
    },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: arn('Objects'), FunctionName: arn('Copy') },
    },
    Tick: {
      Type: 'AWS::Events::Rule',
      Properties: {
        Name: 'tick',
        ScheduleExpression: 'rate(1 minute)',
        Targets: [{ Id: 'ticks', Arn: arn('Ticks') }],
      },
    },
    Ticks: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'ticks' } },
    TicksPolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Ticks' }],
        PolicyDocument: {
          Statement: {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: arn('Ticks'),
          },
        },
      },
    },
    Database: { Type: 'AWS::Glue::Database', Properties: { DatabaseInput: { Name: 'lake' } } },
  },
  Outputs: { Queue: { Value: { Ref: 'Objects' } } },
};

let stateDir: string;
let started: LocalAws[];
let told: Activity[];

beforeEach(() => {
  stateDir = freshStateDir();
  started = [];
  told = [];
});

afterEach(async () => {
  for (const aws of started) await aws.stop();
  rmSync(stateDir, { recursive: true });
});

async function start(more: Partial<LocalAwsOptions> = {}, template = TEMPLATE): Promise<LocalAws> {
  const service = {
    name: 'copy',
    path: 'services/copy',
    folder: stateDir,
    stackName: 'copy-local',
    template,
  };
  const aws = await startLocalAws({
    stateDir,
    port: 0,
    clock: realClock,
    // Schedules stand still unless a test moves them.
    scheduleClock: new ManualClock(Date.parse('2026-01-01T00:00:00Z')),
    tell: (activity) => told.push(activity),
    services: [service],
    ...more,
  });
  started.push(aws);
  return aws;
}

async function stop(aws: LocalAws): Promise<void> {
  started = started.filter((other) => other !== aws);
  await aws.stop();
}

const clientOf = ({ endpoint }: LocalAws) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'person', secretAccessKey: 'x' },
  forcePathStyle: true,
  maxAttempts: 1,
});

async function put(aws: LocalAws, Key: string, Body: string): Promise<void> {
  await new S3Client(clientOf(aws)).send(new PutObjectCommand({ Bucket: 'inbox', Key, Body }));
}

async function copied(aws: LocalAws, Key: string): Promise<string | undefined> {
  const client = new S3Client(clientOf(aws));
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'outbox', Key }));
  return Body?.transformToString();
}

describe('the local AWS', () => {
  it('carries an object from bucket to rule to queue to function, before and after a restart', async () => {
    const first = await start();
    await put(first, 'a.txt', 'hello');
    await first.settled();
    expect(await copied(first, 'a.txt')).toBe('copied 5 bytes');
    await stop(first);

    const second = await start();
    await put(second, 'b.txt', 'hello again');
    await second.settled();
    expect(await copied(second, 'a.txt')).toBe('copied 5 bytes');
    expect(await copied(second, 'b.txt')).toBe('copied 11 bytes');
    expect(told.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('goes on after a restart with what waited in a queue', async () => {
    const sleeping = await start({ working: false });
    await put(sleeping, 'a.txt', 'hello');
    expect(sleeping.idle()).toBe(false);
    await stop(sleeping);

    const working = await start();
    await working.settled();
    expect(await copied(working, 'a.txt')).toBe('copied 5 bytes');
  });

  it('keeps what a function measures while it is being stopped', async () => {
    const first = await start();
    // A worker that is still to be loaded could need more than the time that a stop gives.
    await first.lambda.invoke('measure', {});
    const invoked = first.lambda.invoke('measure', { work: true });
    await stop(first);
    await invoked;

    const cloudWatch = new CloudWatchClient(clientOf(await start()));
    const measured = await cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'test',
        MetricName: 'Worked',
        StartTime: new Date(Date.now() - 600_000),
        EndTime: new Date(Date.now() + 600_000),
        Period: 60,
        Statistics: ['Sum'],
      }),
    );
    expect(measured.Datapoints).toMatchObject([{ Sum: 1 }]);
  });

  it('runs schedules on a clock of their own', async () => {
    const scheduleClock = new ManualClock(Date.parse('2026-01-01T00:00:00Z'));
    const aws = await start({ scheduleClock });
    scheduleClock.advance(3 * 60_000);
    expect(aws.sqs.queues()).toContainEqual(expect.objectContaining({ name: 'ticks', visible: 3 }));
  });

  it('answers for each service by the scope of the signature', async () => {
    const aws = await start();
    const client = clientOf(aws);
    const rules = await new EventBridgeClient(client).send(new ListRulesCommand({}));
    expect(rules.Rules?.map(({ Name }) => Name)).toContain('tick');
    const identity = await new STSClient(client).send(new GetCallerIdentityCommand({}));
    expect(identity.Account).toBe('000000000000');
    const invoked = await new LambdaClient(client).send(
      new InvokeCommand({ FunctionName: 'copy', Payload: '{"Records":[]}' }),
    );
    expect(invoked.FunctionError).toBeUndefined();
    const QueueUrl = aws.outputs['copy-local']?.Queue;
    expect(QueueUrl).toBe(`${aws.endpoint}/000000000000/objects`);
    const sending = new SendMessageCommand({ QueueUrl, MessageBody: '{"no":"detail"}' });
    expect((await new SQSClient(client).send(sending)).MessageId).toBeDefined();
  });

  it('has the catalog of the templates', async () => {
    expect((await start()).glue.catalog.databases()).toMatchObject([{ name: 'lake' }]);
  });

  it.each([
    ['with a signature for another service', '/iot/', /no service iot; it has: athena,/],
    ['without a signature', undefined, /is not signed/],
  ])('refuses a request %s', async (_, service, message) => {
    const aws = await start();
    const authorization = `AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1${service}aws4_request`;
    const response = await fetch(aws.endpoint, {
      method: 'POST',
      headers: service === undefined ? {} : { authorization },
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(message);
  });

  it('answers that it is up, and passes on what happens', async () => {
    const aws = await start();
    const health = await fetch(`${aws.endpoint}/_saleslake/health`);
    expect(await health.json()).toEqual({ status: 'ok', pid: process.pid });

    const following = await fetch(`${aws.endpoint}/_saleslake/activity`);
    const lines = following.body?.pipeThrough(new TextDecoderStream()).getReader();
    await new S3Client(clientOf(aws)).send(new CreateBucketCommand({ Bucket: 'more' }));
    await put(aws, 'a.txt', 'hello');
    const line = (await lines?.read())?.value?.split('\n')[0] ?? '';
    expect(JSON.parse(line)).toMatchObject({ service: expect.any(String) as string });
    await lines?.cancel();
    await aws.settled();
  });

  it('sends the invocations of a function elsewhere when told to', async () => {
    const aws = await start();
    const redirect = `${aws.endpoint}/_saleslake/functions/copy/redirect`;
    const invoke = new InvokeCommand({ FunctionName: 'copy', Payload: '{"Records":[]}' });
    const lambda = new LambdaClient(clientOf(aws));
    const { endpoint, close } = await openBrokenEndpoint();
    const body = JSON.stringify({ endpoint });
    expect((await fetch(redirect, { method: 'PUT', body })).status).toBe(200);
    await expect(lambda.send(invoke)).rejects.toThrow(`redirected to ${endpoint}`);
    close();
    expect((await fetch(redirect, { method: 'DELETE' })).status).toBe(200);
    expect((await lambda.send(invoke)).FunctionError).toBeUndefined();
  });

  it('refuses a redirect to no endpoint', async () => {
    const aws = await start();
    const redirect = `${aws.endpoint}/_saleslake/functions/copy/redirect`;
    const response = await fetch(redirect, { method: 'PUT', body: '{"endpoint":"there"}' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('Expected {\\"endpoint\\"');
  });
});

describe('starting the local AWS', () => {
  it('is refused where the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(start({ port })).rejects.toThrow(`Port ${port} is in use`);
    other.close();
  });

  it('is refused where another runs on the same state', async () => {
    await start();
    await expect(start()).rejects.toThrow(/is in use by another local AWS, process \d+/);
  });

  it('is possible where another was killed on the same state', async () => {
    // No process has an id beyond the largest that Linux gives.
    writeFileSync(join(stateDir, 'lock'), '4194305');
    await start();
    expect(readFileSync(join(stateDir, 'lock'), 'utf8')).toBe(String(process.pid));
  });

  it('is refused where the role of a function may not read the queue mapped to it', async () => {
    const policies = { ...TEMPLATE.Resources.Role?.Properties, Policies: [] };
    const Role = { Type: 'AWS::IAM::Role', Properties: policies };
    const resources = { ...TEMPLATE.Resources, Role };
    await expect(start({}, { Resources: resources })).rejects.toThrow(
      /services\/copy: resource Mapping .* needs sqs:ReceiveMessage in the function's role/,
    );
  });

  it('leaves port and state free where a template cannot be deployed', async () => {
    const topic = { Resources: { T: { Type: 'AWS::IoT::TopicRule' } } };
    await expect(start({}, topic)).rejects.toThrow(/services\/copy: resource T has type AWS::IoT/);
    await expect(start()).resolves.toBeDefined();
  });
});
