import { CHECKSUM_ALGORITHMS, checksumHeader, type ChecksumAlgorithm } from '../checksum';
import { quoted } from '../object-record';
import { enterObject, humanSize, tell, type Operation } from '../operation';
import { openBody } from '../request-body';
import { s3Error } from '../s3-error';
import { wholeNumber } from '../s3-request';
import { discard, stageFile } from '../staged-file';
import type { Upload } from '../upload-store';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export const uploadPart: Operation = {
  name: 'UploadPart',
  headers: CHECKSUM_ALGORITHMS.map(checksumHeader),
  queries: ['partNumber', 'uploadId'],
  async handle(request, response, services) {
    const { context, uploads } = services;
    enterObject(services, request, 's3:PutObject');
    const number = wholeNumber(request, 'partNumber', { default: 0, least: 1, most: 10_000 });
    const uploadId = request.query('uploadId') ?? '';
    const upload = uploads.require(request, uploadId);
    const body = openBody(request, upload.checksum?.algorithm);
    checkAlgorithm(upload, body.algorithm);
    const staged = await stageFile(services.stagingFolder, body.chunks);
    const { md5, checksum } = body.digests();
    const etag = md5.toString('hex');
    const { size } = staged.identity;
    try {
      const lastModified = context.clock.now();
      const part = { number, etag, size, lastModified, ...(checksum && { checksum }) };
      uploads.putPart(uploadId, staged, part);
    } catch (error) {
      discard(staged);
      throw error;
    }
    tell(services, 'debug', 'part uploaded', request, `part ${number}, ${humanSize(size)}`);
    response.writeHead(200, {
      etag: quoted(etag),
      'content-length': 0,
      'x-amz-server-side-encryption': 'AES256',
      ...(checksum && { [checksumHeader(checksum.algorithm)]: checksum.value }),
    });
    response.end();
  },
};

function checkAlgorithm(upload: Upload, sent: ChecksumAlgorithm | undefined): void {
  const expected = upload.checksum;
  if (!expected || expected.algorithm === sent) return;
  // What covers the whole object is computed here anyway.
  if (expected.type === 'FULL_OBJECT' && sent === undefined) return;
  throw s3Error(
    'InvalidRequest',
    `Checksum Type mismatch occurred, expected checksum Type: ${expected.algorithm.toLowerCase()}, actual checksum Type: ${sent?.toLowerCase() ?? 'null'}`,
  );
}
