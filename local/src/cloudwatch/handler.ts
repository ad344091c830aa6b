import type { IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { ServiceHandler } from '../core/aws-request';
import { jsonProtocol, type JsonOperation } from '../core/json-protocol';
import { queryCode } from './cloudwatch-error';
import { callerOf, type CloudWatchOperation } from './operation';
import { readRequest } from './parameters';

/**
 * CloudWatch's API in AWS JSON 1.0, `X-Amz-Target: GraniteServiceVersion20100801.<operation>`. The
 * older Query protocol is refused.
 */
export function cloudWatchHandler(
  context: AwsContext,
  operations: Record<string, CloudWatchOperation>,
): ServiceHandler {
  return async (request, response) => {
    const { headers } = request.http;
    if (headers['x-amz-target'] === undefined) {
      response.writeHead(400, { 'content-type': 'text/xml' });
      response.end(
        '<ErrorResponse><Error><Type>Sender</Type><Code>UnsupportedProtocol</Code><Message>' +
          'The local CloudWatch speaks AWS JSON 1.0, as newer SDKs do, and not the Query or the ' +
          'CBOR protocol. Take a newer SDK.</Message></Error></ErrorResponse>',
      );
      return;
    }
    const named = Object.entries(operations).map(([name, run]): [string, JsonOperation] => [
      name,
      (input, { accessKeyId }) => {
        try {
          return run(readRequest(input), callerOf(context, accessKeyId));
        } catch (error) {
          if (error instanceof AwsError) {
            response.setHeader('x-amzn-query-error', `${queryCode(error.code)};Sender`);
          }
          throw error;
        }
      },
    ]);
    const zipped = headers['content-encoding'] === 'gzip';
    const http = zipped ? unzipped(request.http) : request.http;
    await jsonProtocol('1.0', Object.fromEntries(named))({ ...request, http }, response);
  };
}

/** SDKs compress what they put once it is large. */
function unzipped(http: IncomingMessage): IncomingMessage {
  // Of a request no more is read than its headers and, as a stream, its body.
  return Object.assign(http.pipe(createGunzip()), {
    headers: http.headers,
  }) as unknown as IncomingMessage;
}
