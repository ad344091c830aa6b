import { rmSync } from 'node:fs';
import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { S3Client } from '@aws-sdk/client-s3';
import type { Activity, AwsContext } from '../../src/core/aws-context';
import { ManualClock } from '../../src/core/clock';
import type { AwsEvent } from '../../src/core/event';
import { serveAws } from '../../src/core/http-server';
import { openS3, type S3 } from '../../src/s3/s3';
import { freshStateDir } from '../support/state-dir';

export const START = Date.parse('2026-01-02T03:04:05.678Z');
export const BUCKET = 'sales';

export interface Harness {
  s3: S3;
  client: S3Client;
  clock: ManualClock;
  stateDir: string;
  /** The events published, in order. */
  events: AwsEvent[];
  told: Activity[];
  /** What escaped as a fault of the emulator. */
  faults: unknown[];
  port: number;
  /** Sends a request as it stands, with nothing of the SDK in between. */
  send: (
    method: string,
    path: string,
    headers?: OutgoingHttpHeaders,
    body?: string | Buffer,
  ) => Promise<RawAnswer>;
}

export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface HarnessOptions {
  stateDir?: string;
  clock?: ManualClock;
  publish?: (event: AwsEvent) => void;
  authorize?: AwsContext['authorize'];
  region?: string;
}

// The SDK warns on the console of the errors that tests provoke.
const ignore = (): void => undefined;
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };

const opened: { close(): Promise<void> }[] = [];
const folders: string[] = [];

/** A local S3 of its own behind a real HTTP endpoint, with one bucket; `closeAll` ends it. */
export async function openHarness(options: HarnessOptions = {}): Promise<Harness> {
  const stateDir = options.stateDir ?? newFolder();
  const clock = options.clock ?? new ManualClock(START);
  const region = options.region ?? 'eu-central-1';
  const events: AwsEvent[] = [];
  const told: Activity[] = [];
  const faults: unknown[] = [];
  let port = 0;
  const context: AwsContext = {
    accountId: '123456789012',
    region,
    clock,
    stateDir,
    endpoint: () => `http://127.0.0.1:${port}`,
    tell: (activity) => told.push(activity),
    authorize: options.authorize ?? (() => undefined),
  };
  const s3 = openS3(context, options.publish ?? ((event) => events.push(event)));
  s3.createBucket({ name: BUCKET, eventBridge: true });
  s3.recover();
  const server = await serveAws(
    0,
    () => s3.handler,
    (error) => faults.push(error),
  );
  port = server.port;
  opened.push(server);
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    forcePathStyle: true,
    maxAttempts: 1,
    logger: SILENT,
  });
  opened.push({ close: () => Promise.resolve(client.destroy()) });
  return {
    s3,
    client,
    clock,
    stateDir,
    events,
    told,
    faults,
    port,
    send: (method, path, headers, body) => send(port, method, path, headers, body),
  };
}

export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((each) => each.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

export function newFolder(): string {
  const folder = freshStateDir();
  folders.push(folder);
  return folder;
}

/** The error that a promise rejects with, as the SDK sees it. */
export async function errorOf(promise: Promise<unknown>): Promise<{
  name: string;
  message: string;
  status: number | undefined;
}> {
  const error = await promise.then(
    () => {
      throw new Error('expected a rejection');
    },
    (reason: unknown) => reason as Error & { $metadata?: { httpStatusCode?: number } },
  );
  return { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode };
}

function send(
  port: number,
  method: string,
  path: string,
  headers: OutgoingHttpHeaders = {},
  body?: string | Buffer,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path, headers };
    const request = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}
