import { enterObject, tell, type Operation } from '../operation';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export const abortMultipartUpload: Operation = {
  name: 'AbortMultipartUpload',
  queries: ['uploadId'],
  handle(request, response, services) {
    enterObject(services, request, 's3:AbortMultipartUpload');
    const { uploadId } = services.uploads.require(request, request.query('uploadId') ?? '');
    services.uploads.remove(uploadId);
    tell(services, 'info', 'upload aborted', request);
    response.writeHead(204).end();
  },
};
