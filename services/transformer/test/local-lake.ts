import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import type { AwsContext } from '@saleslake/local/src/core/aws-context';
import { realClock } from '@saleslake/local/src/core/clock';
import type { AwsEvent } from '@saleslake/local/src/core/event';
import { serveAws } from '@saleslake/local/src/core/http-server';
import { openS3 } from '@saleslake/local/src/s3/s3';
import { freshStateDir } from '@saleslake/local/test/support/state-dir';
import { manifestKey, parseManifest, type Manifest } from '@saleslake/shared/lake/manifest';
import { parseQuarantineFile, type QuarantineRecord } from '@saleslake/shared/lake/quarantine';
import { tableOfKey } from '@saleslake/shared/lake/table-of-key';
import { createS3Client } from '@saleslake/shared/runtime/clients';
import type { SQSEvent, SQSRecord } from 'aws-lambda';

export const RAW = 'lake-raw';
export const CURATED = 'lake-curated';

/** The environment of the function, of which the endpoint says where AWS is. */
export function environment(endpoint: string, writer: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    CURATED_BUCKET: CURATED,
    PARQUET_WRITER: writer,
    PARQUET_COMPRESSION: 'snappy',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
}

/** A raw and a curated bucket in a local S3 of their own; sets this process's environment. */
export async function startLocalLake(writer = 'fast') {
  const stateDir = freshStateDir();
  const events: AwsEvent[] = [];
  let endpoint = '';
  const context: AwsContext = {
    accountId: '000000000000',
    region: 'us-east-1',
    clock: realClock,
    stateDir,
    endpoint: () => endpoint,
    tell: () => undefined,
    authorize: () => undefined,
  };
  const local = openS3(context, (event) => events.push(event));
  const faults: unknown[] = [];
  const server = await serveAws(
    0,
    () => local.handler,
    (error) => faults.push(error),
  );
  endpoint = `http://127.0.0.1:${server.port}`;
  local.createBucket({ name: RAW, eventBridge: true });
  local.createBucket({ name: CURATED, eventBridge: false });
  Object.assign(process.env, environment(endpoint, writer));
  const s3 = createS3Client();

  async function readText(key: string): Promise<string> {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: CURATED, Key: key }));
    return Body!.transformToString();
  }

  return {
    endpoint,
    s3,
    /** Whose files are the objects of the curated bucket. */
    curatedFolder: local.bucketFolder(CURATED),
    /** Writes a raw object and gives the event that S3 announces it by. */
    async put(key: string, body: string | Uint8Array): Promise<AwsEvent> {
      await s3.send(new PutObjectCommand({ Bucket: RAW, Key: key, Body: Buffer.from(body) }));
      const event = events.findLast(({ detail }) => keyOf(detail) === key);
      if (!event) throw new Error(`S3 announced no object ${key}`);
      return event;
    },

    /** All keys of the curated bucket that start so, in their order. */
    async keys(prefix = ''): Promise<string[]> {
      const { Contents = [] } = await s3.send(
        new ListObjectsV2Command({ Bucket: CURATED, Prefix: prefix }),
      );
      return Contents.map(({ Key }) => Key!);
    },

    readText,

    async manifest(key: string): Promise<Manifest> {
      const at = manifestKey(tableOfKey(key), { bucket: RAW, key });
      return parseManifest(at, await readText(at));
    },

    /** What stands in quarantine because of a raw object. */
    async quarantined(key: string): Promise<QuarantineRecord[]> {
      const manifest = await this.manifest(key);
      const [output] = manifest.outputs.filter((out) => out.key.startsWith('quarantine/'));
      return output ? parseQuarantineFile(await readText(output.key)) : [];
    },

    /** Asks DuckDB, in whose SQL `transactions`, or another table, are the Parquet files on disk. */
    async query(sql: string, table = 'transactions'): Promise<Record<string, unknown>[]> {
      const instance = await DuckDBInstance.create();
      const connection = await instance.connect();
      try {
        const files = join(local.bucketFolder(CURATED), `processed/${table}/**/*.parquet`);
        await connection.run(
          `SET TimeZone = 'UTC';
           CREATE VIEW ${table} AS SELECT * FROM read_parquet('${files}', hive_partitioning = true,
             ${table === 'transactions' ? 'hive_types = {year: INT, month: INT, day: INT}, ' : ''}filename = true, file_row_number = true)`,
        );
        return (await connection.runAndReadAll(sql)).getRowObjectsJson();
      } finally {
        connection.closeSync();
        instance.closeSync();
      }
    },

    async close(): Promise<void> {
      s3.destroy();
      await server.close();
      rmSync(stateDir, { recursive: true, force: true });
      if (faults.length > 0) throw faults[0] as Error;
    },
  };
}

export type LocalLake = Awaited<ReturnType<typeof startLocalLake>>;

/** The batch in which Lambda is given these message bodies. */
export function sqsEvent(...bodies: (AwsEvent | string)[]): SQSEvent {
  const Records = bodies.map((body, i): SQSRecord => ({
    messageId: `message-${i}`,
    receiptHandle: `receipt-${i}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1772323200000',
      SenderId: 'AIDAEXAMPLE',
      ApproximateFirstReceiveTimestamp: '1772323200000',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:transformer-objects',
    awsRegion: 'us-east-1',
  }));
  return { Records };
}

function keyOf(detail: Record<string, unknown>): unknown {
  return (detail['object'] as { key?: unknown }).key;
}
