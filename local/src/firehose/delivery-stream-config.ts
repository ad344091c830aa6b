/** A Firehose stream with an S3 destination, as a template declares it. */
export interface DeliveryStreamConfig {
  /** Names service, resource and type, for errors. */
  where: string;
  name: string;
  arn: string;
  source: { kind: 'DirectPut' } | { kind: 'Kinesis'; streamArn: string; roleArn: string };
  destination: S3DestinationConfig;
}

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html */
export interface S3DestinationConfig {
  bucketArn: string;
  roleArn: string;
  prefix: string;
  errorOutputPrefix: string;
  bufferSizeMb: number;
  bufferIntervalSeconds: number;
  compression: 'UNCOMPRESSED' | 'GZIP';
  fileExtension?: string;
  customTimeZone: string;
  dynamicPartitioning: { enabled: boolean; retryDurationSeconds: number };
  /** Adds a newline to each record on delivery: the AppendDelimiterToRecord processor. */
  appendDelimiter: boolean;
  lambda?: {
    functionArn: string;
    numberOfRetries: number;
    bufferSizeMb: number;
    bufferIntervalSeconds: number;
  };
  /** Record-format conversion from JSON to Parquet by a table of the Glue catalog. */
  conversion?: {
    databaseName: string;
    tableName: string;
    roleArn: string;
    deserializer:
      | { kind: 'OpenXJson'; caseInsensitive: boolean; convertDotsToUnderscores: boolean }
      | { kind: 'HiveJson'; timestampFormats: string[] };
    parquetCompression: 'UNCOMPRESSED' | 'SNAPPY' | 'GZIP';
  };
  /** Where source records go untouched. */
  backup?: {
    bucketArn: string;
    roleArn: string;
    prefix: string;
    errorOutputPrefix: string;
    compression: 'UNCOMPRESSED' | 'GZIP';
    bufferSizeMb: number;
    bufferIntervalSeconds: number;
  };
  /** Errors are told to the person watching; a log group is recorded. */
  logging?: { logGroupName: string; logStreamName: string };
}
