import { S3Client } from '@aws-sdk/client-s3';

/**
 * The S3 client of a function. Where it talks to is the environment's business: the SDK reads
 * AWS_ENDPOINT_URL, AWS_REGION and the credentials itself.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export function createS3Client(): S3Client {
  // An endpoint that is an IP address has no virtual-hosted bucket names.
  return new S3Client({ forcePathStyle: process.env['AWS_ENDPOINT_URL'] !== undefined });
}
