import { AwsError } from '../core/aws-error';

export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export function resourceNotFound(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Requested resource not found: ${what}`);
}

/** An error whose body has members beyond the message: an item, the reasons of a cancellation. */
export function errorWith(code: string, message: string, members: object): AwsError {
  return new AwsError(code, message, 400, { ...members });
}
