import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AwsContext } from '../core/aws-context';
import { openShardLog, type ShardLog } from '../core/shard-log';
import { resourceNotFound } from './dynamodb-error';
import { captureChange, streamRecord, type CapturedChange } from './stream-record';
import { streamArn, type Table } from './table';
import type { TableStream } from './table-stream';
import type { ItemChange } from './write-buffer';

/** A stream has one shard, that is never closed: in order, and enough for one machine. */
export const SHARD_ID = 'shardId-00000000000000000001-00000001';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html#Streams.DataRetention */
const RETENTION_MS = 24 * 60 * 60 * 1000;

/** A change on its way to the log of its stream, with the place it will have there. */
export interface PlacedChange {
  tableName: string;
  label: string;
  position: number;
  arrivedAt: number;
  value: CapturedChange;
}

export interface OpenStream extends TableStream {
  label: string;
  /** The position of the oldest change that is kept. */
  start(): number;
}

/** The streams of all tables, a log each under `<stateDir>/dynamodb-streams`. */
export interface Streams {
  /** Removes the logs of streams that no table has: a kill came before it could be done. */
  sweep(): void;
  /** Opens the stream that the table has, with what it holds, and lets go of any other of it. */
  follow(table: Table): void;
  /** Removes the table's stream, where it has one. */
  remove(tableName: string): void;
  /** What the streams will hold of the changes, which are about to be committed, in order. */
  place(changes: readonly ItemChange[], tables: ReadonlyMap<string, Table>): PlacedChange[];
  /** Appends what is not in the logs yet of one commit; on disk when it returns. */
  append(changes: readonly PlacedChange[]): void;
  /** Throws ResourceNotFoundException. */
  get(arn: string): OpenStream;
  all(): OpenStream[];
  close(): void;
}

export function openStreams(context: AwsContext): Streams {
  const streams = new Map<string, OpenStream & { log: ShardLog<CapturedChange> }>();

  const folder = join(context.stateDir, 'dynamodb-streams');
  const fileOf = (tableName: string, label: string): string =>
    `${tableName}~${label.replaceAll(':', '')}.jsonl`;

  function remove(tableName: string): void {
    const stream = streams.get(tableName);
    if (!stream) return;
    streams.delete(tableName);
    stream.log.remove();
  }

  return {
    sweep() {
      mkdirSync(folder, { recursive: true });
      const known = new Set(
        [...streams.values()].map(({ tableName, label }) => fileOf(tableName, label)),
      );
      for (const file of readdirSync(folder)) {
        if (!known.has(file)) rmSync(join(folder, file));
      }
    },

    follow({ TableName: tableName, LatestStreamLabel: label }) {
      if (streams.get(tableName)?.label === label) return;
      remove(tableName);
      if (label === undefined) return;
      const log = openShardLog<CapturedChange>(join(folder, fileOf(tableName, label)));
      const arn = streamArn(context, tableName, label);
      streams.set(tableName, { ...readStream(context, log, { arn, tableName, label }), log });
    },

    remove,

    place(changes, tables) {
      const ends = new Map<string, number>();
      const arrivedAt = context.clock.now();
      return changes.flatMap((change) => {
        const { tableName } = change;
        const table = tables.get(tableName);
        const stream = streams.get(tableName);
        const viewType = table?.StreamSpecification?.StreamViewType;
        if (!table || !stream || !viewType) return [];
        const value = captureChange(change, table, viewType);
        if (!value) return [];
        const position = ends.get(tableName) ?? stream.log.end();
        ends.set(tableName, position + 1);
        return [{ tableName, label: stream.label, position, arrivedAt, value }];
      });
    },

    append(changes) {
      for (const { tableName, label, log } of streams.values()) {
        const missing = changes.filter(
          (change) =>
            change.tableName === tableName &&
            change.label === label &&
            change.position >= log.end(),
        );
        const [first] = missing;
        if (first) {
          log.append(
            missing.map(({ value }) => value),
            first.arrivedAt,
          );
        }
      }
    },

    get(arn) {
      const found = [...streams.values()].find((stream) => stream.arn === arn);
      if (!found) throw resourceNotFound(`Stream: ${arn} not found`);
      return found;
    },

    all: () => [...streams.values()],

    close() {
      for (const { log } of streams.values()) log.close();
    },
  };
}

function readStream(
  context: AwsContext,
  log: ShardLog<CapturedChange>,
  names: { arn: string; tableName: string; label: string },
): OpenStream {
  const checkShard = (shardId: string): void => {
    if (shardId !== SHARD_ID) {
      throw resourceNotFound(`Shard: ${shardId} in stream ${names.arn} not found`);
    }
  };

  function expire(): void {
    const horizon = context.clock.now() - RETENTION_MS;
    let kept = log.start();
    for (;;) {
      const [entry] = log.read(kept, 1);
      if (!entry || entry.arrivedAt > horizon) break;
      kept += 1;
    }
    log.trim(kept);
  }

  return {
    ...names,
    shardIds: () => [SHARD_ID],
    start() {
      expire();
      return log.start();
    },
    read(shardId, position, limit) {
      checkShard(shardId);
      expire();
      return log
        .read(position, limit)
        .map((entry) => ({ position: entry.position, record: streamRecord(entry, names.arn) }));
    },
    end(shardId) {
      checkShard(shardId);
      return log.end();
    },
    onChange: (listener) =>
      log.onAppend(() => {
        try {
          listener();
        } catch (error) {
          // The change is on disk: whoever wrote it must not be told that it failed.
          const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
          const what = 'stream listener failed';
          context.tell({
            service: 'dynamodb',
            what,
            subject: names.tableName,
            detail,
            level: 'error',
          });
        }
      }),
  };
}
