/** An EventBridge pipe from a stream to a stream or queue, as a template declares it. */
export interface PipeConfig {
  /** Names service, resource and type, for errors. */
  where: string;
  name: string;
  arn: string;
  roleArn: string;
  desiredState: 'RUNNING' | 'STOPPED';
  /** A DynamoDB stream or a Kinesis data stream. */
  sourceArn: string;
  /** EventBridge patterns, as JSON text: an event passes where one of them matches; all where none. */
  filters: string[];
  batchSize: number;
  maximumBatchingWindowSeconds: number;
  startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** -1: for ever, within the source's retention. */
  maximumRetryAttempts: number;
  /** -1: without an end. */
  maximumRecordAgeSeconds: number;
  /** Halves a batch that failed, to find the record that it is. */
  bisectBatchOnFunctionError: boolean;
  parallelizationFactor: number;
  /** A queue. */
  deadLetterArn?: string;
  /** A Kinesis data stream, an SQS queue or a Lambda function. */
  targetArn: string;
  /** For Kinesis: a literal or a JSON path such as `$.dynamodb.Keys.orderId.S`. */
  partitionKey?: string;
  /** InputTemplate of the target; the whole event where absent. */
  inputTemplate?: string;
}
