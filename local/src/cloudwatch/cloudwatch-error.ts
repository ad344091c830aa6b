import { AwsError } from '../core/aws-error';

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CommonErrors.html

/** The codes of the Query protocol where they are not those of the JSON protocol. */
const QUERY_CODES: Record<string, string> = {
  DashboardInvalidInputError: 'InvalidParameterInput',
  DashboardNotFoundError: 'ResourceNotFound',
  InvalidParameterCombinationException: 'InvalidParameterCombination',
  InvalidParameterValueException: 'InvalidParameterValue',
  MissingRequiredParameterException: 'MissingParameter',
  ValidationException: 'ValidationError',
};

/** What SDKs read off a header, because programs still compare with it. */
export function queryCode(code: string): string {
  return QUERY_CODES[code] ?? code;
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}

export function invalidCombination(message: string): AwsError {
  return new AwsError('InvalidParameterCombinationException', message);
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFound', message, 404);
}
