import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { serveAws, type HttpServer } from '../../src/core/http-server';
import { jsonProtocol } from '../../src/core/json-protocol';

const credentials = { accessKeyId: 'k', secretAccessKey: 's' };

describe('the HTTP server', () => {
  const faults: unknown[] = [];
  let server: HttpServer;
  const client = (): { endpoint: string; region: string; credentials: typeof credentials } => ({
    endpoint: `http://127.0.0.1:${server.port}`,
    region: 'us-east-1',
    credentials,
  });

  beforeEach(async () => {
    const handler = jsonProtocol('1.1', {
      ListStreams: (_, request) => ({ StreamNames: [request.http.httpVersion] }),
      ListQueues: (_, request) => ({ QueueUrls: [request.http.httpVersion] }),
    });
    server = await serveAws(
      0,
      () => handler,
      (fault) => faults.push(fault),
    );
  });

  it('speaks HTTP/2 to the client that wants it, and HTTP/1.1 to others, on one port', async () => {
    const kinesis = new KinesisClient(client());
    const sqs = new SQSClient(client());
    const [{ StreamNames }, { QueueUrls }] = await Promise.all([
      kinesis.send(new ListStreamsCommand({})),
      sqs.send(new ListQueuesCommand({})),
    ]);
    kinesis.destroy();
    sqs.destroy();
    await server.close();
    expect([StreamNames, QueueUrls, faults]).toEqual([['2.0'], ['1.1'], []]);
  });

  it('sets no end to a connection that a client keeps', async () => {
    const answer = await fetch(`http://127.0.0.1:${server.port}`, { method: 'POST' });
    expect(answer.headers.get('keep-alive')).toBeNull();
    await server.close();
  });

  it('closes although clients keep their connections open', async () => {
    const sqs = new SQSClient(client());
    await sqs.send(new ListQueuesCommand({}));
    await expect(server.close()).resolves.toBeUndefined();
    sqs.destroy();
  });
});
