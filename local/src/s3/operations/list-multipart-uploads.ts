import { compareKeys } from '../key-path';
import { keyEncoding } from '../list-page';
import { storageClassOf } from '../object-record';
import { enterBucket, type Operation } from '../operation';
import { wholeNumber } from '../s3-request';
import { answerXml } from '../xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html */
export const listMultipartUploads: Operation = {
  name: 'ListMultipartUploads',
  queries: ['prefix', 'key-marker', 'upload-id-marker', 'max-uploads', 'encoding-type'],
  handle(request, response, services) {
    enterBucket(services, request, 's3:ListBucketMultipartUploads');
    const encode = keyEncoding(request);
    const prefix = request.query('prefix') ?? '';
    const keyMarker = request.query('key-marker') ?? '';
    const idMarker = request.query('upload-id-marker') ?? '';
    const limit = { default: 1000, least: 1, most: 2 ** 31 - 1 };
    const maxUploads = Math.min(wholeNumber(request, 'max-uploads', limit), 1000);
    const owner = { ID: services.context.accountId };

    const uploads = services.uploads
      .list(request.bucket)
      .filter((upload) => upload.key.startsWith(prefix))
      .sort((a, b) => compareKeys(a.key, b.key) || a.initiated - b.initiated);
    // Both markers together name the upload that the last page ended with.
    const ended = uploads.findIndex(
      (upload) => upload.key === keyMarker && upload.uploadId === idMarker,
    );
    const rest =
      ended >= 0
        ? uploads.slice(ended + 1)
        : uploads.filter((upload) => compareKeys(upload.key, keyMarker) > 0);
    const page = rest.slice(0, maxUploads);
    const last = rest.length > page.length ? page.at(-1) : undefined;
    answerXml(response, 200, 'ListMultipartUploadsResult', {
      Bucket: request.bucket,
      KeyMarker: encode(keyMarker),
      UploadIdMarker: idMarker,
      NextKeyMarker: last && encode(last.key),
      NextUploadIdMarker: last?.uploadId,
      Prefix: encode(prefix),
      EncodingType: request.query('encoding-type'),
      MaxUploads: maxUploads,
      IsTruncated: last !== undefined,
      Upload: page.map((upload) => ({
        Key: encode(upload.key),
        UploadId: upload.uploadId,
        Initiator: owner,
        Owner: owner,
        StorageClass: storageClassOf(upload),
        Initiated: new Date(upload.initiated).toISOString(),
        ChecksumAlgorithm: upload.checksum?.algorithm,
        ChecksumType: upload.checksum?.type,
      })),
    });
  },
};
