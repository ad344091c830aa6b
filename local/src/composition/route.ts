import type { AwsRequest, ServiceHandler } from '../core/aws-request';
import { INTERNAL_PREFIX } from './internal-api';

/**
 * Finds who answers a request: by path for saleslake's own, otherwise by the service that the
 * signature's credential scope names.
 */
export function route(
  request: AwsRequest,
  internal: ServiceHandler,
  services: Record<string, ServiceHandler>,
): ServiceHandler {
  if (request.path.startsWith(INTERNAL_PREFIX)) return internal;
  const { service } = request;
  if (service !== undefined && Object.hasOwn(services, service) && services[service]) {
    return services[service];
  }
  const known = Object.keys(services).join(', ');
  return service === undefined
    ? refuse(
        'MissingAuthenticationToken',
        'The request is not signed. The local AWS takes any credentials, but needs the ' +
          'signature to know which service is meant; it has: ' +
          known,
      )
    : refuse(
        'UnsupportedOperation',
        `The local AWS has no service ${service}; it has: ${known}. ` +
          'Unset AWS_ENDPOINT_URL for this client to reach AWS itself.',
      );
}

// Not a 5xx, which clients would repeat. The form is the one that the client of the service reads.
function refuse(code: string, message: string): ServiceHandler {
  return (request, response) => {
    const type = request.http.headers['content-type'] ?? '';
    if (type.includes('json') || 'x-amz-target' in request.http.headers) {
      response.writeHead(400, { 'content-type': type, 'x-amzn-errortype': code });
      response.end(JSON.stringify({ __type: code, message }));
    } else {
      response.writeHead(400, { 'content-type': 'text/xml', 'x-amzn-errortype': code });
      response.end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code>` +
          `<Message>${message}</Message></Error></ErrorResponse>`,
      );
    }
    return Promise.resolve();
  };
}
