import { createServer, type AddressInfo } from 'node:net';

/** An endpoint that takes connections and hangs up on each, until closed. */
export async function openBrokenEndpoint(): Promise<{ endpoint: string; close: () => void }> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, close: () => server.close() };
}
