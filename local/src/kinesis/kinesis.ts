import type { AwsContext } from '../core/aws-context';
import type { ServiceHandler } from '../core/aws-request';
import { kinesisHandler } from './operations';
import type { KinesisStream } from './shard-reader';
import type { KinesisStreamConfig } from './stream-config';
import { openStreamRegistry } from './stream-registry';

export type { KinesisStreamConfig } from './stream-config';
export type { KinesisEntry, KinesisPutResult, KinesisRecord, KinesisStream } from './shard-reader';

export interface Kinesis {
  /** AWS JSON 1.1, `X-Amz-Target: Kinesis_20131202.<operation>`. */
  handler: ServiceHandler;
  /**
   * Makes a data stream, or takes over what changed in the configuration of the one there is.
   * Throws where Kinesis would refuse it, and ResourceInUseException where the number of shards
   * changed.
   */
  createStream(config: KinesisStreamConfig): void;
  /** Throws ResourceNotFoundException. */
  stream(arnOrName: string): KinesisStream;
  /** Every stream, by name, with the records that its shards keep. */
  streams(): {
    name: string;
    arn: string;
    shards: { shardId: string; records: number; end: number }[];
  }[];
  /** Lets go of the files. */
  close(): void;
}

/** Opens Kinesis over `<stateDir>/kinesis`, with the streams and records that are there. */
export function openKinesis(context: AwsContext): Kinesis {
  const registry = openStreamRegistry(context);
  return {
    handler: kinesisHandler(context, registry),
    createStream: (config) => registry.put(config),
    stream: (arnOrName) => registry.get(arnOrName),
    streams: () =>
      registry.all().map((stream) => ({
        name: stream.name,
        arn: stream.arn,
        shards: stream.shardIds().map((shardId) => {
          const end = stream.end(shardId);
          return { shardId, records: end - stream.start(shardId), end };
        }),
      })),
    close: () => registry.close(),
  };
}
