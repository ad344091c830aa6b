import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { FirehoseConnections } from './connections';
import type { DeliveryStreamConfig } from './delivery-stream-config';
import { invalidArgument } from './invalid-argument';
import { objectKeys } from './object-key';
import type { Lane } from './record';

const OBJECT_ACTIONS = ['s3:PutObject', 's3:AbortMultipartUpload'];
const BUCKET_ACTIONS = ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'];
const STREAM_ACTIONS = [
  'kinesis:DescribeStream',
  'kinesis:GetShardIterator',
  'kinesis:GetRecords',
  'kinesis:ListShards',
];
const FUNCTION_ACTIONS = ['lambda:InvokeFunction', 'lambda:GetFunctionConfiguration'];
const TABLE_ACTIONS = ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'];

/**
 * Checks that the roles allow what the stream will do. In AWS a stream without leave is created
 * all the same, and then delivers nothing. Throws InvalidArgumentException that names the role, the
 * action and the resource.
 * https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
 */
export function checkRoles(
  { accountId, region, clock }: Pick<AwsContext, 'accountId' | 'region' | 'clock'>,
  { authorizeRole }: Pick<FirehoseConnections, 'authorizeRole'>,
  { where, name, source, destination }: DeliveryStreamConfig,
): void {
  const needs = (roleArn: string, actions: string[], resourceArn: string): void => {
    for (const action of actions) {
      try {
        authorizeRole(roleArn, action, resourceArn);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        throw invalidArgument(
          `${where}: the role ${roleArn} needs ${action} on ${resourceArn}: ${error.message}`,
        );
      }
    }
  };
  const keyOf = objectKeys(name, 1, destination);
  const needsBucket = (roleArn: string, bucketArn: string, lanes: Lane[]): void => {
    needs(roleArn, BUCKET_ACTIONS, bucketArn);
    // Keys as they will be, so that a policy may be as narrow as a prefix.
    for (const lane of lanes) {
      needs(roleArn, OBJECT_ACTIONS, `${bucketArn}/${keyOf(lane, clock.now())}`);
    }
  };

  const { roleArn, bucketArn, lambda, conversion, backup } = destination;
  needsBucket(roleArn, bucketArn, [
    { kind: 'data', partitionKeys: {} },
    { kind: 'error', errorOutputType: 'processing-failed' },
  ]);
  if (backup) needsBucket(backup.roleArn, backup.bucketArn, [{ kind: 'backup' }]);
  if (lambda) needs(roleArn, FUNCTION_ACTIONS, lambda.functionArn);
  if (source.kind === 'Kinesis') needs(source.roleArn, STREAM_ACTIONS, source.streamArn);
  if (conversion) {
    const table = `table/${conversion.databaseName}/${conversion.tableName}`;
    needs(conversion.roleArn, TABLE_ACTIONS, `arn:aws:glue:${region}:${accountId}:${table}`);
  }
}
