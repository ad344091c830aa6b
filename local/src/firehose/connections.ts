import type { S3Client } from '@aws-sdk/client-s3';
import type { GlueTable } from '../cloudformation/catalog';
import type { Measure } from '../cloudwatch/metric-datum';
import type { KinesisStream } from '../kinesis/shard-reader';

/** What delivery streams reach of the other services. */
export interface FirehoseConnections {
  /**
   * Invokes and waits; a function that fails is a result. Throws AwsError where it could not be
   * invoked.
   */
  invokeFunction(
    arn: string,
    payload: unknown,
  ): Promise<{ functionError?: string; payload: unknown }>;
  /** Throws for a stream that is not there. */
  kinesisStream(arn: string): KinesisStream;
  glueTable(databaseName: string, tableName: string): GlueTable | undefined;
  /** An S3 client on this local AWS that signs with the role's credentials. */
  s3Client(roleArn: string): S3Client;
  /** Takes what Firehose measures of its delivery streams. */
  measure?: Measure;
  /** Throws AccessDenied where the role does not allow it. */
  authorizeRole(roleArn: string, action: string, resourceArn: string): void;
}
