import { rmSync } from 'node:fs';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { ManualClock } from '@saleslake/local/src/core/clock';
import type { AwsEvent } from '@saleslake/local/src/core/event';
import { serveAws } from '@saleslake/local/src/core/http-server';
import { openS3 } from '@saleslake/local/src/s3/s3';
import { freshStateDir } from '@saleslake/local/test/support/state-dir';
import { readManifest } from '@saleslake/shared/lake/read-manifest';
import { parseReconciliationReport } from '@saleslake/shared/lake/reconciliation-report';
import { createS3Client } from '@saleslake/shared/runtime/clients';
import { environment, sqsEvent } from '../../transformer/test/local-lake';

export const START = Date.parse('2026-03-01T12:00:00Z');
export const MINUTE = 60_000;
export const RAW = 'lake-raw';
export const CURATED = 'lake-curated';

/**
 * Two buckets in a local S3 of their own, whose time stands still until it is moved on; S3's events
 * wait until they are delivered to the transformer, or lost.
 */
export async function startLocalLake() {
  const stateDir = freshStateDir();
  const clock = new ManualClock(START);
  const events: AwsEvent[] = [];
  const faults: unknown[] = [];
  let endpoint = '';
  const local = openS3(
    {
      accountId: '000000000000',
      region: 'us-east-1',
      clock,
      stateDir,
      endpoint: () => endpoint,
      tell: () => undefined,
      authorize: () => undefined,
    },
    (event) => events.push(event),
  );
  const server = await serveAws(
    0,
    () => local.handler,
    (fault) => faults.push(fault),
  );
  endpoint = `http://127.0.0.1:${server.port}`;
  local.createBucket({ name: RAW, eventBridge: true });
  local.createBucket({ name: CURATED, eventBridge: false });
  Object.assign(process.env, environment(endpoint, 'fast'), { RAW_BUCKET: RAW });
  const s3 = createS3Client();
  // It reads its environment when it is loaded.
  const { handler: transform } = await import('../../transformer/src/handler');

  return {
    s3,
    clock,
    buckets: { raw: RAW, curated: CURATED },
    /** Writes a raw object, or another where the bucket is named. */
    async put(Key: string, Body: string | Uint8Array, more: Partial<PutObjectCommandInput> = {}) {
      const object = { Bucket: RAW, Key, Body: Buffer.from(Body), ...more };
      await s3.send(new PutObjectCommand(object));
    },
    /** Has the transformer handle what S3 announced since the last time. @returns how many */
    async deliver(): Promise<number> {
      const some = events.splice(0);
      expect(await transform(sqsEvent(...some))).toEqual({ batchItemFailures: [] });
      return some.length;
    },
    /** Loses what S3 announced since the last time. */
    loseEvents(): void {
      events.splice(0);
    },
    manifest: (key: string) => readManifest(s3, { raw: RAW, curated: CURATED }, key),
    async read(Bucket: string, Key: string) {
      const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return { ...got, bytes: Buffer.from(await got.Body!.transformToByteArray()) };
    },
    async remove(Bucket: string, Key: string): Promise<void> {
      await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    },
    async report() {
      const { bytes } = await this.read(CURATED, 'reconciliation/latest.json');
      return parseReconciliationReport(bytes.toString());
    },
    async close(): Promise<void> {
      s3.destroy();
      await server.close();
      rmSync(stateDir, { recursive: true, force: true });
      if (faults.length > 0) throw new AggregateError(faults, 'The local S3 had faults.');
    },
  };
}

export type LocalLake = Awaited<ReturnType<typeof startLocalLake>>;
