import { AwsError } from '../core/aws-error';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_SYNC_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** A hundred bytes more than for requests: AWS's own error message gives this number. */
export const MAX_RESPONSE_BYTES = MAX_SYNC_PAYLOAD_BYTES + 100;

/** https://aws.amazon.com/about-aws/whats-new/2025/10/aws-lambda-payload-size-256-kb-1-mb-invocations/ */
export const MAX_ASYNC_PAYLOAD_BYTES = 1024 * 1024;

/** Throws RequestEntityTooLargeException for a payload that its invocation type does not take. */
export function checkPayloadSize(json: string, type: 'RequestResponse' | 'Event'): void {
  const bytes = Buffer.byteLength(json);
  if (type === 'Event' && bytes > MAX_ASYNC_PAYLOAD_BYTES) {
    throw tooLarge(
      `${bytes} byte payload is too large for the Event invocation type ` +
        `(limit ${MAX_ASYNC_PAYLOAD_BYTES} bytes)`,
    );
  }
  if (bytes > MAX_SYNC_PAYLOAD_BYTES) {
    throw tooLarge(
      `Request must be smaller than ${MAX_SYNC_PAYLOAD_BYTES} bytes for the InvokeFunction operation`,
    );
  }
}

function tooLarge(message: string): AwsError {
  return new AwsError('RequestEntityTooLargeException', message, 413);
}
