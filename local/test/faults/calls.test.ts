import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AthenaClient, ListWorkGroupsCommand } from '@aws-sdk/client-athena';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { FirehoseClient, ListDeliveryStreamsCommand } from '@aws-sdk/client-firehose';
import { GetDatabasesCommand, GlueClient } from '@aws-sdk/client-glue';
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { ManualClock } from '../../src/core/clock';
import { until } from '../support/until';
import { BUCKET, closeAll, SILENT, startFaultyAws, type FaultyAws } from './faulty-aws';

interface SdkError {
  name: string;
  $metadata?: { httpStatusCode?: number };
}

async function errorOf(call: Promise<unknown>): Promise<SdkError> {
  return call.then(
    () => {
      throw new Error('The call succeeded.');
    },
    (error: SdkError) => error,
  );
}

const put = (Key: string, Body = 'x') => new PutObjectCommand({ Bucket: BUCKET, Key, Body });
const get = (Key: string) => new GetObjectCommand({ Bucket: BUCKET, Key });

/** Looks at the files, for a request would meet faults. */
function holds({ aws }: FaultyAws, key: string): boolean {
  return existsSync(join(aws.s3.bucketFolder(BUCKET), key));
}

/** One call to each service that needs nothing to be there. */
const SERVICES: {
  on: string;
  throttle: string;
  status: number;
  call: (config: FaultyAws['client'] & { maxAttempts?: number; logger: typeof SILENT }) => Promise<{
    $metadata: { attempts?: number };
  }>;
}[] = [
  {
    on: 's3:ListBuckets',
    throttle: 'SlowDown',
    status: 503,
    call: (config) => new S3Client(config).send(new ListBucketsCommand({})),
  },
  {
    on: 'sqs:ListQueues',
    throttle: 'RequestThrottled',
    status: 403,
    call: (config) => new SQSClient(config).send(new ListQueuesCommand({})),
  },
  {
    on: 'dynamodb:ListTables',
    throttle: 'ProvisionedThroughputExceededException',
    status: 400,
    call: (config) => new DynamoDBClient(config).send(new ListTablesCommand({})),
  },
  {
    on: 'kinesis:ListStreams',
    throttle: 'ProvisionedThroughputExceededException',
    status: 400,
    call: (config) => new KinesisClient(config).send(new ListStreamsCommand({})),
  },
  {
    on: 'firehose:ListDeliveryStreams',
    throttle: 'ServiceUnavailableException',
    status: 503,
    call: (config) => new FirehoseClient(config).send(new ListDeliveryStreamsCommand({})),
  },
  {
    on: 'lambda:ListFunctions',
    throttle: 'TooManyRequestsException',
    status: 429,
    call: (config) => new LambdaClient(config).send(new ListFunctionsCommand({})),
  },
  {
    on: 'athena:ListWorkGroups',
    throttle: 'TooManyRequestsException',
    status: 400,
    call: (config) => new AthenaClient(config).send(new ListWorkGroupsCommand({})),
  },
  {
    on: 'glue:GetDatabases',
    throttle: 'ThrottlingException',
    status: 400,
    call: (config) => new GlueClient(config).send(new GetDatabasesCommand({})),
  },
  {
    on: 'events:ListRules',
    throttle: 'ThrottlingException',
    status: 400,
    call: (config) => new EventBridgeClient(config).send(new ListRulesCommand({})),
  },
  {
    on: 'sts:GetCallerIdentity',
    throttle: 'Throttling',
    status: 400,
    call: (config) => new STSClient(config).send(new GetCallerIdentityCommand({})),
  },
];

describe('a throttled call', () => {
  let faulty: FaultyAws;
  beforeAll(async () => {
    faulty = await startFaultyAws([
      { on: '*', nth: 1, fault: 'throttle' },
      { on: '*', nth: 2, fault: 'throttle' },
    ]);
  });
  afterAll(closeAll);

  it.each(SERVICES)('$on is $throttle, which the SDK tries again', async (service) => {
    const { throttle, status, call } = service;
    const config = { ...faulty.client, logger: SILENT };
    const refused = await errorOf(call({ ...config, maxAttempts: 1 }));
    expect([refused.name, refused.$metadata?.httpStatusCode]).toEqual([throttle, status]);
    expect((await call(config)).$metadata.attempts).toBe(2);
  });

  it('does not take place', async () => {
    await errorOf(faulty.s3.send(put('a')));
    expect(holds(faulty, 'a')).toBe(false);
  });
});

describe('a call that meets an error of the service', () => {
  let faulty: FaultyAws;
  beforeAll(async () => {
    faulty = await startFaultyAws([
      { on: 's3:PutObject', subject: 'b', fault: 'error-after' },
      { on: '*', nth: 1, fault: 'error' },
      { on: '*', nth: 2, fault: 'error' },
    ]);
  });
  afterAll(closeAll);

  it.each(SERVICES)('$on is a 500, which the SDK tries again', async ({ call }) => {
    const config = { ...faulty.client, logger: SILENT };
    const refused = await errorOf(call({ ...config, maxAttempts: 1 }));
    expect(refused.$metadata?.httpStatusCode).toBe(500);
    expect((await call(config)).$metadata.attempts).toBe(2);
  });

  it('has not taken place', async () => {
    const error = await errorOf(faulty.s3.send(put('a')));
    expect(error).toMatchObject({ name: 'InternalError' });
    expect(holds(faulty, 'a')).toBe(false);
  });

  it('has taken place where the error comes after', async () => {
    const error = await errorOf(faulty.s3.send(put('b')));
    expect(error).toMatchObject({ name: 'InternalError' });
    expect(holds(faulty, 'b')).toBe(true);
  });
});

describe('a connection', () => {
  afterEach(closeAll);

  it('is cut before the call takes place', async () => {
    const faulty = await startFaultyAws([{ on: 's3:PutObject', fault: 'hang-up' }]);
    const error = await errorOf(faulty.s3.send(put('a')));
    expect(error.$metadata?.httpStatusCode).toBeUndefined();
    expect(holds(faulty, 'a')).toBe(false);
  });

  it('is cut after the call has taken place', async () => {
    const faulty = await startFaultyAws([{ on: 's3:PutObject', fault: 'hang-up-after' }]);
    const error = await errorOf(faulty.s3.send(put('a')));
    expect(error.$metadata?.httpStatusCode).toBeUndefined();
    expect(holds(faulty, 'a')).toBe(true);
  });

  it('is cut amid an object', async () => {
    const { s3 } = await startFaultyAws([{ on: 's3:GetObject', nth: 1, fault: 'truncate' }]);
    const text = 'text'.repeat(50_000);
    await s3.send(put('a', text));
    const { Body, ContentLength } = await s3.send(get('a'));
    expect(ContentLength).toBe(text.length);
    await expect(Body!.transformToString()).rejects.toThrow('aborted');
    const again = await s3.send(get('a'));
    expect(await again.Body!.transformToString()).toBe(text);
  });

  it('is cut amid an answer, which the SDK asks for again', async () => {
    const { client } = await startFaultyAws([
      { on: 'sqs:GetQueueUrl', subject: 'orders', nth: 1, fault: 'truncate' },
    ]);
    const sqs = new SQSClient({ ...client, logger: SILENT });
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'orders' }));
    expect(QueueUrl).toBe(`${client.endpoint}/000000000000/orders`);
  });

  it('over HTTP/2 is cut after a record was taken, which the SDK puts again', async () => {
    const { client } = await startFaultyAws([
      { on: 'kinesis:PutRecord', subject: 'clicks', nth: 1, fault: 'hang-up-after' },
    ]);
    const kinesis = new KinesisClient({ ...client, logger: SILENT });
    const StreamName = 'clicks';
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
    const Data = Buffer.from('click');
    await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'k', Data }));
    const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({
        StreamName,
        ShardId: Shards[0]!.ShardId,
        ShardIteratorType: 'TRIM_HORIZON',
      }),
    );
    const { Records } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records).toHaveLength(2);
  });
});

describe('a delayed call', () => {
  afterEach(closeAll);

  it('takes place after so much time of the clock', async () => {
    const clock = new ManualClock(Date.now());
    const faulty = await startFaultyAws([{ on: 's3:PutObject', fault: 'delay 30s' }], { clock });
    const answered = faulty.s3.send(put('a'));
    await until(() => faulty.told.some(({ service }) => service === 'faults'));
    clock.advance(29_999);
    expect(holds(faulty, 'a')).toBe(false);
    clock.advance(1);
    await answered;
    expect(holds(faulty, 'a')).toBe(true);
  });
});

describe('a rule', () => {
  afterEach(closeAll);

  it('looks at the keys that its subject matches', async () => {
    const { s3 } = await startFaultyAws([
      { on: 's3:PutObject', subject: 'processed/*', fault: 'error' },
    ]);
    await s3.send(put('raw/a'));
    await errorOf(s3.send(put('processed/a')));
  });

  it('looks at people where that is its caller', async () => {
    const { s3 } = await startFaultyAws([{ on: 's3:PutObject', caller: 'people', fault: 'error' }]);
    await errorOf(s3.send(put('a')));
  });

  it('looks at no people where its caller is a function', async () => {
    const { s3 } = await startFaultyAws([{ on: 's3:PutObject', caller: 'work', fault: 'error' }]);
    await s3.send(put('a'));
  });
});

describe('while it runs', () => {
  afterEach(closeAll);

  const plan = (fault: string) => JSON.stringify({ rules: [{ on: 's3:PutObject', fault }] });

  it('the local AWS takes a plan, and ends it', async () => {
    const { s3, client } = await startFaultyAws([]);
    const url = `${client.endpoint}/_saleslake/faults`;
    expect(await (await fetch(url, { method: 'POST', body: plan('error') })).json()).toEqual({
      rules: 1,
    });
    await errorOf(s3.send(put('a')));
    await fetch(url, { method: 'DELETE' });
    await s3.send(put('a'));
  });

  it('the local AWS refuses a plan that is none', async () => {
    const { client } = await startFaultyAws([]);
    const url = `${client.endpoint}/_saleslake/faults`;
    const answer = await fetch(url, { method: 'POST', body: plan('oops') });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { message: expect.stringMatching(/^The plan: rule 1: fault is "oops"/) as string },
    ]);
  });
});
