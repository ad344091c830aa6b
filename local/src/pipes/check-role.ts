import { AwsError } from '../core/aws-error';
import type { PipeConfig } from './pipe-config';
import type { PipeConnections } from './pipe-connections';
import { invalidPipe } from './pipe-error';
import { targetKind } from './pipe-target';

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html
const SOURCE_ACTIONS = {
  dynamodb: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'],
  kinesis: [
    'DescribeStream',
    'DescribeStreamSummary',
    'GetRecords',
    'GetShardIterator',
    'ListShards',
    'ListStreams',
  ],
};

/**
 * Throws ValidationException, naming role, action and resource, where a pipe's role may not do
 * what the pipe needs: in AWS, such a pipe fails when it is created or stops soon after.
 */
export function checkRole(config: PipeConfig, connections: PipeConnections): void {
  const { where, roleArn, sourceArn, targetArn, deadLetterArn } = config;
  const service = sourceArn.includes(':kinesis:') ? 'kinesis' : 'dynamodb';
  const needed = [
    ...SOURCE_ACTIONS[service].map((action) => [`${service}:${action}`, sourceArn] as const),
    [targetKind(where, targetArn).action, targetArn] as const,
    ...(deadLetterArn === undefined ? [] : [['sqs:SendMessage', deadLetterArn] as const]),
  ];
  for (const [action, resource] of needed) {
    try {
      connections.authorizeRole(roleArn, action, resource);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw invalidPipe(
        where,
        `needs ${action} on ${resource} in its role ${roleArn}: ${error.message}`,
      );
    }
  }
}
