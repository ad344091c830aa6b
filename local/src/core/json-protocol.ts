import type { ServerResponse } from 'node:http';
import { AwsError } from './aws-error';
import { readBody, type AwsRequest, type ServiceHandler } from './aws-request';

/** One operation: takes the decoded input, returns the output to be encoded. */
export type JsonOperation = (
  input: Record<string, unknown>,
  request: AwsRequest,
) => Promise<object> | object;

/**
 * The AWS JSON protocols 1.0 and 1.1: the operation is named by `X-Amz-Target`, input and output
 * are JSON bodies. https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
export function jsonProtocol(
  version: '1.0' | '1.1',
  operations: Record<string, JsonOperation>,
): ServiceHandler {
  return async (request, response) => {
    try {
      const target = String(request.http.headers['x-amz-target'] ?? '');
      const name = target.slice(target.lastIndexOf('.') + 1);
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) {
        throw new AwsError('UnknownOperationException', `The local AWS has no ${target || name}.`);
      }
      const input = parseInput((await readBody(request.http)).toString('utf8'));
      answerJson(response, request, version, 200, await operation(input, request));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const answer = { __type: error.code, message: error.message, ...error.details };
      answerJson(response, request, version, error.statusCode, answer);
    }
  };
}

function parseInput(body: string): Record<string, unknown> {
  if (body === '') return {};
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch (error) {
    throw new AwsError('SerializationException', (error as Error).message);
  }
}

function answerJson(
  response: ServerResponse,
  request: AwsRequest,
  version: string,
  status: number,
  body: object,
): void {
  response.writeHead(status, {
    'content-type': `application/x-amz-json-${version}`,
    'x-amzn-requestid': request.requestId,
  });
  response.end(JSON.stringify(body));
}
