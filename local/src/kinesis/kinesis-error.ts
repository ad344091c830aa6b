import { AwsError } from '../core/aws-error';

/** A parameter that breaks a constraint of the API model. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** A parameter that is well formed, but means nothing here. */
export function invalidArgument(message: string): AwsError {
  return new AwsError('InvalidArgumentException', message);
}

export function notFound(what: string, accountId: string): AwsError {
  return new AwsError('ResourceNotFoundException', `${what} under account ${accountId} not found.`);
}
