import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { realClock } from '@saleslake/local/src/core/clock';
import { serveAws } from '@saleslake/local/src/core/http-server';
import { openKinesis } from '@saleslake/local/src/kinesis/kinesis';
import { freshStateDir } from '@saleslake/local/test/support/state-dir';
import { createLogger } from '@saleslake/shared/runtime/logger';
import { openPutBack } from '../src/put-back';
import { base64, batch, PREFIX, type StreamName } from './events';

interface Sent {
  target: string;
  DeliveryStreamName: string;
  Records: { Data: string }[];
}

/** What AWS is asked, and the record contents that it refuses, each that many times. */
let sent: Sent[] = [];
let refusals = new Map<string, number>();
let denied = false;
let server: Server;

beforeAll(async () => {
  // Throttling of single records cannot be ordered of a real stream: so AWS is this.
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const target = String(request.headers['x-amz-target']);
      const input = JSON.parse(body) as Omit<Sent, 'target'>;
      sent.push({ target, ...input });
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      if (denied) {
        response.statusCode = 400;
        response.end('{"__type":"AccessDeniedException","message":"no"}');
        return;
      }
      const answers = input.Records.map(({ Data }) => {
        const left = refusals.get(Data) ?? 0;
        refusals.set(Data, left - 1);
        return left > 0 ? { ErrorCode: 'Throttled', ErrorMessage: 'slow down' } : { RecordId: 'x' };
      });
      response.end(JSON.stringify({ RequestResponses: answers }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

beforeEach(() => {
  setEndpoint((server.address() as AddressInfo).port);
  sent = [];
  refusals = new Map();
  denied = false;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

function setEndpoint(port: number): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
}

async function putBack(stream: StreamName, contents: string[]): Promise<boolean[]> {
  const logger = createLogger('test');
  logger.setLogLevel('SILENT');
  const event = batch(stream, contents.map(base64));
  return openPutBack(logger)(event, event.records);
}

describe('openPutBack, of a delivery stream that producers put into', () => {
  it('puts records as they came into the delivery stream', async () => {
    expect(await putBack('transactions', ['a', 'b'])).toEqual([true, true]);
    expect(sent).toEqual([
      {
        target: 'Firehose_20150804.PutRecordBatch',
        DeliveryStreamName: `${PREFIX}transactions`,
        Records: [{ Data: base64('a') }, { Data: base64('b') }],
      },
    ]);
  });

  it('puts again what was refused, and just that', async () => {
    refusals.set(base64('b'), 2);
    expect(await putBack('transactions', ['a', 'b', 'c'])).toEqual([true, true, true]);
    expect(sent.map(({ Records }) => Records.map(({ Data }) => Data))).toEqual([
      ['a', 'b', 'c'].map(base64),
      [base64('b')],
      [base64('b')],
    ]);
  });

  it('gives up on what is refused again and again, and says so', async () => {
    refusals.set(base64('b'), 100);
    expect(await putBack('transactions', ['a', 'b'])).toEqual([true, false]);
    expect(sent).toHaveLength(5);
  });

  it('says of no record that it was taken where it may not put any', async () => {
    denied = true;
    expect(await putBack('transactions', ['a', 'b'])).toEqual([false, false]);
  });

  it('sends no more than 500 records and 4 MiB at once', async () => {
    const many = Array.from({ length: 1100 }, (_, i) => String(i));
    const large = Array.from({ length: 5 }, () => 'x'.repeat(1_000_000));
    await putBack('transactions', [...many, ...large]);
    expect(sent.map(({ Records }) => Records.length)).toEqual([500, 500, 103, 2]);
    expect(sent.flatMap(({ Records }) => Records)).toHaveLength(1105);
  });
});

describe('openPutBack, of a delivery stream that reads Kinesis', () => {
  it('puts records there, under the partition keys that they had', async () => {
    const stateDir = freshStateDir();
    const kinesis = openKinesis({
      accountId: '000000000000',
      region: 'us-east-1',
      clock: realClock,
      stateDir,
      endpoint: () => '',
      tell: () => undefined,
      authorize: () => undefined,
    });
    const name = `${PREFIX}order-changes`;
    const arn = `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;
    kinesis.createStream({ name, arn, shardCount: 1, onDemand: true, retentionHours: 24 });
    const faults: unknown[] = [];
    const aws = await serveAws(
      0,
      () => kinesis.handler,
      (fault) => faults.push(fault),
    );
    setEndpoint(aws.port);
    expect(await putBack('order-events', ['a', 'b'])).toEqual([true, true]);
    const stream = kinesis.stream(name);
    const records = stream.shardIds().flatMap((shardId) => stream.read(shardId, 0, 10));
    expect(records.map(({ data, partitionKey }) => [data.toString(), partitionKey])).toEqual([
      ['a', 'order-0'],
      ['b', 'order-1'],
    ]);
    await aws.close();
    kinesis.close();
    rmSync(stateDir, { recursive: true });
    expect(faults).toEqual([]);
  });
});
