import { AwsError } from '../core/aws-error';

// https://docs.aws.amazon.com/athena/latest/APIReference/CommonErrors.html

/** @param code AthenaErrorCode, for programs */
export function invalidRequest(message: string, code = 'INVALID_INPUT'): AwsError {
  return new AwsError('InvalidRequestException', message, 400, {
    Message: message,
    AthenaErrorCode: code,
  });
}

/** What the Data Catalog says, as Athena passes it on. */
export function metadataError(message: string): AwsError {
  return new AwsError('MetadataException', message, 400, { Message: message });
}

export function resourceNotFound(message: string, name: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, 400, {
    Message: message,
    ResourceName: name,
  });
}
