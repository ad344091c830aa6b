import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { freshStateDir } from '@saleslake/local/test/support/state-dir';
import { environment, sqsEvent, startLocalLake, type LocalLake } from './local-lake';

const ROWS = 400_000;
// As services/transformer/serverless.yml gives it.
const FUNCTION_MEGABYTES = 512;
const modules = join(__dirname, '../../../node_modules');

let folder: string;
let lake: LocalLake;
let sales: Buffer;

beforeAll(async () => {
  folder = freshStateDir();
  lake = await startLocalLake();
  sales = manySales();
  await build({
    entryPoints: [join(__dirname, 'run-handler.ts')],
    outfile: join(folder, 'run-handler.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['parquet-wasm', 'apache-arrow'],
    logLevel: 'error',
  });
});

afterAll(async () => {
  await lake.close();
  rmSync(folder, { recursive: true, force: true });
});

it.each(['fast', 'arrow'])(
  'transforms 100 MB over 90 days within the memory of the function (%s writer)',
  async (writer) => {
    const key = `raw/transactions/date=2026-03-01/large-${writer}.json`;
    const event = await lake.put(key, sales);
    const file = join(folder, `${writer}.json`);
    writeFileSync(file, JSON.stringify(sqsEvent(event)));

    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(folder, 'run-handler.js'), file],
      { env: { ...process.env, ...environment(lake.endpoint, writer), NODE_PATH: modules } },
    );

    const { peakMegabytes, ...response } = JSON.parse(stdout) as { peakMegabytes: number };
    expect(response).toEqual({ batchItemFailures: [] });
    expect(peakMegabytes).toBeLessThan(FUNCTION_MEGABYTES);
    const manifest = await lake.manifest(key);
    expect(manifest).toMatchObject({ rows: { in: ROWS, good: ROWS } });
    expect(manifest.outputs).toHaveLength(90);
  },
  // A few seconds where nothing else runs.
  90_000,
);

/** Sales of 250 bytes each, in no order of their days. */
function manySales(): Buffer {
  const bytes = Buffer.alloc(ROWS * 260);
  let end = 0;
  for (let i = 0; i < ROWS; i++) {
    const time = Date.UTC(2026, 0, 1 + ((i * 37) % 90), i % 24, i % 60);
    const id = `${String(i).padStart(8, '0')}-0000-4000-8000-000000000000`;
    end += bytes.write(
      `{"transaction_id":"${id}","timestamp":"${new Date(time).toISOString()}",` +
        `"customer_id":"C${String(i % 500).padStart(5, '0')}","product_id":"P${String(i % 97).padStart(5, '0')}",` +
        `"product_name":"Product number ${i % 97}","category":"Category ${i % 7}",` +
        `"quantity":2,"price":19.99,"total_amount":39.98}\n`,
      end,
    );
  }
  return bytes.subarray(0, end);
}
