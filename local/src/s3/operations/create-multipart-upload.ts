import { parseAlgorithm, type ChecksumType } from '../checksum';
import { checkDefaults, describedObject, OBJECT_HEADERS } from '../object-headers';
import { enterObject, tell, type Operation } from '../operation';
import { s3Error } from '../s3-error';
import type { S3Request } from '../s3-request';
import type { Upload } from '../upload-store';
import { answerXml } from '../xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export const createMultipartUpload: Operation = {
  name: 'CreateMultipartUpload',
  headers: [...OBJECT_HEADERS, 'x-amz-checksum-algorithm', 'x-amz-checksum-type'],
  handle(request, response, services) {
    enterObject(services, request, 's3:PutObject');
    checkDefaults(request);
    const { bucket, key } = request;
    const checksum = chosenChecksum(request);
    const upload = services.uploads.create({
      bucket,
      key,
      initiated: services.context.clock.now(),
      headers: describedObject(request),
      ...(checksum && { checksum }),
    });
    if (checksum) {
      response.setHeader('x-amz-checksum-algorithm', checksum.algorithm);
      response.setHeader('x-amz-checksum-type', checksum.type);
    }
    response.setHeader('x-amz-server-side-encryption', 'AES256');
    answerXml(response, 200, 'InitiateMultipartUploadResult', {
      Bucket: bucket,
      Key: key,
      UploadId: upload.uploadId,
    });
    tell(services, 'debug', 'upload begun', request);
  },
};

/**
 * Which types go with which algorithm:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
function chosenChecksum(request: S3Request): Upload['checksum'] {
  const name = request.header('x-amz-checksum-algorithm');
  const type = request.header('x-amz-checksum-type');
  if (name === undefined) {
    if (type === undefined) return undefined;
    throw s3Error('InvalidRequest', 'x-amz-checksum-type needs x-amz-checksum-algorithm with it.');
  }
  const algorithm = parseAlgorithm(name);
  const types: ChecksumType[] =
    algorithm === 'CRC64NVME'
      ? ['FULL_OBJECT']
      : algorithm === 'SHA1' || algorithm === 'SHA256'
        ? ['COMPOSITE']
        : ['COMPOSITE', 'FULL_OBJECT'];
  const chosen = type === undefined ? types[0] : types.find((each) => each === type);
  if (chosen) return { algorithm, type: chosen };
  throw s3Error(
    'InvalidRequest',
    `The ${String(type)} checksum type cannot be used with the ${algorithm} algorithm.`,
  );
}
