import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startLocalS3 } from './local-s3';

const MIB = 2 ** 20;
const day = { from: '2026-03-01', to: '2026-03-02' };

describe('the memory of a backfill', () => {
  it('does not grow with the object that it uploads', async () => {
    const s3 = await startLocalS3('saleslake-test-raw');
    try {
      const events = [100_000, 500_000].map((count) => JSON.stringify({ ...day, count }));
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['--import', 'tsx', join(__dirname, 'run-handler.ts'), ...events],
        {
          env: {
            ...process.env,
            AWS_ENDPOINT_URL: s3.endpoint,
            AWS_REGION: 'us-east-1',
            AWS_ACCESS_KEY_ID: 'test',
            AWS_SECRET_ACCESS_KEY: 'test',
            NODE_NO_WARNINGS: '1',
            RAW_BUCKET: 'saleslake-test-raw',
            TRANSACTIONS_PER_TICK: '100',
            SEED: 'saleslake',
          },
        },
      );
      const results = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
        bytes: number;
        peakBytes: number;
      }[];
      const [small = { bytes: 0, peakBytes: 0 }, large = small] = results;
      expect(large.bytes - small.bytes).toBeGreaterThan(90 * MIB);
      expect(large.peakBytes - small.peakBytes).toBeLessThan(70 * MIB);
    } finally {
      await s3.close();
    }
  }, 120_000);
});
