import type { Operation } from '../operation';
import { answerXml } from '../xml';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export const listBuckets: Operation = {
  name: 'ListBuckets',
  handle(request, response, { context, buckets }) {
    context.authorize(request.aws.accessKeyId, 's3:ListAllMyBuckets', '*');
    answerXml(response, 200, 'ListAllMyBucketsResult', {
      Buckets: {
        Bucket: buckets.list().map((bucket) => ({
          Name: bucket.name,
          CreationDate: new Date(bucket.createdAt).toISOString(),
          BucketRegion: context.region,
        })),
      },
      Owner: { ID: context.accountId },
    });
  },
};
