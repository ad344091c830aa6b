import { rmSync } from 'node:fs';
import { S3Client } from '@aws-sdk/client-s3';
import type { Template } from '../../src/cloudformation/template';
import type { Activity } from '../../src/core/aws-context';
import { realClock, type Clock } from '../../src/core/clock';
import type { FaultRule } from '../../src/faults/faults';
import { startLocalAws, type LocalAws } from '../../src/local-aws';
import { freshStateDir } from '../support/state-dir';

export const SEED = 42;
export const BUCKET = 'sales';

// Puts as many objects as it is asked for, one after the other, by the real SDK.
const WORK = `
const { PutObjectCommand, S3Client } =
  require(${JSON.stringify(require.resolve('@aws-sdk/client-s3'))});
const s3 = new S3Client({ forcePathStyle: true });
exports.handler = async ({ puts, name }) => {
  for (let i = 1; i <= puts; i += 1) {
    const Key = name + '/' + i;
    await s3.send(new PutObjectCommand({ Bucket: '${BUCKET}', Key, Body: 'x' }));
  }
  return 'done';
};`;

const EVERYTHING = {
  PolicyName: 'everything',
  PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
};

const arn = (id: string): object => ({ 'Fn::GetAtt': [id, 'Arn'] });

const TEMPLATE: Template = {
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: 'worker', AssumeRolePolicyDocument: {}, Policies: [EVERYTHING] },
    },
    Work: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'work',
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Timeout: 10,
        Role: arn('Role'),
        Code: { ZipFile: WORK },
      },
    },
    Orders: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders' } },
    OrdersPolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Orders' }],
        PolicyDocument: {
          Statement: {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: arn('Orders'),
          },
        },
      },
    },
    ToQueue: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['shop'] },
        Targets: [{ Id: 'orders', Arn: arn('Orders') }],
      },
    },
    ToFunction: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['robot'] },
        Targets: [{ Id: 'work', Arn: arn('Work'), InputPath: '$.detail' }],
      },
    },
    MayInvoke: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: 'work',
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: arn('ToFunction'),
      },
    },
    Sales: { Type: 'AWS::S3::Bucket', Properties: { BucketName: BUCKET } },
    Delivered: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'delivered' } },
    Clicks: {
      Type: 'AWS::KinesisFirehose::DeliveryStream',
      Properties: {
        DeliveryStreamName: 'clicks',
        DeliveryStreamType: 'DirectPut',
        ExtendedS3DestinationConfiguration: {
          BucketARN: arn('Delivered'),
          RoleARN: arn('Role'),
          Prefix: 'clicks/',
        },
      },
    },
  },
};

export interface FaultyAws {
  aws: LocalAws;
  stateDir: string;
  told: Activity[];
  /** What a client of the SDK is made with. */
  client: { endpoint: string; region: string; credentials: typeof CREDENTIALS };
  s3: S3Client;
}

const CREDENTIALS = { accessKeyId: 'AKIAPERSON', secretAccessKey: 'any' };
const ignore = (): void => undefined;
/** The SDK warns on the console of the errors that tests provoke. */
export const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };

const opened: LocalAws[] = [];
const folders: string[] = [];

/** A local AWS of its own with a function, a queue, a delivery stream, and these faults. */
export async function startFaultyAws(
  rules: FaultRule[],
  options: { stateDir?: string; clock?: Clock; working?: boolean } = {},
): Promise<FaultyAws> {
  const { stateDir = newFolder(), clock = realClock, working = true } = options;
  const told: Activity[] = [];
  const service = { name: 'test', path: 'test', folder: stateDir, stackName: 'test' };
  const aws = await startLocalAws({
    stateDir,
    port: 0,
    clock,
    working,
    tell: (activity) => told.push(activity),
    services: [{ ...service, template: TEMPLATE }],
    faults: { seed: SEED, rules },
  });
  opened.push(aws);
  const client = { endpoint: aws.endpoint, region: 'us-east-1', credentials: CREDENTIALS };
  const s3 = new S3Client({ ...client, forcePathStyle: true, maxAttempts: 1, logger: SILENT });
  return { aws, stateDir, told, client, s3 };
}

export function newFolder(): string {
  const folder = freshStateDir();
  folders.push(folder);
  return folder;
}

/** Stops one before the test ends, to start another on its state. */
export async function stop({ aws }: FaultyAws): Promise<void> {
  opened.splice(opened.indexOf(aws), 1);
  await aws.stop();
}

/** Ends all that the test file opened. */
export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((aws) => aws.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
