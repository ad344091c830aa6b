import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseAwsRequest, type AwsRequest, type ServiceHandler } from './aws-request';

export interface HttpServer {
  port: number;
  /** Stops listening and cuts open connections. */
  close(): Promise<void>;
}

/**
 * Serves AWS requests on the loopback interface. Port 0 takes a free one. What a handler throws
 * past its own protocol is a fault of the emulator: it is answered as a 500 and handed to
 * `onFault`.
 */
export async function serveAws(
  port: number,
  route: (request: AwsRequest) => ServiceHandler,
  onFault: (error: unknown, request: AwsRequest) => void,
): Promise<HttpServer> {
  const server = createServer((http, response) => {
    const request = parseAwsRequest(http, randomUUID());
    Promise.resolve()
      .then(() => route(request)(request, response))
      .catch((error: unknown) => {
        onFault(error, request);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
