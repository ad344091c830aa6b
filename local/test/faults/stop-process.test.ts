import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { FaultRule } from '../../src/faults/faults';
import { startProcess } from '../support/killable-process';
import { BUCKET, closeAll, newFolder, SILENT } from './faulty-aws';

afterEach(closeAll);

async function start(stateDir: string, rules: FaultRule[]) {
  const script = join(__dirname, 'faulty-process.ts');
  const { endpoint, exited } = await startProcess(script, stateDir, JSON.stringify(rules));
  const s3 = new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    forcePathStyle: true,
    maxAttempts: 1,
    logger: SILENT,
  });
  return { s3, exited };
}

describe('a process that is to stop', () => {
  it.each([
    ['before a call takes place', 'stop-process', false],
    ['after a call has taken place', 'stop-process-after', true],
  ] as const)(
    'is killed %s, once, and goes on when it is started again',
    async (_, fault, there) => {
      const stateDir = newFolder();
      const rules: FaultRule[] = [{ on: 's3:PutObject', subject: 'a', nth: 1, fault }];
      const put = new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'x' });
      const first = await start(stateDir, rules);
      await expect(first.s3.send(put)).rejects.toThrow();
      expect(await first.exited).toEqual([null, 'SIGKILL']);
      expect(existsSync(join(stateDir, 's3', BUCKET, 'a'))).toBe(there);

      const second = await start(stateDir, rules);
      await second.s3.send(put);
      expect(existsSync(join(stateDir, 's3', BUCKET, 'a'))).toBe(true);
    },
  );
});
