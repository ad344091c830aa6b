import { AwsError } from '../core/aws-error';

/** Something in a pipe's configuration that AWS would refuse, or that is not emulated. */
export function invalidPipe(where: string, what: string): AwsError {
  return new AwsError('ValidationException', `${where} ${what}.`);
}
