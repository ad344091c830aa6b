import { rmSync } from 'node:fs';
import { S3Client } from '@aws-sdk/client-s3';
import { freshStateDir } from '@saleslake/local/test/support/state-dir';
import { realClock } from '../../../local/src/core/clock';
import { serveAws } from '../../../local/src/core/http-server';
import { openS3 } from '../../../local/src/s3/s3';

export interface LocalS3 {
  endpoint: string;
  client: S3Client;
  close(): Promise<void>;
}

/** The local S3 on a free port and in a folder of its own, with one bucket. */
export async function startLocalS3(bucket: string): Promise<LocalS3> {
  const stateDir = freshStateDir();
  let endpoint = '';
  const s3 = openS3(
    {
      accountId: '000000000000',
      region: 'us-east-1',
      clock: realClock,
      stateDir,
      endpoint: () => endpoint,
      tell: () => undefined,
      authorize: () => undefined,
    },
    () => undefined,
  );
  s3.createBucket({ name: bucket, eventBridge: false });
  const faults: unknown[] = [];
  const server = await serveAws(
    0,
    () => s3.handler,
    (fault) => faults.push(fault),
  );
  endpoint = `http://127.0.0.1:${server.port}`;
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return {
    endpoint,
    client,
    async close() {
      client.destroy();
      await server.close();
      rmSync(stateDir, { recursive: true, force: true });
      if (faults.length > 0) throw new AggregateError(faults, 'The local S3 had faults.');
    },
  };
}
