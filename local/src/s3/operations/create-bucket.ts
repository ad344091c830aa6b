import { tell, type Operation } from '../operation';
import { checkDefaults } from '../object-headers';
import { readXmlBody } from '../request-body';
import { s3Error } from '../s3-error';
import { arnOf } from '../s3-request';
import { parseXml, textOf } from '../xml';

/**
 * A bucket made by this operation sends no events: that takes a template.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
 */
export const createBucket: Operation = {
  name: 'CreateBucket',
  headers: ['x-amz-acl'],
  async handle(request, response, services) {
    const { context, buckets } = services;
    const name = request.bucket;
    context.authorize(request.aws.accessKeyId, 's3:CreateBucket', arnOf(request));
    checkDefaults(request);
    const body = await readXmlBody(request);
    if (body.length > 0) {
      const region = textOf(parseXml(body, 'CreateBucketConfiguration'), 'LocationConstraint');
      if (region !== undefined && region !== context.region) {
        throw s3Error(
          'IllegalLocationConstraintException',
          `The ${region} location constraint is incompatible with the region ${context.region}.`,
        );
      }
    }
    if (buckets.has(name)) {
      // The oldest region alone lets an owner create a bucket twice.
      if (context.region !== 'us-east-1') {
        throw s3Error('BucketAlreadyOwnedByYou', undefined, { BucketName: name });
      }
    } else {
      buckets.put({ name, eventBridge: false });
      tell(services, 'info', 'bucket created', request);
    }
    response.setHeader('location', `/${name}`);
    response.setHeader('x-amz-bucket-arn', arnOf(request));
    response.writeHead(200, { 'content-length': 0 }).end();
  },
};
