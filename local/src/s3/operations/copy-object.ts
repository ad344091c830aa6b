import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  checksumElements,
  checksumHeaders,
  digesting,
  parseAlgorithm,
  startChecksum,
  type Checksum,
} from '../checksum';
import {
  COPY_SOURCE_CONDITIONS,
  isWanted,
  preconditionFailed,
  writeCondition,
} from '../conditions';
import { checkDefaults, describedObject, OBJECT_HEADERS, storageClass } from '../object-headers';
import { quoted } from '../object-record';
import { enterObject, noSuchKey, type Operation } from '../operation';
import { s3Error } from '../s3-error';
import { arnOf, decodeUri, type ObjectRef, type S3Request } from '../s3-request';
import { stageFile } from '../staged-file';
import { storeObject } from '../store-object';
import { answerXml } from '../xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
export const copyObject: Operation = {
  name: 'CopyObject',
  headers: [
    ...OBJECT_HEADERS,
    ...COPY_SOURCE_CONDITIONS,
    'x-amz-checksum-algorithm',
    'x-amz-copy-source',
    'x-amz-metadata-directive',
  ],
  async handle(request, response, services) {
    const { context, buckets, objects } = services;
    enterObject(services, request, 's3:PutObject');
    checkDefaults(request);
    const source = copySource(request);
    buckets.require(source.bucket);
    context.authorize(request.aws.accessKeyId, 's3:GetObject', arnOf(source));
    const condition = writeCondition(context, request);
    const replacesMetadata = isReplacing(request, source);
    const described = describedObject(request);
    const chosen = request.header('x-amz-checksum-algorithm');
    const chosenAlgorithm = chosen === undefined ? undefined : parseAlgorithm(chosen);

    const object = await objects.open(source);
    if (!object) throw noSuchKey(services, request, source);
    const { fd, record } = object;
    const bytes = createReadStream('', { fd });
    const md5 = createHash('md5');
    const algorithm = chosenAlgorithm ?? record.checksum?.algorithm;
    const running = algorithm && startChecksum(algorithm);
    try {
      if (!isWanted(request, record, 'x-amz-copy-source-')) {
        throw preconditionFailed('x-amz-copy-source');
      }
    } catch (error) {
      bytes.destroy();
      throw error;
    }
    const chunks = digesting(bytes, running ? [md5, running] : [md5]);
    const staged = await stageFile(services.stagingFolder, chunks);
    const checksum: Checksum | undefined = algorithm &&
      running && { algorithm, type: 'FULL_OBJECT', value: running.digest().toString('base64') };
    const copy = await storeObject(
      services,
      request,
      staged,
      {
        etag: md5.digest('hex'),
        headers: replacesMetadata
          ? described
          : { ...withoutStorageClass(record.headers), ...storageClass(request) },
        ...(checksum && { checksum }),
      },
      'CopyObject',
      condition,
    );
    response.setHeader('x-amz-server-side-encryption', 'AES256');
    for (const [name, value] of Object.entries(checksumHeaders(checksum))) {
      response.setHeader(name, value);
    }
    answerXml(response, 200, 'CopyObjectResult', {
      LastModified: new Date(copy.lastModified).toISOString(),
      ETag: quoted(copy.etag),
      ...checksumElements(checksum),
    });
  },
};

function copySource(request: S3Request): ObjectRef {
  const header = request.header('x-amz-copy-source') ?? '';
  const [path = '', query] = header.split('?');
  if (query !== undefined) {
    throw s3Error('NotImplemented', `The local S3 does not implement ?${query} in a copy source.`);
  }
  const source = decodeUri(path).replace(/^\//, '');
  const slash = source.indexOf('/');
  if (slash > 0 && slash < source.length - 1 && !source.startsWith('arn:')) {
    return { bucket: source.slice(0, slash), key: source.slice(slash + 1) };
  }
  throw s3Error('InvalidArgument', 'x-amz-copy-source must be <bucket>/<key>, percent-encoded.', {
    ArgumentName: 'x-amz-copy-source',
    ArgumentValue: header,
  });
}

function isReplacing(request: S3Request, source: ObjectRef): boolean {
  const directive = request.header('x-amz-metadata-directive') ?? 'COPY';
  if (directive === 'REPLACE') return true;
  if (directive !== 'COPY') {
    throw s3Error('InvalidArgument', 'x-amz-metadata-directive must be COPY or REPLACE.');
  }
  const changes =
    request.header('x-amz-storage-class') ?? request.header('x-amz-checksum-algorithm');
  if (source.bucket === request.bucket && source.key === request.key && changes === undefined) {
    throw s3Error(
      'InvalidRequest',
      'A copy of an object to itself must change its metadata, storage class or checksum.',
    );
  }
  return false;
}

// A copy has the class that its own request names.
function withoutStorageClass(headers: Record<string, string>): Record<string, string> {
  const rest = { ...headers };
  delete rest['x-amz-storage-class'];
  return rest;
}
