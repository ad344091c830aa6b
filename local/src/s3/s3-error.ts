import { AwsError } from '../core/aws-error';

// Status and text by code: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
const ERRORS = {
  AccessDenied: [403, 'Access Denied'],
  BadDigest: [400, 'The digest you specified did not match what was received.'],
  BucketAlreadyOwnedByYou: [409, 'The bucket you tried to create exists already, and you own it.'],
  BucketNotEmpty: [409, 'The bucket you tried to delete is not empty.'],
  EntityTooLarge: [400, 'The upload is larger than the largest object a single PUT may write.'],
  EntityTooSmall: [400, 'Every part but the last has to be at least 5 MiB.'],
  IllegalLocationConstraintException: [400, 'The location constraint is not the region asked.'],
  IncompleteBody: [400, 'The body has not as many bytes as the request announced.'],
  InvalidArgument: [400, 'Invalid argument.'],
  InvalidBucketName: [400, 'The specified bucket is not valid.'],
  InvalidDigest: [400, 'The Content-MD5 you specified is not valid.'],
  InvalidPart: [400, 'A part of the list was not uploaded, or its digest is another.'],
  InvalidPartOrder: [400, 'The list of parts was not in ascending order of part numbers.'],
  InvalidRange: [416, 'The requested range is not satisfiable.'],
  InvalidRequest: [400, 'Invalid request.'],
  InvalidStorageClass: [400, 'The storage class you specified is not valid.'],
  InvalidURI: [400, 'The URI could not be decoded.'],
  KeyTooLongError: [400, 'Your key is too long.'],
  MalformedTrailerError: [400, 'The trailing checksum that was announced is missing or malformed.'],
  MalformedXML: [400, 'The XML you provided is not well-formed or does not fit the schema.'],
  MetadataTooLarge: [400, 'Your metadata headers exceed the maximum allowed metadata size.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  NoSuchBucket: [404, 'The specified bucket does not exist.'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchUpload: [404, 'The multipart upload does not exist: aborted, completed or never begun.'],
  NotImplemented: [501, 'The local S3 does not implement this.'],
  OperationAborted: [409, 'A conflicting operation is in progress. Try again.'],
  PreconditionFailed: [412, 'At least one of the preconditions you specified did not hold.'],
  XAmzContentSHA256Mismatch: [400, 'x-amz-content-sha256 does not match what was received.'],
} as const satisfies Record<string, readonly [number, string]>;

export type S3ErrorCode = keyof typeof ERRORS;

/** An error with the status that S3 answers its code with. `details` become members of the XML. */
export function s3Error(
  code: S3ErrorCode,
  message?: string,
  details: Record<string, string> = {},
): AwsError {
  const [status, text] = ERRORS[code];
  return new AwsError(code, message ?? text, status, details);
}

/** The status that S3 answers `error` with, also where another service's code threw it. */
export function statusOf(error: AwsError): number {
  return error.code in ERRORS ? ERRORS[error.code as S3ErrorCode][0] : error.statusCode;
}
