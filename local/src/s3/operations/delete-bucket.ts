import { enterBucket, tell, type Operation } from '../operation';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html */
export const deleteBucket: Operation = {
  name: 'DeleteBucket',
  handle(request, response, services) {
    enterBucket(services, request, 's3:DeleteBucket');
    services.buckets.delete(request.bucket);
    for (const { uploadId } of services.uploads.list(request.bucket)) {
      services.uploads.remove(uploadId);
    }
    tell(services, 'info', 'bucket deleted', request);
    response.writeHead(204).end();
  },
};
