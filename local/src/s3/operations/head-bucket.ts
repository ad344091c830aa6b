import { enterBucket, type Operation } from '../operation';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export const headBucket: Operation = {
  name: 'HeadBucket',
  handle(request, response, services) {
    enterBucket(services, request, 's3:ListBucket');
    response.writeHead(200, { 'x-amz-bucket-region': services.context.region }).end();
  },
};
