import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer as createSocketServer, type AddressInfo, type Socket } from 'node:net';
import { parseAwsRequest, type AwsRequest, type ServiceHandler } from './aws-request';

// https://www.rfc-editor.org/rfc/rfc9113#name-http-2-connection-preface
const HTTP2_PREFACE = 'PRI ';

export interface HttpServer {
  port: number;
  /** Stops listening and cuts open connections. */
  close(): Promise<void>;
}

/**
 * Serves AWS requests on the loopback interface, over HTTP/1.1 and, as the SDK's Kinesis client
 * wants it, over HTTP/2. Port 0 takes a free one. What a handler throws past its own protocol is a
 * fault of the emulator: it is answered as a 500 and handed to `onFault`.
 */
export async function serveAws(
  port: number,
  route: (request: AwsRequest) => ServiceHandler,
  onFault: (error: unknown, request: AwsRequest) => void,
): Promise<HttpServer> {
  const answer = (http: IncomingMessage, response: ServerResponse): void => {
    const request = parseAwsRequest(http, randomUUID());
    Promise.resolve()
      .then(() => route(request)(request, response))
      .catch((error: unknown) => {
        onFault(error, request);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
  };
  const http1 = createServer(answer);
  // Where this process is busy for longer, it would hang up before it has read the next request.
  http1.keepAliveTimeout = 0;
  const http2 = createHttp2Server((request, response) =>
    // Node's compatibility API: what a handler uses of them is the same.
    answer(request as unknown as IncomingMessage, response as unknown as ServerResponse),
  );
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Also before a protocol has taken it over: a client that hangs up is no fault.
    socket.on('error', () => socket.destroy());
    socket.once('data', (begun) => {
      socket.pause();
      socket.unshift(begun);
      const isHttp2 = begun.toString('latin1', 0, HTTP2_PREFACE.length) === HTTP2_PREFACE;
      (isHttp2 ? http2 : http1).emit('connection', socket);
      if (!isHttp2) socket.resume();
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
        for (const socket of sockets) socket.destroy();
      }),
  };
}
