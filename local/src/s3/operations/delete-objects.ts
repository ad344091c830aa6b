import type { XmlContent } from '../../core/xml-element';
import { AwsError } from '../../core/aws-error';
import { CHECKSUM_ALGORITHMS, checksumHeader } from '../checksum';
import { matchCondition } from '../conditions';
import { deleteStoredObject } from '../delete-stored-object';
import type { Operation } from '../operation';
import { readXmlBody } from '../request-body';
import { s3Error } from '../s3-error';
import { arnOf, checkKey } from '../s3-request';
import { answerXml, childrenOf, parseXml, textOf } from '../xml';

const MOST_OBJECTS = 1000;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export const deleteObjects: Operation = {
  name: 'DeleteObjects',
  headers: CHECKSUM_ALGORITHMS.map(checksumHeader),
  async handle(request, response, services) {
    const { context, buckets } = services;
    const { bucket } = request;
    buckets.require(bucket);
    const body = parseXml(await readXmlBody(request), 'Delete');
    const objects = childrenOf(body, 'Object');
    if (objects.length === 0 || objects.length > MOST_OBJECTS) {
      throw s3Error('MalformedXML', `A request deletes 1 to ${MOST_OBJECTS} objects.`);
    }
    const quiet = textOf(body, 'Quiet')?.trim() === 'true';
    const deleted: XmlContent[] = [];
    const errors: XmlContent[] = [];
    for (const object of objects) {
      const key = textOf(object, 'Key');
      if (!key) throw s3Error('MalformedXML', 'Each <Object> must have a <Key>.');
      try {
        for (const member of ['VersionId', 'LastModifiedTime', 'Size']) {
          if (textOf(object, member) === undefined) continue;
          throw s3Error('NotImplemented', `The local S3 does not implement ${member} in a Delete.`);
        }
        checkKey(key);
        context.authorize(request.aws.accessKeyId, 's3:DeleteObject', arnOf({ bucket, key }));
        const etag = textOf(object, 'ETag');
        const condition = matchCondition(context, request, { bucket, key }, etag);
        await deleteStoredObject(services, request, { bucket, key }, condition);
        if (!quiet) deleted.push({ Key: key });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        errors.push({ Key: key, Code: error.code, Message: error.message });
      }
    }
    answerXml(response, 200, 'DeleteResult', { Deleted: deleted, Error: errors });
  },
};
