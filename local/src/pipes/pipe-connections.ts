import type { Measure } from '../cloudwatch/metric-datum';
import type { TableStream } from '../dynamodb/table-stream';
import type { KinesisStream } from '../kinesis/shard-reader';

/** What pipes read from and deliver to. */
export interface PipeConnections {
  tableStream(arn: string): TableStream;
  kinesisStream(arn: string): KinesisStream;
  /** On disk when it returns. Throws AwsError. */
  sendToQueue(arn: string, body: string): void;
  /** Rejects with an AwsError where the function was not invoked. */
  invokeFunction(
    arn: string,
    payload: unknown,
  ): Promise<{ functionError?: string; payload: unknown }>;
  /** Takes what EventBridge Pipes measures of its executions. */
  measure?: Measure;
  /** Throws AccessDenied where the role may not do `action` on the resource. */
  authorizeRole(roleArn: string, action: string, resourceArn: string): void;
}
