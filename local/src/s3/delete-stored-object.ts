import { deletedEvent } from './object-events';
import type { CheckCurrent } from './object-store';
import { tell, type S3Services } from './operation';
import type { ObjectRef, S3Request } from './s3-request';

/**
 * Deletes an object, with its event where the bucket has them on. An object that is not there is
 * no error, and no event.
 */
export async function deleteStoredObject(
  services: S3Services,
  request: S3Request,
  { bucket, key }: ObjectRef,
  check: CheckCurrent,
): Promise<void> {
  const { context, buckets, objects } = services;
  const { eventBridge } = buckets.require(bucket);
  const deleted = await objects.delete(
    { bucket, key },
    {
      check,
      ...(eventBridge && {
        event: (sequencer: string) => deletedEvent(context, request, { bucket, key, sequencer }),
      }),
    },
  );
  if (deleted) tell(services, 'info', 'object deleted', { bucket, key });
}
