/** A record of a data stream as its consumers in the local AWS read it. */
export interface KinesisRecord {
  shardId: string;
  /** The place in the shard: what a consumer keeps as its checkpoint. */
  position: number;
  sequenceNumber: string;
  partitionKey: string;
  data: Buffer;
  /** Milliseconds since the epoch. */
  approximateArrivalTimestamp: number;
}

/** A record for a data stream. */
export interface KinesisEntry {
  partitionKey: string;
  data: Uint8Array;
  explicitHashKey?: string;
}

/** A data stream as services inside the local AWS use it; people use the API. */
export interface KinesisStream {
  name: string;
  arn: string;
  /** Milliseconds since the epoch: tells a stream from an earlier one of its name. */
  createdAt: number;
  /** How long records are kept, in milliseconds: it can be changed. */
  retentionMs(): number;
  /** Ids of the shards that can be read, in order. */
  shardIds(): string[];
  /** Up to `limit` records of a shard from `position` on, or from the oldest that is kept. */
  read(shardId: string, position: number, limit: number): KinesisRecord[];
  /** The position that the next record of the shard will have. */
  end(shardId: string): number;
  /**
   * Puts records, each on its own: the result at i is the record's place, or why it was refused
   * (ProvisionedThroughputExceededException). On disk when it returns. Throws, and puts none, where
   * one is invalid: ValidationException for a partition key of none or more than 256 characters
   * or a record larger than 1 MiB, InvalidArgumentException for an explicit hash key that is none.
   */
  put(entries: readonly KinesisEntry[]): KinesisPutResult[];
  /** Calls back after each put, until the returned function is called. What it throws is told. */
  onPut(listener: () => void): () => void;
}

export type KinesisPutResult =
  { shardId: string; sequenceNumber: string } | { errorCode: string; errorMessage: string };
