import { readFileIfPresent, writeFileAtomically } from '../core/atomic-file';
import type { Clock } from '../core/clock';
import type { ShardLog } from '../core/shard-log';
import type { KinesisRecord, KinesisStream } from '../kinesis/shard-reader';
import { deaggregate } from './kpl-aggregation';
import type { SourceRecord } from './record';

/** The next record of a shard to take in. */
interface Checkpoint {
  position: number;
  /** Which of the records that a producer aggregated into one. */
  subSequence: number;
}

export interface KinesisSource {
  /** Takes in what is there, and from now on what comes. */
  start(): void;
  /** Takes in what the data stream has new; it is on disk then. */
  pump(): void;
  /** Records of the data stream that are not taken in. */
  behind(): number;
  /** Writes down how far it is: before the log lets go of records that say so. */
  saveCheckpoints(): void;
  stop(): void;
}

const RECORDS_AT_ONCE = 1000;

/**
 * Takes the records of a data stream into a delivery stream's log. A delivery stream that is new
 * begins with what comes next in each shard there is, and with the oldest record of a shard that
 * is made later. What a producer aggregated is taken apart.
 * https://docs.aws.amazon.com/firehose/latest/dev/writing-with-kinesis-streams.html
 * https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html
 *
 * Each record in the log says where it comes from: how far a shard is read follows from its last
 * record there, so that a killed process takes in nothing twice.
 *
 * @param full while it says so, records stay in the data stream, for as long as that keeps them
 * @param took called with the records that were taken in
 */
export function openKinesisSource(
  stream: KinesisStream,
  log: ShardLog<SourceRecord>,
  checkpointPath: string,
  clock: Clock,
  full: () => boolean,
  took: (records: SourceRecord[]) => void,
): KinesisSource {
  const stored = readFileIfPresent(checkpointPath);
  const checkpoints = new Map(
    stored === undefined
      ? firstCheckpoints(stream)
      : Object.entries(JSON.parse(stored) as Record<string, Checkpoint>),
  );
  saveCheckpoints();
  for (let at = log.start(); at < log.end(); at += RECORDS_AT_ONCE) {
    for (const { value } of log.read(at, RECORDS_AT_ONCE)) advance(value);
  }
  let leave = (): void => undefined;

  function saveCheckpoints(): void {
    writeFileAtomically(checkpointPath, JSON.stringify(Object.fromEntries(checkpoints)));
  }

  function advance({ kinesis }: SourceRecord): void {
    if (!kinesis) return;
    const { shardId, position, subSequence = 0, last } = kinesis;
    const known = checkpoints.get(shardId);
    if (known && position < known.position) return;
    checkpoints.set(
      shardId,
      last
        ? { position: position + 1, subSequence: 0 }
        : { position, subSequence: subSequence + 1 },
    );
  }

  function checkpointOf(shardId: string): Checkpoint {
    return checkpoints.get(shardId) ?? { position: 0, subSequence: 0 };
  }

  function pump(): void {
    const records = takeAll();
    if (records.length > 0) took(records);
  }

  function takeAll(): SourceRecord[] {
    const all: SourceRecord[] = [];
    for (const shardId of stream.shardIds()) {
      for (;;) {
        if (full()) return all;
        const { position, subSequence } = checkpointOf(shardId);
        const records = stream.read(shardId, position, RECORDS_AT_ONCE);
        if (records.length === 0) break;
        const taken = records.flatMap((record) =>
          sourceRecords(record).slice(record.position === position ? subSequence : 0),
        );
        log.append(taken, clock.now());
        for (const record of taken) {
          advance(record);
          all.push(record);
        }
      }
    }
    return all;
  }

  return {
    start() {
      leave = stream.onPut(pump);
      pump();
    },
    pump,
    behind: () =>
      stream
        .shardIds()
        .reduce(
          (total, shardId) =>
            total + Math.max(0, stream.end(shardId) - checkpointOf(shardId).position),
          0,
        ),
    saveCheckpoints,
    stop: () => leave(),
  };
}

function firstCheckpoints(stream: KinesisStream): [string, Checkpoint][] {
  return stream
    .shardIds()
    .map((shardId) => [shardId, { position: stream.end(shardId), subSequence: 0 }]);
}

function sourceRecords(record: KinesisRecord): SourceRecord[] {
  const { shardId, position, sequenceNumber, approximateArrivalTimestamp: arrivedAt } = record;
  const aggregated = deaggregate(record.data);
  const origin = { shardId, position, sequenceNumber };
  if (!aggregated || aggregated.length === 0) {
    return [
      {
        data: record.data.toString('base64'),
        arrivedAt,
        kinesis: { ...origin, partitionKey: record.partitionKey, last: true },
      },
    ];
  }
  return aggregated.map(({ partitionKey, data }, i) => ({
    data: data.toString('base64'),
    arrivedAt,
    kinesis: { ...origin, partitionKey, subSequence: i, last: i === aggregated.length - 1 },
  }));
}
