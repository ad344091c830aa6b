import { AwsError } from '../core/aws-error';

/** SNS's own words for a parameter that it refuses; `what` names it and what was expected. */
export function invalidParameter(what: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${what}`);
}

/** `what` is Topic or Subscription. */
export function notFound(what: string, arn: string): AwsError {
  return new AwsError('NotFound', `${what} does not exist: ${arn}`, 404);
}

export function notEmulated(what: string): AwsError {
  return invalidParameter(`${what}: not emulated by the local AWS`);
}
