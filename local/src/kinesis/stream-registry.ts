import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readFileIfPresent, writeFileAtomically } from '../core/atomic-file';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import { invalidArgument, invalidParameter, notFound } from './kinesis-error';
import { openStream, type DataStream } from './stream';
import type { KinesisStreamConfig } from './stream-config';

/** A stream's own file. */
interface StreamRecord {
  config: KinesisStreamConfig;
  /** Milliseconds since the epoch. */
  createdAt: number;
}

export interface StreamRegistry {
  arnOf(name: string): string;
  /** Throws ResourceNotFoundException. */
  get(arnOrName: string): DataStream;
  has(name: string): boolean;
  /** By name. */
  all(): DataStream[];
  /** Makes the stream, or takes over the configuration where there is one of that name. */
  put(config: KinesisStreamConfig): void;
  remove(name: string): void;
  close(): void;
}

const RECORD = 'stream.json';
const MOST_SHARDS = 10_000;
const LONGEST_RETENTION_HOURS = 8760;
const SHORTEST_RETENTION_HOURS = 24;

/**
 * Every stream in a folder of its name: `stream.json`, and a log for each shard beside it. All
 * that are there are opened, so that a stream made through the API lives on.
 */
export function openStreamRegistry(context: AwsContext): StreamRegistry {
  const root = join(context.stateDir, 'kinesis');
  const streams = new Map<string, DataStream>();
  const records = new Map<string, StreamRecord>();

  const arnOf = (name: string): string =>
    `arn:aws:kinesis:${context.region}:${context.accountId}:stream/${name}`;

  function open(record: StreamRecord): void {
    const { name } = record.config;
    const config = (): KinesisStreamConfig => records.get(name)?.config ?? record.config;
    records.set(name, record);
    streams.set(name, openStream(context, join(root, name), config, record.createdAt));
  }

  function get(arnOrName: string): DataStream {
    const name = arnOrName.slice(arnOrName.lastIndexOf('/') + 1);
    const stream = streams.get(name);
    if (stream && (arnOrName === name || arnOrName === stream.arn)) return stream;
    throw notFound(`Stream ${arnOrName}`, context.accountId);
  }

  function put(config: KinesisStreamConfig): void {
    checkConfig(config);
    const { name, arn, shardCount } = config;
    if (arn !== arnOf(name)) {
      throw invalidArgument(`The ARN of stream ${name} is ${arn}; expected ${arnOf(name)}.`);
    }
    const present = records.get(name);
    if (present && isDeepStrictEqual(present.config, config)) return;
    if (present && present.config.shardCount !== shardCount) {
      throw new AwsError(
        'ResourceInUseException',
        `Stream ${name} has ${present.config.shardCount} shards, not ${shardCount}: ` +
          `the local AWS does not reshard. Delete the stream, or ${join(root, name)}.`,
      );
    }
    const createdAt = present?.createdAt ?? Math.floor(context.clock.now());
    const record = { config, createdAt };
    writeFileAtomically(join(root, name, RECORD), JSON.stringify(record));
    if (present) records.set(name, record);
    else open(record);
  }

  for (const name of existsSync(root) ? readdirSync(root).sort() : []) {
    const text = readFileIfPresent(join(root, name, RECORD));
    // A folder without its record is a stream that a kill left half made or half deleted.
    if (text === undefined) rmSync(join(root, name), { recursive: true });
    else {
      const { config, createdAt } = JSON.parse(text) as StreamRecord;
      // Account and region are this start's, whatever they were when the stream was made.
      open({ config: { ...config, arn: arnOf(name) }, createdAt });
    }
  }

  return {
    arnOf,
    get,
    has: (name) => streams.has(name),
    all: () => [...streams.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    put,
    remove(name) {
      get(name).close();
      // The record first: the next start clears away what is left of a folder without one.
      rmSync(join(root, name, RECORD));
      rmSync(join(root, name), { recursive: true });
      streams.delete(name);
      records.delete(name);
    },
    close() {
      for (const stream of streams.values()) stream.close();
    },
  };
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html */
function checkConfig({ name, shardCount, retentionHours }: KinesisStreamConfig): void {
  if (!/^[a-zA-Z0-9_.-]{1,128}$/.test(name) || /^\.+$/.test(name)) {
    throw invalidParameter(
      `A stream's name has 1 to 128 letters, digits, _, . and -; it is ${JSON.stringify(name)}.`,
    );
  }
  if (!Number.isInteger(shardCount) || shardCount < 1 || shardCount > MOST_SHARDS) {
    throw invalidArgument(`Stream ${name} has ${shardCount} shards; expected 1 to ${MOST_SHARDS}.`);
  }
  const shortEnough = retentionHours <= LONGEST_RETENTION_HOURS;
  if (
    !Number.isInteger(retentionHours) ||
    retentionHours < SHORTEST_RETENTION_HOURS ||
    !shortEnough
  ) {
    throw invalidArgument(
      `Stream ${name} has a retention of ${retentionHours} hours; ` +
        `expected ${SHORTEST_RETENTION_HOURS} to ${LONGEST_RETENTION_HOURS}.`,
    );
  }
}
