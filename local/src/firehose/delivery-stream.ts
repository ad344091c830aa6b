import { join } from 'node:path';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { AwsContext } from '../core/aws-context';
import { openShardLog, type LogEntry } from '../core/shard-log';
import type { FirehoseConnections } from './connections';
import { openConverter, type ConversionConfig } from './converter';
import { openDelivery, type Deliverable, type Delivery } from './delivery';
import type { DeliveryStreamConfig } from './delivery-stream-config';
import { openKinesisSource, type KinesisSource } from './kinesis-source';
import { eventWeight, invokeTransformer, MAX_EVENT_WEIGHT } from './lambda-invocation';
import type { Outcome } from './lambda-response';
import { compressed, concatenated, parquet } from './object-body';
import { objectKeys } from './object-key';
import { recordIdOf, type Lane, type ReadyRecord, type SourceRecord } from './record';
import { createRouter } from './route-record';
import { createSignal } from './signal';
import { streamMeter } from './stream-meter';
import { openStreamVersion } from './stream-version';
import { openTransformation, type BufferingHints, type Pause } from './transformation';

export interface DeliveryStream {
  config: DeliveryStreamConfig;
  /** Grows by one with each change of the configuration. */
  version: number;
  /** Milliseconds since the epoch. */
  createdAt: number;
  updatedAt: number;
  /** Takes records in; on disk when it returns. Returns their ids. */
  put(data: readonly Buffer[]): string[];
  start(): void;
  stop(): Promise<void>;
  flush(): Promise<void>;
  idle(): boolean;
  status(): DeliveryStreamStatus;
}

export interface DeliveryStreamStatus {
  name: string;
  source: string;
  /** Records that are taken in and not delivered. */
  buffered: number;
  bufferedBytes: number;
  /** Records of the data stream that are not taken in yet. */
  behind: number;
  /** When the oldest record came that is not delivered; undefined where there is none. */
  oldestArrivedAt?: number;
}

const MEBIBYTE = 1024 * 1024;
const HOUR_MS = 3_600_000;

/** Of what is put into the delivery stream: https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const DIRECT_PUT_RETENTION_MS = 24 * HOUR_MS;

/** With so much waiting to be delivered, further records stay in the data stream. */
const MOST_BUFFERED_BYTES = 256 * MEBIBYTE;

/** Without a function records pass at once, by so many. */
const PLAIN_BATCH: BufferingHints = { bytes: MEBIBYTE, ms: 0 };

/**
 * Opens a delivery stream over `<stateDir>/firehose/<name>`. Records go through two logs: `source`,
 * as they came, and `ready`, as they are to be delivered; where each stage is follows from what is
 * on disk.
 */
export function openDeliveryStream(
  context: AwsContext,
  connections: FirehoseConnections,
  config: DeliveryStreamConfig,
): DeliveryStream {
  const { clock } = context;
  const { destination, name } = config;
  const { lambda, backup, conversion } = destination;
  const folder = join(context.stateDir, 'firehose', name);
  const { version, createdAt, updatedAt } = openStreamVersion(
    join(folder, 'version.json'),
    config,
    clock.now(),
  );
  const source = openShardLog<SourceRecord>(join(folder, 'source.log'));
  const ready = openShardLog<ReadyRecord>(join(folder, 'ready.log'));
  const keyOf = objectKeys(name, version, destination);
  const dataStream =
    config.source.kind === 'Kinesis'
      ? connections.kinesisStream(config.source.streamArn)
      : undefined;
  const retentionMs = (): number => dataStream?.retentionMs() ?? DIRECT_PUT_RETENTION_MS;
  const signal = createSignal();
  const meter = streamMeter(connections.measure, name);
  const faults: unknown[] = [];
  const clients = new Map<string, S3Client>();
  let started = false;

  const tell = (level: 'debug' | 'info' | 'warn' | 'error', what: string, detail: string): void =>
    context.tell({ service: 'firehose', what, subject: name, detail, level });

  /** For what should not happen, such as a full disk. */
  function broke(error: unknown): void {
    faults.push(error);
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell('error', 'delivery stream broke', detail);
  }

  const delivery = openLaneDelivery<ReadyRecord>('destination', ready, destination, {
    laneOf: ({ lane }) => lane,
    bodyOf: (lane, data) => {
      if (lane.kind === 'error') return Buffer.concat(data);
      if (conversion) return parquetBody(data, conversion);
      return compressed(concatenated(data, destination.appendDelimiter), destination.compression);
    },
  });

  const backups =
    backup &&
    openLaneDelivery<SourceRecord>('backup', source, backup, {
      laneOf: () => ({ kind: 'backup' }),
      bodyOf: (_, data) => compressed(Buffer.concat(data), backup.compression),
    });

  const transformation = openTransformation({
    source,
    ready,
    clock,
    hints: lambda ? bufferingHints(lambda) : PLAIN_BATCH,
    mostWeight: MAX_EVENT_WEIGHT,
    weigh: lambda ? eventWeight : () => 0,
    transform,
    changed() {
      delivery.pump();
      signal.notify();
    },
    broke,
  });

  let kinesis: KinesisSource | undefined;
  if (dataStream) {
    kinesis = openKinesisSource(
      dataStream,
      source,
      join(folder, 'checkpoints.json'),
      clock,
      () => buffered().bytes >= MOST_BUFFERED_BYTES,
      (records) => {
        meter.records('DataReadFromKinesisStream.', records);
        pump();
      },
    );
  }

  function openLaneDelivery<T extends Deliverable>(
    ledger: 'destination' | 'backup',
    log: ReturnType<typeof openShardLog<T>>,
    target: { bucketArn: string; roleArn: string } & Hints,
    {
      laneOf,
      bodyOf,
    }: { laneOf: (record: T) => Lane | null; bodyOf: (lane: Lane, data: Buffer[]) => Buffer },
  ): Delivery {
    const bucket = target.bucketArn.slice(target.bucketArn.lastIndexOf(':') + 1);
    return openDelivery<T>({
      log,
      ledgerPath: join(folder, `${ledger}.json`),
      clock,
      hints: bufferingHints(target),
      retentionMs,
      laneOf,
      keyOf,
      async put(lane, key, records) {
        const data = records.map((record) => Buffer.from(record.data, 'base64'));
        const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: bodyOf(lane, data) });
        const metric = ledger === 'backup' ? 'BackupToS3.' : 'DeliveryToS3.';
        try {
          await clientOf(target.roleArn).send(put);
        } catch (error) {
          meter.put(`${metric}Success`, 0);
          throw error;
        }
        meter.put(`${metric}Success`, 1);
        meter.records(metric, records);
      },
      told: {
        delivered(key, records) {
          tell('info', 'object delivered', `${records} records to s3://${bucket}/${key}`);
          letGo();
        },
        failed: (key, error, retryMs) =>
          tell(
            'warn',
            'delivery failed',
            `s3://${bucket}/${key}: ${errorText(error)}; again in ${retryMs / 1000} s`,
          ),
        expired(key, records, error) {
          tell(
            'error',
            'records lost',
            `${records} could not be delivered to s3://${bucket}/${key} for ` +
              `${retentionMs() / HOUR_MS} hours: ${errorText(error)}`,
          );
          letGo();
        },
      },
      changed() {
        kinesis?.pump();
        signal.notify();
      },
      broke,
    });
  }

  function clientOf(roleArn: string): S3Client {
    let client = clients.get(roleArn);
    if (!client) clients.set(roleArn, (client = connections.s3Client(roleArn)));
    return client;
  }

  function parquetBody(data: Buffer[], conversion: ConversionConfig): Buffer {
    const converter = openConverter(connections, conversion);
    if ('errorCode' in converter) {
      throw new Error(`${converter.errorCode}: ${converter.errorMessage}`);
    }
    const codec = conversion.parquetCompression === 'SNAPPY' ? 'snappy' : 'uncompressed';
    return parquet(data, converter.contract, converter.deserialize, codec);
  }

  async function transform(
    batch: LogEntry<SourceRecord>[],
    pause: Pause,
  ): Promise<ReadyRecord[] | undefined> {
    const invoked = lambda
      ? await invokeTransformer(context, connections, config, lambda, batch, pause)
      : { outcomes: batch.map(({ value }) => untouched(value)), attemptsMade: 1 };
    if (!invoked) return undefined;
    // What is ready already is buffered first: its partitions count.
    delivery.pump();
    const route = createRouter({
      config,
      region: context.region,
      activePartitions: delivery.activePartitions(),
      converter: conversion && openConverter(connections, conversion),
      now: clock.now(),
    });
    const records = batch.map(({ value }, i) =>
      route(value, invoked.outcomes[i]!, invoked.attemptsMade),
    );
    tellErrors(records);
    measureOutcomes(batch, invoked.outcomes, records);
    return records;
  }

  function measureOutcomes(
    batch: LogEntry<SourceRecord>[],
    outcomes: Outcome[],
    records: ReadyRecord[],
  ): void {
    const laneOf = (i: number): Lane | null | undefined => records[i]?.lane;
    const which = (keep: (i: number) => boolean): SourceRecord[] =>
      batch.flatMap(({ value }, i) => (keep(i) ? value : []));
    if (lambda) {
      meter.records(
        'SucceedProcessing.',
        which((i) => outcomes[i]?.result !== 'Failed'),
      );
    }
    if (conversion) {
      const isMisfit = (lane: Lane | null | undefined): boolean =>
        lane?.kind === 'error' && lane.errorOutputType === 'format-conversion-failed';
      meter.records(
        'SucceedConversion.',
        which((i) => laneOf(i)?.kind === 'data'),
      );
      meter.records(
        'FailedConversion.',
        which((i) => isMisfit(laneOf(i))),
      );
    }
  }

  function tellErrors(records: ReadyRecord[]): void {
    const counts = new Map<string, number>();
    for (const { lane } of records) {
      if (lane?.kind !== 'error') continue;
      counts.set(lane.errorOutputType, (counts.get(lane.errorOutputType) ?? 0) + 1);
    }
    for (const [type, count] of counts) {
      tell('error', 'records failed', `${count} of ${records.length} go to ${type}`);
    }
  }

  /** The logs need not keep what is delivered. */
  function letGo(): void {
    ready.trim(delivery.low());
    kinesis?.saveCheckpoints();
    source.trim(Math.min(ready.end(), backups?.low() ?? Infinity));
  }

  function pump(): void {
    if (!started) return;
    transformation.pump();
    backups?.pump();
    delivery.pump();
  }

  function buffered(): { records: number; bytes: number } {
    const waiting = transformation.buffered();
    const leaving = delivery.buffered();
    return { records: waiting.records + leaving.records, bytes: waiting.bytes + leaving.bytes };
  }

  function oldestArrivedAt(): number | undefined {
    const first = delivery.low();
    const [oldest] = first < ready.end() ? ready.read(first, 1) : source.read(first, 1);
    return oldest?.value.arrivedAt;
  }

  const working = (): boolean =>
    transformation.working() || delivery.working() || (backups?.working() ?? false);
  const waiting = (): boolean =>
    transformation.waiting() || delivery.waiting() || (backups?.waiting() ?? false);

  return {
    config,
    version,
    createdAt,
    updatedAt,

    put(data) {
      const arrivedAt = clock.now();
      const records = data.map((bytes) => ({ data: bytes.toString('base64'), arrivedAt }));
      const first = source.append(records, arrivedAt);
      meter.records('Incoming', records);
      pump();
      return data.map((_, i) => recordIdOf(first + i));
    },

    start() {
      started = true;
      kinesis?.start();
      pump();
    },

    async stop() {
      started = false;
      kinesis?.stop();
      await Promise.all([transformation.stop(), delivery.stop(), backups?.stop()]);
      source.close();
      ready.close();
      if (faults.length > 0) throw faults[0];
    },

    async flush() {
      if (!started) return;
      kinesis?.pump();
      // Records keep their positions, so what is there now is what is before this one in both logs.
      const end = source.end();
      transformation.flush(end);
      backups?.flush(end);
      // Together, or each batch of a function would be an object of its own.
      while (transformation.working() && ready.end() < end) await signal.next();
      delivery.flush(end);
      while (working() && faults.length === 0) await signal.next();
    },

    idle: () => faults.length > 0 || (!working() && !waiting() && (kinesis?.behind() ?? 0) === 0),

    status: () => ({
      name,
      source: config.source.kind === 'Kinesis' ? config.source.streamArn : 'DirectPut',
      buffered: buffered().records,
      bufferedBytes: buffered().bytes,
      behind: kinesis?.behind() ?? 0,
      oldestArrivedAt: oldestArrivedAt(),
    }),
  };
}

interface Hints {
  bufferSizeMb: number;
  bufferIntervalSeconds: number;
}

function bufferingHints({ bufferSizeMb, bufferIntervalSeconds }: Hints): BufferingHints {
  return { bytes: bufferSizeMb * MEBIBYTE, ms: bufferIntervalSeconds * 1000 };
}

function untouched({ data }: SourceRecord): Outcome {
  return { result: 'Ok', data, partitionKeys: {} };
}

function errorText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
