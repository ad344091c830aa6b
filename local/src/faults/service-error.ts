import type { ServerResponse } from 'node:http';
import type { AwsRequest } from '../core/aws-request';
import { answerXml } from '../s3/xml';

interface ServiceError {
  status: number;
  code: string;
  message: string;
  /** Further members. */
  details?: Record<string, string>;
}

const RATE = 'Rate exceeded';

/** How each service says that it is asked for too much, by its name in a signature. */
const THROTTLES: Record<string, ServiceError> = {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  s3: { status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
  dynamodb: {
    status: 400,
    code: 'ProvisionedThroughputExceededException',
    message: 'The level of configured provisioned throughput for the table was exceeded.',
  },
  // https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html
  kinesis: { status: 400, code: 'ProvisionedThroughputExceededException', message: RATE },
  // https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
  firehose: { status: 503, code: 'ServiceUnavailableException', message: 'Slow down.' },
  // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
  lambda: {
    status: 429,
    code: 'TooManyRequestsException',
    message: 'Rate Exceeded.',
    details: { Reason: 'CallerRateLimitExceeded' },
  },
  // https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html
  athena: { status: 400, code: 'TooManyRequestsException', message: RATE },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
  sqs: { status: 403, code: 'RequestThrottled', message: 'The request was denied: throttling.' },
  sns: { status: 400, code: 'Throttling', message: RATE },
  sts: { status: 400, code: 'Throttling', message: RATE },
};

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/CommonErrors.html */
const THROTTLE: ServiceError = { status: 400, code: 'ThrottlingException', message: RATE };

const INTERNAL_CODES: Record<string, string> = {
  s3: 'InternalError',
  dynamodb: 'InternalServerError',
  lambda: 'ServiceException',
  athena: 'InternalServerException',
  glue: 'InternalServiceException',
  events: 'InternalException',
  sns: 'InternalError',
  secretsmanager: 'InternalServiceError',
};

/** Answers that the service is asked for too much, or has an error of its own, in its own words. */
export function answerServiceError(
  kind: 'throttle' | 'error',
  request: AwsRequest,
  response: ServerResponse,
): void {
  const service = request.service ?? '';
  const error: ServiceError =
    kind === 'throttle'
      ? (THROTTLES[service] ?? THROTTLE)
      : {
          status: 500,
          code: INTERNAL_CODES[service] ?? 'InternalFailure',
          message: 'We encountered an internal error. Please try again.',
        };
  const { status, code, message, details } = error;
  const common = { 'x-amzn-requestid': request.requestId };
  const target = request.http.headers['x-amz-target'];
  if (service === 's3') {
    response.setHeader('x-amz-request-id', request.requestId);
    // The answer to a HEAD has no body.
    if (request.method === 'HEAD') response.writeHead(status).end();
    else {
      const content = { Code: code, Message: message, RequestId: request.requestId };
      answerXml(response, status, 'Error', content);
    }
  } else if (service === 'lambda') {
    response.writeHead(status, {
      ...common,
      'content-type': 'application/json',
      'x-amzn-errortype': code,
    });
    const type = status < 500 ? 'User' : 'Service';
    response.end(JSON.stringify({ Type: type, Message: message, ...details }));
  } else if (target !== undefined) {
    response.writeHead(status, { ...common, 'content-type': request.http.headers['content-type'] });
    response.end(JSON.stringify({ __type: code, message }));
  } else {
    response.writeHead(status, { ...common, 'content-type': 'text/xml' });
    response.end(
      `<ErrorResponse><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>` +
        `<Code>${code}</Code><Message>${message}</Message></Error>` +
        `<RequestId>${request.requestId}</RequestId></ErrorResponse>`,
    );
  }
}
