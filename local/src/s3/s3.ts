import { rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { AwsRequest, ServiceHandler } from '../core/aws-request';
import type { PublishEvent } from '../core/event';
import { openBucketStore, type BucketConfig } from './bucket-store';
import { openObjectStore } from './object-store';
import type { S3Services } from './operation';
import { openOutbox } from './outbox';
import { operationFor } from './routes';
import { s3Error, statusOf } from './s3-error';
import { parseS3Request, type S3Request } from './s3-request';
import { openSequencer } from './sequencer';
import { openUploadStore } from './upload-store';
import { answerXml } from './xml';

export type { BucketConfig } from './bucket-store';

export interface S3 {
  handler: ServiceHandler;
  /** Creates the bucket, or takes over the configuration of one that stands already. */
  createBucket(config: BucketConfig): void;
  /** Folder whose files are the bucket's objects: `<stateDir>/s3/<bucket>`. */
  bucketFolder(name: string): string;
  buckets(): BucketConfig[];
  /**
   * Finishes what a killed process left: publishes the events of changes that it made, removes
   * files that it did not get to their places. To be called once, when the rules that events go
   * to exist and before the first request.
   */
  recover(): void;
}

/**
 * Opens the local S3 on its state: objects in `<stateDir>/s3`, what goes with them in folders
 * named `s3-…` beside it. `publish` gets the events of buckets that have EventBridge on.
 */
export function openS3(context: AwsContext, publish: PublishEvent): S3 {
  const { stateDir, clock } = context;
  const recordFolder = join(stateDir, 's3-meta');
  const stagingFolder = join(stateDir, 's3-tmp');
  const buckets = openBucketStore({
    configFolder: join(stateDir, 's3-buckets'),
    objectFolder: join(stateDir, 's3'),
    recordFolder,
    clock,
  });
  const outbox = openOutbox(join(stateDir, 's3-outbox'), publish);
  const objects = openObjectStore({
    bucketFolder: (name) => buckets.folder(name),
    recordFolder,
    outbox,
    nextSequencer: openSequencer(join(stateDir, 's3-sequencer'), clock),
  });
  const uploads = openUploadStore(join(stateDir, 's3-multipart'));
  const services: S3Services = { context, buckets, objects, uploads, stagingFolder };

  return {
    handler: (request, response) => answer(request, response, services),
    createBucket: (config) => buckets.put(config),
    bucketFolder: (name) => buckets.folder(name),
    buckets: () => buckets.list().map(({ name, eventBridge }) => ({ name, eventBridge })),
    recover() {
      outbox.recover(({ object, change, file }) =>
        change === 'created' ? objects.holds(object, file) : !objects.holds(object, file),
      );
      rmSync(stagingFolder, { recursive: true, force: true });
    },
  };
}

async function answer(
  aws: AwsRequest,
  response: ServerResponse,
  services: S3Services,
): Promise<void> {
  response.setHeader('x-amz-request-id', aws.requestId);
  try {
    const request = parseS3Request(aws);
    const operation = operationFor(request);
    checkOwner(request, services.context);
    await operation.handle(request, response, services);
  } catch (error) {
    if (!(error instanceof AwsError) || response.headersSent) throw error;
    answerError(aws, response, error);
  }
}

function checkOwner(request: S3Request, { accountId }: AwsContext): void {
  for (const name of ['x-amz-expected-bucket-owner', 'x-amz-source-expected-bucket-owner']) {
    const owner = request.header(name);
    if (owner !== undefined && owner !== accountId) {
      throw s3Error('AccessDenied', `The bucket's owner is ${accountId}, not ${owner}.`);
    }
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses */
function answerError(aws: AwsRequest, response: ServerResponse, error: AwsError): void {
  const status = statusOf(error);
  // The answer to a HEAD has no body: its status is all the client learns.
  if (aws.method === 'HEAD') response.writeHead(status).end();
  else {
    answerXml(response, status, 'Error', {
      Code: error.code,
      Message: error.message,
      Resource: aws.path,
      ...error.details,
      RequestId: aws.requestId,
    });
  }
}
