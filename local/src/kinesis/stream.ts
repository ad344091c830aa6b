import { join } from 'node:path';
import type { AwsContext } from '../core/aws-context';
import { openShardLog, type ShardLog } from '../core/shard-log';
import { hashKeyRange, isHashKey, shardOf, type HashKeyRange } from './hash-key';
import { invalidArgument, invalidParameter, notFound } from './kinesis-error';
import { positionOf, sequenceNumber } from './sequence-number';
import type { KinesisEntry, KinesisPutResult, KinesisStream } from './shard-reader';
import { provisionedThroughput, type ShardThroughput } from './shard-throughput';
import type { KinesisStreamConfig } from './stream-config';

/** A stream as the API needs it, beyond what other services use. */
export interface DataStream extends KinesisStream {
  config(): KinesisStreamConfig;
  shards(): { shardId: string; hashKeys: HashKeyRange; startingSequenceNumber: string }[];
  /** The position of the oldest record that is kept. */
  start(shardId: string): number;
  /** The position of the first record that arrived at `timestamp` or later, or the end. */
  positionAt(shardId: string, timestamp: number): number;
  /** The position that a sequence number names; undefined where it is none of this shard. */
  positionOf(shardId: string, sequence: string): number | undefined;
  close(): void;
}

/** A record on disk. */
interface StoredRecord {
  key: string;
  /** Base64. */
  data: string;
}

interface Shard {
  shardId: string;
  log: ShardLog<StoredRecord>;
  takesIn: ShardThroughput;
}

// What a stream takes unless its maximum record size was raised, which is not emulated.
// https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
const MOST_RECORD_BYTES = 1024 * 1024;
const LONGEST_PARTITION_KEY = 256;
const HOUR_MS = 3_600_000;
const TRIMMED_AT_ONCE = 500;

/** A data stream over one log a shard in `folder`. `config` is read anew each time. */
export function openStream(
  context: AwsContext,
  folder: string,
  config: () => KinesisStreamConfig,
  createdAt: number,
): DataStream {
  const { name, arn, shardCount } = config();
  const listeners = new Set<() => void>();
  const shards: Shard[] = Array.from({ length: shardCount }, (_, index) => {
    const shardId = `shardId-${String(index).padStart(12, '0')}`;
    return {
      shardId,
      log: openShardLog(join(folder, `${shardId}.log`)),
      takesIn: provisionedThroughput(),
    };
  });

  const retentionMs = (): number => config().retentionHours * HOUR_MS;

  /** The log, without what is older than the retention period. */
  function logOf(shardId: string): ShardLog<StoredRecord> {
    const { log } = shards[indexOf(shardId)] as Shard;
    const oldest = context.clock.now() - retentionMs();
    for (let position = log.start(); ; position += TRIMMED_AT_ONCE) {
      if ((log.read(position, 1)[0]?.arrivedAt ?? oldest) >= oldest) return log;
      const expired = log
        .read(position, TRIMMED_AT_ONCE)
        .filter(({ arrivedAt }) => arrivedAt < oldest);
      log.trim(position + expired.length);
    }
  }

  function indexOf(shardId: string): number {
    const index = shards.findIndex((shard) => shard.shardId === shardId);
    if (index >= 0) return index;
    throw notFound(`Shard ${shardId} in stream ${name}`, context.accountId);
  }

  function put(entries: readonly KinesisEntry[]): KinesisPutResult[] {
    for (const entry of entries) checkEntry(entry);
    const now = context.clock.now();
    const taken = new Map<number, StoredRecord[]>();
    const results = entries.map((entry): KinesisPutResult => {
      const index = shardOf(entry.partitionKey, shardCount, entry.explicitHashKey);
      const { shardId, log, takesIn } = shards[index] as Shard;
      if (!config().onDemand && !takesIn(sizeOf(entry), now)) {
        return {
          errorCode: 'ProvisionedThroughputExceededException',
          errorMessage: `Rate exceeded for shard ${shardId} in stream ${name} under account ${context.accountId}.`,
        };
      }
      const records = taken.get(index) ?? [];
      taken.set(index, records);
      const position = log.end() + records.length;
      records.push({ key: entry.partitionKey, data: Buffer.from(entry.data).toString('base64') });
      return { shardId, sequenceNumber: sequenceNumber(createdAt, index, position) };
    });
    for (const [index, records] of taken) shards[index]?.log.append(records, now);
    tellOf(results);
    if (taken.size > 0) for (const listener of listeners) callBack(listener);
    return results;
  }

  /** The records are on disk: whoever put them must not be told that it failed. */
  function callBack(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      const what = 'stream listener failed';
      context.tell({ service: 'kinesis', what, subject: name, detail, level: 'error' });
    }
  }

  function tellOf(results: KinesisPutResult[]): void {
    const refused = results.filter((result) => 'errorCode' in result).length;
    const activity = { service: 'kinesis', subject: name } as const;
    const detail = `${results.length - refused} records`;
    context.tell({ ...activity, what: 'records put', detail, level: 'debug' });
    if (refused === 0) return;
    const reason = `${refused} of ${results.length} records: a shard's throughput is used up`;
    context.tell({ ...activity, what: 'records refused', detail: reason, level: 'warn' });
  }

  function positionAt(shardId: string, timestamp: number): number {
    const log = logOf(shardId);
    let low = log.start();
    let high = log.end();
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((log.read(middle, 1)[0]?.arrivedAt ?? 0) < timestamp) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    name,
    arn,
    config,
    createdAt,
    retentionMs,
    shardIds: () => shards.map(({ shardId }) => shardId),
    shards: () =>
      shards.map(({ shardId }, index) => ({
        shardId,
        hashKeys: hashKeyRange(index, shardCount),
        startingSequenceNumber: sequenceNumber(createdAt, index, 0),
      })),
    read(shardId, position, limit) {
      const index = indexOf(shardId);
      return logOf(shardId)
        .read(position, limit)
        .map((entry) => ({
          shardId,
          position: entry.position,
          sequenceNumber: sequenceNumber(createdAt, index, entry.position),
          partitionKey: entry.value.key,
          data: Buffer.from(entry.value.data, 'base64'),
          approximateArrivalTimestamp: entry.arrivedAt,
        }));
    },
    start: (shardId) => logOf(shardId).start(),
    end: (shardId) => logOf(shardId).end(),
    positionAt,
    positionOf: (shardId, sequence) => positionOf(sequence, createdAt, indexOf(shardId)),
    put,
    onPut(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      for (const { log } of shards) log.close();
    },
  };
}

/** What a record counts toward limits: its data and its partition key, in bytes. */
export function sizeOf({ data, partitionKey }: KinesisEntry): number {
  return data.byteLength + Buffer.byteLength(partitionKey);
}

function checkEntry(entry: KinesisEntry): void {
  const { partitionKey, explicitHashKey } = entry;
  const { length } = [...partitionKey];
  if (length < 1 || length > LONGEST_PARTITION_KEY) {
    throw invalidParameter(
      `A partition key has 1 to ${LONGEST_PARTITION_KEY} characters; one has ${length}.`,
    );
  }
  if (sizeOf(entry) > MOST_RECORD_BYTES) {
    throw invalidParameter(
      `A record, data and partition key, has at most ${MOST_RECORD_BYTES} bytes; ` +
        `the one of partition key ${partitionKey} has ${sizeOf(entry)}.`,
    );
  }
  if (explicitHashKey !== undefined && !isHashKey(explicitHashKey)) {
    throw invalidArgument(
      `ExplicitHashKey ${explicitHashKey} is no decimal number from 0 to 2^128 - 1.`,
    );
  }
}
