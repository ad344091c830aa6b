import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

export interface HttpEndpoint {
  url: string;
  received: Received[];
  /** What it answers; undefined never answers. */
  status: number | undefined;
  /** Resolves when it has received so many requests. */
  receives(count: number): Promise<void>;
  close(): Promise<void>;
}

/** An HTTP endpoint that a test subscribes. */
export async function startHttpEndpoint(): Promise<HttpEndpoint> {
  const received: Received[] = [];
  let waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (endpoint.status !== undefined) response.writeHead(endpoint.status).end();
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      for (const { count, resolve } of waiting) if (received.length >= count) resolve();
      waiting = waiting.filter(({ count }) => received.length < count);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const endpoint: HttpEndpoint = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    status: 200,
    receives: (count) =>
      new Promise((resolve) => {
        if (received.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return endpoint;
}
