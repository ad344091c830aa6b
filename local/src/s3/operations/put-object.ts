import { CHECKSUM_ALGORITHMS, checksumHeader, checksumHeaders } from '../checksum';
import { writeCondition } from '../conditions';
import { checkDefaults, describedObject, OBJECT_HEADERS } from '../object-headers';
import { quoted } from '../object-record';
import { enterObject, type Operation } from '../operation';
import { openBody } from '../request-body';
import { stageFile } from '../staged-file';
import { storeObject } from '../store-object';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export const putObject: Operation = {
  name: 'PutObject',
  headers: [...OBJECT_HEADERS, ...CHECKSUM_ALGORITHMS.map(checksumHeader)],
  async handle(request, response, services) {
    enterObject(services, request, 's3:PutObject');
    checkDefaults(request);
    const headers = describedObject(request);
    const condition = writeCondition(services.context, request);
    const body = openBody(request);
    const staged = await stageFile(services.stagingFolder, body.chunks);
    const { md5, checksum } = body.digests();
    const description = { etag: md5.toString('hex'), headers, ...(checksum && { checksum }) };
    const record = await storeObject(
      services,
      request,
      staged,
      description,
      'PutObject',
      condition,
    );
    response.writeHead(200, {
      etag: quoted(record.etag),
      'content-length': 0,
      'x-amz-server-side-encryption': 'AES256',
      ...checksumHeaders(checksum),
    });
    response.end();
  },
};
