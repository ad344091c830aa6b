import { createdEvent, type CreationReason } from './object-events';
import type { ObjectRecord } from './object-record';
import type { CheckCurrent } from './object-store';
import { humanSize, tell, type S3Services } from './operation';
import type { S3Request } from './s3-request';
import { discard, type StagedFile } from './staged-file';

/**
 * Makes a staged file the object of the request's key, with its event where the bucket has them
 * on. Where `check` refuses, the staged file is removed.
 */
export async function storeObject(
  services: S3Services,
  request: S3Request,
  staged: StagedFile,
  description: Omit<ObjectRecord, 'size' | 'lastModified'>,
  reason: CreationReason,
  check: CheckCurrent,
): Promise<ObjectRecord> {
  const { context, buckets, objects } = services;
  const { bucket, key } = request;
  const record: ObjectRecord = {
    ...description,
    size: staged.identity.size,
    lastModified: context.clock.now(),
  };
  try {
    // Asked anew: the bucket may have gone while the body came in.
    const { eventBridge } = buckets.require(bucket);
    await objects.put({ bucket, key }, staged, record, {
      check: (current) => {
        buckets.require(bucket);
        check(current);
      },
      ...(eventBridge && {
        event: (sequencer: string) =>
          createdEvent(context, request, { bucket, key, record, sequencer, reason }),
      }),
    });
  } catch (error) {
    discard(staged);
    throw error;
  }
  tell(services, 'info', 'object created', request, humanSize(record.size));
  return record;
}
