/**
 * The shards that a stream on demand begins with.
 * https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html
 */
export const ON_DEMAND_SHARDS = 4;

/** A Kinesis data stream as a template declares it. */
export interface KinesisStreamConfig {
  name: string;
  arn: string;
  /** Provisioned shards; an on-demand stream begins with four. */
  shardCount: number;
  onDemand: boolean;
  /** 24 to 8760. */
  retentionHours: number;
}
