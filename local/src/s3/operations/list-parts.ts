import { quoted, storageClassOf } from '../object-record';
import { enterObject, type Operation } from '../operation';
import { wholeNumber } from '../s3-request';
import { answerXml } from '../xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html */
export const listParts: Operation = {
  name: 'ListParts',
  queries: ['uploadId', 'max-parts', 'part-number-marker'],
  handle(request, response, services) {
    enterObject(services, request, 's3:ListMultipartUploadParts');
    const upload = services.uploads.require(request, request.query('uploadId') ?? '');
    const most = 2 ** 31 - 1;
    const asked = wholeNumber(request, 'max-parts', { default: 1000, least: 0, most });
    const maxParts = Math.min(asked, 1000);
    const marker = wholeNumber(request, 'part-number-marker', { default: 0, least: 0, most });
    const parts = services.uploads.parts(upload.uploadId).filter((part) => part.number > marker);
    const page = parts.slice(0, maxParts);
    const isTruncated = maxParts > 0 && parts.length > page.length;
    answerXml(response, 200, 'ListPartsResult', {
      Bucket: request.bucket,
      Key: request.key,
      UploadId: upload.uploadId,
      Initiator: { ID: services.context.accountId },
      Owner: { ID: services.context.accountId },
      StorageClass: storageClassOf(upload),
      PartNumberMarker: marker,
      NextPartNumberMarker: isTruncated ? page.at(-1)?.number : undefined,
      MaxParts: maxParts,
      IsTruncated: isTruncated,
      ChecksumAlgorithm: upload.checksum?.algorithm,
      ChecksumType: upload.checksum?.type,
      Part: page.map((part) => ({
        PartNumber: part.number,
        LastModified: new Date(part.lastModified).toISOString(),
        ETag: quoted(part.etag),
        Size: part.size,
        ...(part.checksum && { [`Checksum${part.checksum.algorithm}`]: part.checksum.value }),
      })),
    });
  },
};
