import { join } from 'node:path';
import { DeleteStreamCommand } from '@aws-sdk/client-kinesis';
import { AwsError } from '../../src/core/aws-error';
import { serveAws } from '../../src/core/http-server';
import { openShardLog } from '../../src/core/shard-log';
import type { StreamRecord, TableStream } from '../../src/dynamodb/table-stream';
import { openKinesis } from '../../src/kinesis/kinesis';
import type { PipeConfig } from '../../src/pipes/pipe-config';
import { openPipes, type PipeConnections, type Pipes } from '../../src/pipes/pipes';
import { openSqs } from '../../src/sqs/sqs';
import { kinesisClient, streamArn, streamConfig } from '../kinesis/local-kinesis';
import { ACCOUNT, arnOf as queueArn, localContext, queueConfig } from '../sqs/local-sqs';
import { freshStateDir } from '../support/state-dir';

export const TABLE_STREAM_ARN = `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/orders/stream/2025`;
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/pipe`;
export const FUNCTION_ARN = `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:handler`;
export const TABLE_SHARD = 'shardId-00000001736942400000-0a1b2c3d';

type Invoked = Awaited<ReturnType<PipeConnections['invokeFunction']>>;

/** A table's stream over a log: only its records matter to a pipe, not how the table is made. */
export interface TestTable extends TableStream {
  insert(orderId: string, more?: Record<string, unknown>): void;
  trim(position: number): void;
}

function openTable(path: string, now: () => number): TestTable {
  const log = openShardLog<StreamRecord>(path);
  return {
    arn: TABLE_STREAM_ARN,
    tableName: 'orders',
    shardIds: () => [TABLE_SHARD],
    read: (_, position, limit) =>
      log.read(position, limit).map((entry) => ({ position: entry.position, record: entry.value })),
    end: () => log.end(),
    onChange: (listener) => log.onAppend(listener),
    trim: (position) => log.trim(position),
    insert(orderId, more = {}) {
      const Keys = { orderId: { S: orderId } };
      const record: StreamRecord = {
        eventID: `event-${log.end()}`,
        eventName: 'INSERT',
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: 'eu-central-1',
        dynamodb: {
          ApproximateCreationDateTime: Math.floor(now() / 1000),
          Keys,
          NewImage: { ...Keys, ...more },
          SequenceNumber: String(1000 + log.end()),
          SizeBytes: 10,
          StreamViewType: 'NEW_AND_OLD_IMAGES',
        },
        eventSourceARN: TABLE_STREAM_ARN,
      };
      log.append([record], now());
    },
  };
}

/** A pipe from the table's stream to the data stream `target`, one record a batch's part. */
export function pipeConfig(changed: Partial<PipeConfig> = {}): PipeConfig {
  return {
    where: 'services/orders: resource Pipe',
    name: 'orders',
    arn: `arn:aws:pipes:eu-central-1:${ACCOUNT}:pipe/orders`,
    roleArn: ROLE_ARN,
    desiredState: 'RUNNING',
    sourceArn: TABLE_STREAM_ARN,
    filters: [],
    batchSize: 10,
    maximumBatchingWindowSeconds: 0,
    startingPosition: 'TRIM_HORIZON',
    maximumRetryAttempts: -1,
    maximumRecordAgeSeconds: -1,
    bisectBatchOnFunctionError: false,
    parallelizationFactor: 1,
    deadLetterArn: queueArn('dlq'),
    targetArn: streamArn('target'),
    partitionKey: '$.dynamodb.Keys.orderId.S',
    ...changed,
  };
}

export const toFunction = { targetArn: FUNCTION_ARN, partitionKey: undefined };
export const toQueue = { targetArn: queueArn('out'), partitionKey: undefined };
export const fromKinesis = { sourceArn: streamArn('source') };

/**
 * Pipes between a table's stream, the local Kinesis and the local SQS, with time held. `restart`
 * makes what a new process would: everything is opened anew over the same state.
 */
export function startPipes(sourceShards = 1) {
  const stateDir = freshStateDir();
  const { context, clock, told } = localContext(stateDir);
  const kinesis = openKinesis(context);
  kinesis.createStream(streamConfig('source', { shardCount: sourceShards, onDemand: true }));
  kinesis.createStream(streamConfig('target', { onDemand: true }));
  const sqs = openSqs(context);
  for (const name of ['dlq', 'out']) sqs.createQueue(queueConfig(name));
  const table = openTable(join(stateDir, 'table.log'), () => clock.now());
  const invocations: { eventID: string }[][] = [];

  const connections: PipeConnections = {
    tableStream: () => table,
    kinesisStream: (arn) => kinesis.stream(arn),
    sendToQueue: (arn, body) => sqs.send(arn, body),
    invokeFunction: () => Promise.resolve({ payload: null }),
    authorizeRole: () => undefined,
  };

  let pipes = openPipes(context, connections);

  const local = {
    context,
    clock,
    told,
    kinesis,
    sqs,
    table,
    connections,
    /** The batches that the function was invoked with. */
    invocations,

    get pipes(): Pipes {
      return pipes;
    },

    /** Invokes of the function answer as `handle` says. */
    handle(answer: (events: { eventID: string }[]) => Invoked): void {
      connections.invokeFunction = (_, payload) => {
        const events = payload as { eventID: string }[];
        invocations.push(events);
        return Promise.resolve().then(() => answer(events));
      };
    },

    run(...configs: Partial<PipeConfig>[]): void {
      for (const config of configs) pipes.createPipe(pipeConfig(config));
      pipes.start();
    },

    async restart(...configs: Partial<PipeConfig>[]): Promise<void> {
      await pipes.stop();
      local.replace();
      local.run(...configs);
    },

    /** What a new process opens. */
    replace(): void {
      pipes = openPipes(context, connections);
    },

    insert(...orderIds: string[]): void {
      for (const orderId of orderIds) table.insert(orderId);
    },

    /** Puts each value into the stream `source`. */
    put(...values: string[]): void {
      const entries = values.map((value) => ({ partitionKey: 'key', data: Buffer.from(value) }));
      kinesis.stream('source').put(entries);
    },

    /** Deletes a stream as a person would, by the API. */
    async deleteStream(name: string): Promise<void> {
      const server = await serveAws(
        0,
        () => kinesis.handler,
        (error) => {
          throw error;
        },
      );
      const client = kinesisClient(server.port, 'test');
      await client.send(new DeleteStreamCommand({ StreamName: name }));
      client.destroy();
      await server.close();
    },

    /** The order ids that came to the stream `target`, in order. */
    arrived: (): string[] => local.records().map(({ data }) => orderIdOf(data.toString())),

    records: () =>
      kinesis
        .stream('target')
        .shardIds()
        .flatMap((shardId) => kinesis.stream('target').read(shardId, 0, 20_000)),

    /** Takes the messages of a queue, as text. */
    messages(name: string): string[] {
      const taken: string[] = [];
      for (;;) {
        const received = sqs.queue(queueArn(name)).receive(10, 43_200);
        if (received.length === 0) return taken;
        taken.push(...received.map(({ body }) => body));
      }
    },

    /** Lets everything run that does not wait for time. */
    async settle(): Promise<void> {
      for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
    },

    async advance(seconds: number): Promise<void> {
      await local.settle();
      clock.advance(seconds * 1000);
      await local.settle();
    },

    /** Runs until every pipe is idle; time stands still. */
    async idle(): Promise<void> {
      for (let turn = 0; turn < 10_000 && !pipes.idle(); turn += 1) {
        await new Promise(setImmediate);
      }
      expect(pipes.pipes().map(({ behind }) => behind)).toEqual(pipes.pipes().map(() => 0));
    },

    async close(): Promise<void> {
      await pipes.stop();
      kinesis.close();
    },
  };
  return local;
}

export type LocalPipes = ReturnType<typeof startPipes>;

export function orderIdOf(event: string): string {
  const { dynamodb } = JSON.parse(event) as { dynamodb: { Keys: { orderId: { S: string } } } };
  return dynamodb.Keys.orderId.S;
}

export function throttled(): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate exceeded', 429);
}
