import { createReadStream } from 'node:fs';
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import {
  CHECKSUM_ALGORITHMS,
  checksumElements,
  checksumHeader,
  compositeChecksum,
  digesting,
  startChecksum,
  type Checksum,
  type ChecksumAlgorithm,
  type Digest,
} from '../checksum';
import { writeCondition } from '../conditions';
import { quoted, unquoted, type ObjectRecord } from '../object-record';
import { enterObject, type Operation, type S3Services } from '../operation';
import { readXmlBody } from '../request-body';
import { s3Error } from '../s3-error';
import type { S3Request } from '../s3-request';
import { discard, stageFile, type StagedFile } from '../staged-file';
import { storeObject } from '../store-object';
import type { Upload, UploadedPart } from '../upload-store';
import { answerXml, childrenOf, parseXml, textOf, type XmlElement } from '../xml';

const SMALLEST_PART = 5 * 1024 ** 2;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export const completeMultipartUpload: Operation = {
  name: 'CompleteMultipartUpload',
  headers: [
    ...CHECKSUM_ALGORITHMS.map(checksumHeader),
    'x-amz-checksum-type',
    'x-amz-mp-object-size',
  ],
  queries: ['uploadId'],
  async handle(request, response, services) {
    const { context, uploads } = services;
    enterObject(services, request, 's3:PutObject');
    const uploadId = request.query('uploadId') ?? '';
    const condition = writeCondition(context, request);
    const list = childrenOf(parseXml(await xmlOf(request), 'CompleteMultipartUpload'), 'Part');
    const stored = await services.objects.find(request);
    if (!uploads.has(uploadId) && stored?.uploadId === uploadId) {
      // The client repeats a request whose answer it missed.
      answer(request, response, services, stored);
      return;
    }
    const upload = uploads.require(request, uploadId);
    const parts = chosenParts(list, uploads.parts(uploadId), upload);
    checkSize(request, parts);

    const { staged, checksum } = await assemble(services, request, upload, parts);
    const record = await storeObject(
      services,
      request,
      staged,
      {
        etag: multipartEtag(parts),
        headers: upload.headers,
        ...(checksum && { checksum }),
        uploadId,
      },
      'CompleteMultipartUpload',
      (current) => {
        uploads.require(request, uploadId);
        condition(current);
      },
    );
    uploads.remove(uploadId);
    answer(request, response, services, record);
  },
};

// Here the checksum headers are about the object, not about the body.
function xmlOf(request: S3Request): Promise<Buffer> {
  const header = (name: string) =>
    name.startsWith('x-amz-checksum-') ? undefined : request.header(name);
  return readXmlBody({ ...request, header });
}

function chosenParts(list: XmlElement[], uploaded: UploadedPart[], upload: Upload): UploadedPart[] {
  if (list.length === 0) throw s3Error('MalformedXML', 'The list of parts is empty.');
  const parts: UploadedPart[] = [];
  for (const item of list) {
    const number = Number(textOf(item, 'PartNumber'));
    if (!Number.isInteger(number)) {
      throw s3Error('MalformedXML', 'Each <Part> must have a <PartNumber>.');
    }
    if (number <= (parts.at(-1)?.number ?? 0)) throw s3Error('InvalidPartOrder');
    const part = uploaded.find((each) => each.number === number);
    if (!part || !isDescribedBy(part, item)) {
      const details = { UploadId: upload.uploadId, PartNumber: String(number) };
      throw s3Error('InvalidPart', undefined, details);
    }
    checkHasChecksum(item, number, upload);
    parts.push(part);
  }
  for (const part of parts.slice(0, -1)) {
    if (part.size < SMALLEST_PART) {
      throw s3Error('EntityTooSmall', undefined, {
        ProposedSize: String(part.size),
        MinSizeAllowed: String(SMALLEST_PART),
        PartNumber: String(part.number),
        ETag: part.etag,
      });
    }
  }
  return parts;
}

function isDescribedBy(part: UploadedPart, item: XmlElement): boolean {
  if (unquoted(textOf(item, 'ETag') ?? '') !== part.etag) return false;
  return CHECKSUM_ALGORITHMS.every((algorithm) => {
    const claimed = textOf(item, `Checksum${algorithm}`);
    return (
      claimed === undefined ||
      (part.checksum?.algorithm === algorithm && part.checksum.value === claimed)
    );
  });
}

function checkHasChecksum(item: XmlElement, number: number, { checksum }: Upload): void {
  if (checksum?.type !== 'COMPOSITE') return;
  if (textOf(item, `Checksum${checksum.algorithm}`) !== undefined) return;
  throw s3Error(
    'InvalidRequest',
    `The upload was created using a ${checksum.algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
  );
}

function checkSize(request: S3Request, parts: UploadedPart[]): void {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const expected = request.header('x-amz-mp-object-size');
  if (expected === undefined || Number(expected) === size) return;
  throw s3Error('InvalidRequest', `The parts have ${size} bytes, not the ${expected} expected.`);
}

/** Joins the parts to one file, with the object's checksum where it has one. */
async function assemble(
  services: S3Services,
  request: S3Request,
  upload: Upload,
  parts: UploadedPart[],
): Promise<{ staged: StagedFile; checksum: Checksum | undefined }> {
  const claimed = CHECKSUM_ALGORITHMS.find((each) => request.header(checksumHeader(each)));
  const algorithm = upload.checksum?.algorithm ?? claimed;
  const isComposite = upload.checksum?.type === 'COMPOSITE';
  const running = algorithm && !isComposite ? startChecksum(algorithm) : undefined;
  const bytes = digesting(bytesOf(services, upload.uploadId, parts), running ? [running] : []);
  let staged: StagedFile;
  try {
    staged = await stageFile(services.stagingFolder, bytes);
  } catch (error) {
    services.uploads.require(request, upload.uploadId); // Its files may have gone with it.
    throw error;
  }
  try {
    const checksum = algorithm && checksumOf(algorithm, running, parts);
    if (checksum) checkChecksum(request, checksum);
    return { staged, checksum };
  } catch (error) {
    discard(staged);
    throw error;
  }
}

function checksumOf(
  algorithm: ChecksumAlgorithm,
  running: Digest | undefined,
  parts: UploadedPart[],
): Checksum {
  if (running) {
    return { algorithm, type: 'FULL_OBJECT', value: running.digest().toString('base64') };
  }
  return compositeChecksum(
    algorithm,
    parts.map((part) => part.checksum?.value ?? ''),
  );
}

async function* bytesOf(
  { uploads }: S3Services,
  uploadId: string,
  parts: UploadedPart[],
): AsyncGenerator<Buffer> {
  for (const part of parts) {
    const bytes = createReadStream(uploads.partPath(uploadId, part), { highWaterMark: 1024 ** 2 });
    yield* bytes as AsyncIterable<Buffer>;
  }
}

function checkChecksum(request: S3Request, checksum: Checksum): void {
  const type = request.header('x-amz-checksum-type');
  if (type !== undefined && type !== checksum.type) {
    throw s3Error('InvalidRequest', `The upload's checksum type is ${checksum.type}, not ${type}.`);
  }
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const claimed = request.header(checksumHeader(algorithm));
    if (claimed === undefined) continue;
    if (algorithm !== checksum.algorithm || claimed !== checksum.value) {
      throw s3Error(
        'BadDigest',
        `The ${algorithm} you specified did not match the calculated checksum.`,
      );
    }
  }
}

/** The MD5 of the parts' MD5s: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html */
function multipartEtag(parts: UploadedPart[]): string {
  const digest = createHash('md5');
  for (const part of parts) digest.update(Buffer.from(part.etag, 'hex'));
  return `${digest.digest('hex')}-${parts.length}`;
}

function answer(
  request: S3Request,
  response: ServerResponse,
  { context }: S3Services,
  record: ObjectRecord,
): void {
  const { bucket, key } = request;
  response.setHeader('x-amz-server-side-encryption', 'AES256');
  answerXml(response, 200, 'CompleteMultipartUploadResult', {
    Location: `${context.endpoint()}/${bucket}/${encodeURIComponent(key)}`,
    Bucket: bucket,
    Key: key,
    ETag: quoted(record.etag),
    ...checksumElements(record.checksum),
  });
}
