import { AwsError } from '../core/aws-error';

/** What Firehose answers to parameters it does not accept. */
export function invalidArgument(message: string): AwsError {
  return new AwsError('InvalidArgumentException', message);
}
