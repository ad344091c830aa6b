/** A change of an item as a DynamoDB stream holds it, in the form that consumers are handed. */
export interface StreamRecord {
  eventID: string;
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  eventVersion: '1.1';
  eventSource: 'aws:dynamodb';
  awsRegion: string;
  dynamodb: {
    /** Seconds since the epoch, whole. */
    ApproximateCreationDateTime: number;
    /** Attribute values as the API spells them: `{"S": "…"}`, `{"N": "1"}`; binary is base64. */
    Keys: Record<string, unknown>;
    NewImage?: Record<string, unknown>;
    OldImage?: Record<string, unknown>;
    /** Digits; grows within a shard. */
    SequenceNumber: string;
    SizeBytes: number;
    StreamViewType: string;
  };
  eventSourceARN: string;
}

/** A table's stream as services inside the local AWS read it; people use the API. */
export interface TableStream {
  arn: string;
  tableName: string;
  shardIds(): string[];
  /** Up to `limit` changes from `position` on, or from the oldest that is kept (24 hours). */
  read(
    shardId: string,
    position: number,
    limit: number,
  ): { position: number; record: StreamRecord }[];
  /** The position that the next change will have. */
  end(shardId: string): number;
  /** Calls back after changes, until the returned function is called. What it throws is told. */
  onChange(listener: () => void): () => void;
}
