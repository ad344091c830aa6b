import type { ServerResponse } from 'node:http';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { glueTable } from '@saleslake/shared/catalog/glue-table';
import { findTable } from '@saleslake/shared/tables/index';
import type { GlueTable } from '../../src/cloudformation/catalog';
import type { Measure } from '../../src/cloudwatch/metric-datum';
import type { Activity, AwsContext } from '../../src/core/aws-context';
import type { AwsRequest, ServiceHandler } from '../../src/core/aws-request';
import { ManualClock } from '../../src/core/clock';
import { serveAws } from '../../src/core/http-server';
import type { DeliveryStreamConfig } from '../../src/firehose/delivery-stream-config';
import { openFirehose, type Firehose } from '../../src/firehose/firehose';
import { openIam, type PolicyDocument } from '../../src/iam/iam';
import { openKinesis } from '../../src/kinesis/kinesis';
import type { KinesisStream } from '../../src/kinesis/shard-reader';
import { openLambda } from '../../src/lambda/lambda';
import { openS3 } from '../../src/s3/s3';
import {
  closeAll as closeFolders,
  functionOf,
  newFolder,
  ROLE as FUNCTION_ROLE,
} from '../lambda/harness';

export { newFolder } from '../lambda/harness';

export const START = Date.parse('2026-01-02T03:04:05.000Z');
export const ROLE = 'arn:aws:iam::123456789012:role/firehose';
export const STREAM_ARN = 'arn:aws:kinesis:us-east-1:123456789012:stream/orders';
const BUCKET = 'lake';
const EVERYTHING: PolicyDocument = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };

/** A function that passes records on as they are. */
export const PASS = `exports.handler = async (event) => ({
  records: event.records.map(({ recordId, data }) => ({ recordId, data, result: 'Ok' })),
});`;

export interface Options {
  stateDir?: string;
  clock?: ManualClock;
  region?: string;
  /** Of the data stream; 24 where none is given. */
  retentionHours?: number;
  destination?: Partial<DeliveryStreamConfig['destination']>;
  source?: DeliveryStreamConfig['source'];
  /** The code of the function `fn`, which then transforms the records. */
  transformer?: string;
  lambda?: Partial<NonNullable<DeliveryStreamConfig['destination']['lambda']>>;
  functionTimeoutSeconds?: number;
  tables?: GlueTable[];
  measure?: Measure;
  /** Sees requests to S3 before they are answered; what it returns true for it answers itself. */
  intercept?: (request: AwsRequest, response: ServerResponse, s3: ServiceHandler) => boolean;
}

export interface LocalFirehose {
  endpoint: string;
  firehose: Firehose;
  client: FirehoseClient;
  s3: S3Client;
  clock: ManualClock;
  /** The data stream `orders`, of two shards. */
  kinesis: KinesisStream;
  stateDir: string;
  told: Activity[];
  /** What the role of the stream may do, which is everything. */
  policies: (...policies: PolicyDocument[]) => void;
  put: (...records: (string | Buffer)[]) => Promise<void>;
  /** Bodies of the objects by key. */
  objects: () => Promise<Record<string, Buffer>>;
  /** Ends it, as an orderly process would. */
  close: () => Promise<void>;
  /** Leaves it as it is and cuts its connections: no more of it reaches S3. */
  kill: () => Promise<void>;
}

const opened: LocalFirehose[] = [];

/** A stream `sales` over a bucket of its own, with time held; `closeAll` ends it. */
export async function openLocalFirehose(options: Options = {}): Promise<LocalFirehose> {
  const { region = 'us-east-1', clock = new ManualClock(START), stateDir = newFolder() } = options;
  const iam = openIam();
  iam.createRole({ arn: ROLE, policies: [EVERYTHING] });
  iam.createRole({ arn: FUNCTION_ROLE, policies: [EVERYTHING] });
  const told: Activity[] = [];
  const faults: unknown[] = [];
  let endpoint = '';
  const context: AwsContext = {
    accountId: '123456789012',
    region,
    clock,
    stateDir,
    endpoint: () => endpoint,
    tell: (activity) => told.push(activity),
    authorize: (key, action, arn) => iam.authorize(key, action, arn),
  };
  const s3 = openS3(context, () => undefined);
  s3.createBucket({ name: BUCKET, eventBridge: false });
  s3.createBucket({ name: 'backup', eventBridge: false });
  s3.recover();
  const kinesis = openKinesis(context);
  kinesis.createStream({
    name: 'orders',
    arn: STREAM_ARN.replace('us-east-1', region),
    shardCount: 2,
    onDemand: false,
    retentionHours: options.retentionHours ?? 24,
  });
  const lambda = openLambda(context, {
    credentialsFor: (role) => iam.credentialsFor(role),
    deliver: () => undefined,
    graceMs: 50,
  });
  const clients: { destroy(): void }[] = [];
  const s3Client = (accessKeyId: string): S3Client => {
    const credentials = { accessKeyId, secretAccessKey: 'any' };
    const made = new S3Client({
      endpoint,
      region,
      credentials,
      forcePathStyle: true,
      maxAttempts: 1,
    });
    clients.push(made);
    return made;
  };
  const firehose = openFirehose(context, {
    invokeFunction: (arn, payload) => lambda.invoke(arn, payload),
    kinesisStream: (arn) => kinesis.stream(arn),
    glueTable: (database, name) =>
      options.tables?.find((table) => table.databaseName === database && table.name === name),
    measure: options.measure,
    s3Client: (roleArn) => s3Client(iam.credentialsFor(roleArn).accessKeyId),
    authorizeRole: (roleArn, action, arn) =>
      iam.authorize(iam.credentialsFor(roleArn).accessKeyId, action, arn),
  });
  const server = await serveAws(
    0,
    ({ service }) =>
      async (request, response) => {
        if (service === 'firehose') return firehose.handler(request, response);
        if (options.intercept?.(request, response, s3.handler)) return;
        await s3.handler(request, response);
      },
    (error) => faults.push(error),
  );
  endpoint = `http://127.0.0.1:${server.port}`;
  const config = streamConfig(options);
  if (options.transformer !== undefined) {
    const config = functionOf(options.transformer);
    lambda.createFunction({ ...config, timeoutSeconds: options.functionTimeoutSeconds ?? 10 });
  }
  firehose.createDeliveryStream(config);
  firehose.start();
  const client = new FirehoseClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'AKIAPERSON', secretAccessKey: 'any' },
    maxAttempts: 1,
  });
  const person = s3Client('AKIAPERSON');
  clients.push(client);
  let closed: Promise<void> | undefined;
  const local: LocalFirehose = {
    endpoint,
    firehose,
    client,
    s3: person,
    clock,
    kinesis: kinesis.stream('orders'),
    stateDir,
    told,
    policies: (...policies) => iam.createRole({ arn: ROLE, policies }),
    async put(...records) {
      const Records = records.map((record) => ({ Data: Buffer.from(record as string) }));
      const put = new PutRecordBatchCommand({ DeliveryStreamName: 'sales', Records });
      expect((await client.send(put)).FailedPutCount).toBe(0);
    },
    async objects() {
      const bodies: Record<string, Buffer> = {};
      for (const Bucket of [BUCKET, 'backup']) {
        for await (const page of paginateListObjectsV2({ client: person }, { Bucket })) {
          for (const { Key = '' } of page.Contents ?? []) {
            const { Body } = await person.send(new GetObjectCommand({ Bucket, Key }));
            bodies[Key] = Buffer.from(await Body!.transformToByteArray());
          }
        }
      }
      return bodies;
    },
    kill() {
      closed ??= (async () => {
        for (const each of clients) each.destroy();
        await server.close();
        await lambda.stop();
      })();
      return closed;
    },
    close() {
      closed ??= (async () => {
        await firehose.stop();
        await lambda.stop();
        kinesis.close();
        for (const each of clients) each.destroy();
        await server.close();
        expect(faults).toEqual([]);
      })();
      return closed;
    },
  };
  opened.push(local);
  return local;
}

export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((local) => local.close()));
  await closeFolders();
}

export function streamConfig(options: Options = {}): DeliveryStreamConfig {
  return {
    where: 'services/test: Stream (AWS::KinesisFirehose::DeliveryStream)',
    name: 'sales',
    arn: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/sales',
    source: options.source ?? { kind: 'DirectPut' },
    destination: {
      bucketArn: `arn:aws:s3:::${BUCKET}`,
      roleArn: ROLE,
      prefix: 'data/',
      errorOutputPrefix: 'errors/!{firehose:error-output-type}/',
      bufferSizeMb: 5,
      bufferIntervalSeconds: 300,
      compression: 'UNCOMPRESSED',
      customTimeZone: 'UTC',
      dynamicPartitioning: { enabled: false, retryDurationSeconds: 300 },
      appendDelimiter: false,
      lambda:
        options.transformer === undefined
          ? undefined
          : {
              functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:fn',
              numberOfRetries: 0,
              bufferSizeMb: 1,
              bufferIntervalSeconds: 60,
              ...options.lambda,
            },
      ...options.destination,
    },
  };
}

/** A contract's table as the catalog has it. */
export function catalogTable(name: string): GlueTable {
  const table = glueTable(findTable(name)!, `s3://lake/processed/${name}/`);
  const columns = (from: typeof table.PartitionKeys) =>
    from.map(({ Name, Type, Comment }) => ({ name: Name, type: Type, comment: Comment }));
  return {
    databaseName: 'saleslake',
    name,
    parameters: table.Parameters,
    columns: columns(table.StorageDescriptor.Columns),
    partitionKeys: columns(table.PartitionKeys),
  };
}

/** Each object of the keys that begin with `prefix`, as text, in the order of the keys. */
export function texts(objects: Record<string, Buffer>, prefix: string): string[] {
  return Object.keys(objects)
    .filter((key) => key.startsWith(prefix))
    .sort()
    .map((key) => objects[key]!.toString('utf8'));
}

/** The lines of an error output. */
export function errorLines(
  objects: Record<string, Buffer>,
  type: string,
): Record<string, unknown>[] {
  return texts(objects, `errors/${type}/`).flatMap((text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  );
}
